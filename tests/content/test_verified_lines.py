"""What an operator verified survives crashes, stays private, and is never half-read."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from bot.content.verified_lines import FILE_NAME, load_verifications, save_verifications
from bot.core.crisis_resource_rows import Verification, Verifications
from bot.core.errors import ContentError
from bot.core.people import CountryCode

GB = CountryCode("GB")
MADE = Verification(GB, "Samaritans", "call 116 123; hours 24/7", "Ola Ærø", date(2026, 11, 23))
VERIFIED: Verifications = {(GB, "Samaritans"): MADE}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / FILE_NAME


def test_what_was_saved_is_read_back(path: Path) -> None:
    save_verifications(path, VERIFIED)

    assert load_verifications(path) == VERIFIED


def test_nothing_is_verified_where_there_is_no_file_yet(path: Path) -> None:
    assert load_verifications(path) == {}


def test_only_the_operator_can_read_the_file(path: Path) -> None:
    save_verifications(path, VERIFIED)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_crash_while_saving_leaves_the_old_file_and_no_litter(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_verifications(path, VERIFIED)

    def fail(_handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        save_verifications(path, {})

    assert load_verifications(path) == VERIFIED
    assert [each.name for each in path.parent.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("", "file"),
        ("{", "file"),
        ("[]", "file"),
        ("{}", "rows"),
        ('{"rows": [{"country": "GB"}]}', "rows.0.row"),
        ('{"rows": [], "more": 1}', "more"),
    ],
)
def test_damaged_file_is_named_and_the_text_says_what_to_do(
    path: Path, content: str, field: str
) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ContentError, match="verify your lines again") as refused:
        load_verifications(path)

    assert (refused.value.file, refused.value.field) == (str(path), field)


def test_unreadable_file_is_named(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(ContentError, match="can't be read"):
        load_verifications(path)
