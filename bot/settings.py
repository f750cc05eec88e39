"""Every option, read from the environment and `.env`; nothing else reads either."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from dotenv.parser import Binding, parse_stream
from pydantic import (
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from bot.core.errors import HandrailError

OUR_PREFIX = "HANDRAIL_"
MASTER_KEY_BYTES = 32


class SettingsError(HandrailError):
    """A setting is unknown or malformed; the text names it and says what to do."""


def _ids(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _switch(value: object) -> object:
    words = {"on": True, "yes": True, "off": False, "no": False}
    return words.get(value.lower(), value) if isinstance(value, str) else value


Ids = Annotated[tuple[int, ...], BeforeValidator(_ids)]
Switch = Annotated[bool, BeforeValidator(_switch)]


class Settings(BaseModel):
    """What the operator decided. Field names in upper case are the environment's."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    discord_token: SecretStr | None = None
    discord_api_base: AnyHttpUrl = AnyHttpUrl("https://discord.com/api/v10")
    handrail_guilds: Ids = ()
    handrail_message_content: Switch = False
    handrail_master_key: SecretStr | None = None
    handrail_master_key_old: SecretStr | None = None
    handrail_statement_accepted: Switch = False
    handrail_run_by: str = Field(default="", max_length=200)
    handrail_therapists: Ids = ()
    handrail_therapist_roles: Ids = ()
    database_url: SecretStr = SecretStr("sqlite:///data/handrail.db")
    handrail_data: Path = Path("data")
    handrail_lines_max_age_days: int = Field(default=183, ge=1, le=365)
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("handrail_master_key", "handrail_master_key_old")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not _is_hex_key(key.get_secret_value()):
            raise ValueError("must be 64 hexadecimal digits (32 random bytes)")
        return key

    @property
    def is_storing(self) -> bool:
        """Whether all is set that storing needs."""
        return not self.missing_for_storing

    @property
    def missing_for_storing(self) -> tuple[str, ...]:
        """The settings that storing needs and that are not set."""
        needed = {
            "HANDRAIL_MASTER_KEY": self.handrail_master_key is not None,
            "HANDRAIL_STATEMENT_ACCEPTED": self.handrail_statement_accepted,
            "HANDRAIL_RUN_BY": bool(self.handrail_run_by),
        }
        return tuple(key for key, is_set in needed.items() if not is_set)

    @property
    def token(self) -> str | None:
        """The bot's token, or None where none is set."""
        return self.discord_token.get_secret_value() if self.discord_token else None


def _is_hex_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == MASTER_KEY_BYTES
    except ValueError:
        return False


KEYS = tuple(name.upper() for name in Settings.model_fields)


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Read the environment over `env_file`; an empty value counts as not set.

    Raises SettingsError for a key nobody knows, a value of the wrong shape or a file that
    can't be read.
    """
    given = {**_read_env_file(env_file), **_ours(os.environ)}
    given = {key: value for key, value in given.items() if value.strip()}
    try:
        return Settings.model_validate({key.lower(): value for key, value in given.items()})
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from None


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path}: can't be read: save it as plain UTF-8 text.") from None
    return dict(_read_binding(path, binding) for binding in bindings if _says_something(binding))


def _says_something(binding: Binding) -> bool:
    return binding.error or binding.key is not None


def _read_binding(path: Path, binding: Binding) -> tuple[str, str]:
    # The line itself is not quoted: it may hold the token.
    line = f"{path}, line {binding.original.line}: "
    if binding.error or binding.key is None:
        raise SettingsError(f"{line}can't be understood: write NAME=value, one a line.")
    _check_known(binding.key, where=line)
    if binding.value is None:
        raise SettingsError(f'{line}{binding.key}: has no "=": write {binding.key}=value.')
    return binding.key, binding.value


def _ours(environment: Mapping[str, str]) -> dict[str, str]:
    for key in environment:
        if key.startswith(OUR_PREFIX):
            _check_known(key, where="")
    return {key: environment[key] for key in KEYS if key in environment}


def _check_known(key: str, *, where: str) -> None:
    if key in KEYS:
        return
    near = difflib.get_close_matches(key.upper(), KEYS, n=1)
    hint = f"did you mean {near[0]}?" if near else "config.example.env lists all settings."
    raise SettingsError(f"{where}{key}: is not a setting of Handrail; {hint}")


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_input=False, include_url=False)[0]
    key = str(problem["loc"][0]).upper()
    says = problem["msg"].removeprefix("Value error, ")
    return f"{key}: {says[:1].lower()}{says[1:]}; see config.example.env."
