"""Keeps what the operator has verified in one JSON file that only they can read."""

import json
import os
import tempfile
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.crisis_resource_rows import Verification, Verifications
from bot.core.errors import ContentError
from bot.core.people import CountryCode

FILE_NAME = "verified_lines.json"
WHAT_TO_DO = "put back a good copy, or move the file away and verify your lines again"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    country: str = Field(pattern=r"^[A-Z]{2}$")
    row: str = Field(min_length=1)
    fingerprint: str = Field(min_length=1)
    verified_by: str = Field(min_length=1)
    verified_on: date

    def to_core(self) -> Verification:
        country = CountryCode(self.country)
        return Verification(country, self.row, self.fingerprint, self.verified_by, self.verified_on)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    rows: list[_Row]


def load_verifications(path: Path) -> Verifications:
    """Read what was verified; empty where there is no file yet.

    Raises ContentError for a file that can't be read or trusted. The bot can go on with none:
    then only emergency numbers and high-confidence lines are shown.
    """
    try:
        rows = _File.model_validate_json(path.read_bytes()).rows
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ContentError(str(path), "file", f"can't be read; {WHAT_TO_DO}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        raise ContentError(str(path), field, f"{first['msg']}; {WHAT_TO_DO}") from error
    return {(CountryCode(row.country), row.row): row.to_core() for row in rows}


def save_verifications(path: Path, verifications: Verifications) -> None:
    """Replace the file whole, for this operator's eyes only; a crash leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes the file readable by its owner only (0600).
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_as_json(verifications))
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _as_json(verifications: Verifications) -> str:
    rows = [
        {
            "country": each.country,
            "row": each.row,
            "fingerprint": each.fingerprint,
            "verified_by": each.verified_by,
            "verified_on": each.verified_on.isoformat(),
        }
        for _, each in sorted(verifications.items())
    ]
    return json.dumps({"rows": rows}, ensure_ascii=False, indent=2) + "\n"


def _sync_folder(folder: Path) -> None:
    # Without this a power cut may forget the new name although the file was written.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
