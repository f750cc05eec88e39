"""The real bot in a simulated Discord, with one clock for both."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
import simcord
import time_machine

from bot.app import Content, build_bot, load_content
from bot.discord_io.client import HandrailBot
from bot.settings import Settings
from tests.journeys.people import Client, Stage

# SimCord's fixed start.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE_SECONDS = 2.0


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(handrail_data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def content(settings: Settings) -> Content:
    return load_content(settings)


@pytest.fixture
def build(settings: Settings, content: Content) -> Callable[[], HandrailBot]:
    return lambda: build_bot(settings, content)


@pytest.fixture
async def stage(build: Callable[[], HandrailBot]) -> AsyncIterator[Stage]:
    """A world with one server and nobody in it yet."""
    with time_machine.travel(EPOCH, tick=False) as traveller:
        env = simcord.Env(build(), settle_timeout=PATIENCE_SECONDS)
        advance = env.backend.advance_clock

        def follow(seconds: float) -> None:
            advance(seconds)
            traveller.move_to(env.now())

        env.backend.advance_clock = follow  # type: ignore[method-assign] # one clock for both
        await env.start()
        stage = Stage(env, build)
        yield stage
        await env.bot.close()
        await env.shutdown()
        env.raise_errors()


@pytest.fixture
async def cleo(stage: Stage) -> Client:
    """A client in her DM, who has never written before."""
    return stage.client("cleo")
