"""A wrong setting is one clear line; a right one counts."""

from pathlib import Path

import pytest

from bot.settings import KEYS, SettingsError, load_settings

SECRET = "very-secret-token"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)


def write(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / ".env")

    assert settings.token is None
    assert settings.log_format == "text"
    assert not settings.handrail_message_content


def test_values_are_read_from_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"# a comment\n\nexport DISCORD_TOKEN='{SECRET}'\nHANDRAIL_GUILDS=1, 2 3\n"
        "HANDRAIL_MESSAGE_CONTENT=on\nLOG_FORMAT=json\nHANDRAIL_MASTER_KEY=\n",
    )

    settings = load_settings(path)

    assert settings.token == SECRET
    assert settings.handrail_guilds == (1, 2, 3)
    assert settings.handrail_message_content
    assert settings.handrail_master_key is None


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "ERROR")

    assert load_settings(write(tmp_path, "LOG_LEVEL=DEBUG")).log_level == "ERROR"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("HANDRAIL_GUILD=1", "line 1: HANDRAIL_GUILD: is not a setting of Handrail; did you mean"),
        ("\nPATH=/x", "PATH: is not a setting of Handrail; config.example"),
        (f"DISCORD_TOKEN='{SECRET}\nLOG_FORMAT=text", "line 1: can't be understood"),
        ("LOG_FORMAT", 'LOG_FORMAT: has no "="'),
        ("LOG_FORMAT=xml", "LOG_FORMAT: "),
        ("HANDRAIL_GUILDS=one", "HANDRAIL_GUILDS: "),
        ("HANDRAIL_MESSAGE_CONTENT=perhaps", "HANDRAIL_MESSAGE_CONTENT: "),
        (f"HANDRAIL_MASTER_KEY={SECRET}", "HANDRAIL_MASTER_KEY: must be 64 hexadecimal digits"),
        ("HANDRAIL_LINES_MAX_AGE_DAYS=0", "HANDRAIL_LINES_MAX_AGE_DAYS: "),
        ("DISCORD_API_BASE=nowhere", "DISCORD_API_BASE: "),
    ],
)
def test_wrong_file_is_one_line_that_names_the_place_and_quotes_no_value(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(write(tmp_path, text))

    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert SECRET not in str(raised.value)


def test_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(path)


def test_misspelt_setting_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDRAIL_DATE", "x")

    with pytest.raises(SettingsError, match="did you mean HANDRAIL_DATA"):
        load_settings(tmp_path / ".env")


def test_secrets_are_not_in_what_a_settings_value_prints(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, f"DISCORD_TOKEN={SECRET}"))

    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
