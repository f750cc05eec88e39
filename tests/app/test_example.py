"""`config.example.env` works as it is told to: copied, filled in, started."""

import os
import re
from pathlib import Path

import pytest

from bot.settings import KEYS, Settings, load_settings
from tests.architecture.sources import ROOT
from tests.wire.discord_server import WireDiscord
from tests.wire.process import OURS, BotProcess

EXAMPLE = (ROOT / "config.example.env").read_text(encoding="utf-8")


def filled_in(folder: Path, **values: str) -> Path:
    """Copy the example to `.env`, writing values where an operator would."""
    text = EXAMPLE
    for key, value in values.items():
        text, count = re.subn(rf"^{key}=.*$", f"{key}={value}", text, flags=re.MULTILINE)
        assert count == 1, key
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)


@pytest.mark.usefixtures("_empty_environment")
def test_as_it_is_it_says_what_holds_without_it(tmp_path: Path) -> None:
    assert load_settings(filled_in(tmp_path)) == Settings()


@pytest.mark.usefixtures("_empty_environment")
def test_every_line_can_be_filled_in(tmp_path: Path) -> None:
    settings = load_settings(
        filled_in(
            tmp_path,
            DISCORD_TOKEN="a.token",
            HANDRAIL_GUILDS="1, 2",
            HANDRAIL_MESSAGE_CONTENT="on",
            HANDRAIL_MASTER_KEY="0f" * 32,
            HANDRAIL_STATEMENT_ACCEPTED="yes",
            HANDRAIL_MASTER_KEY_OLD="f0" * 32,
            HANDRAIL_RUN_BY="A practice, practice@example.org",
            HANDRAIL_THERAPISTS="3",
            HANDRAIL_THERAPIST_ROLES="4, 5",
            DATABASE_URL="postgresql://a:b@127.0.0.1/handrail",
            HANDRAIL_DATA="elsewhere",
            HANDRAIL_LINES_MAX_AGE_DAYS="30",
            LOG_FORMAT="json",
            LOG_LEVEL="DEBUG",
            DISCORD_API_BASE="http://127.0.0.1:8080/api/v10",
        )
    )

    assert {key for key in KEYS if getattr(settings, key.lower()) == default(key)} == set()


def default(key: str) -> object:
    return Settings.model_fields[key.lower()].default


@pytest.mark.slow
async def test_the_bot_starts_from_it(tmp_path: Path) -> None:
    """A real process, with nothing in its environment that the file could have said."""
    async with WireDiscord() as discord:
        given = discord.environment
        filled_in(tmp_path, **{key: value for key, value in given.items() if key in KEYS})
        process = BotProcess(OURS, {"PATH": os.environ["PATH"]}, tmp_path)
        await process.start()
        try:
            await process.ready(discord)
        finally:
            ended = await process.terminate()

    assert ended == 0
    assert "Off, because not set" in process.out
