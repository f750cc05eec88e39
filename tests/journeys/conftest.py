"""The real bot in a simulated Discord, with one clock for both."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import discord
import pytest
import time_machine
from pydantic import SecretStr

from bot.app import Content, build_bot, load_content
from bot.discord_io.client import HandrailBot
from bot.rehearsal.flow import Patience, PatientEnv
from bot.settings import Settings
from bot.storage.engine import find_database
from bot.storage.migrations.steps import bring_up_to_date
from tests.journeys.people import Client, Practice, Stage

# SimCord's fixed start.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE = Patience(altogether_seconds=2.0, rest_seconds=0.5)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.slow)


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
    async with open_stage(lambda _: build) as stage:
        yield stage


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no rows; the keys lie beside it."""
    path = tmp_path_factory.mktemp("template") / "handrail.db"
    asyncio.run(bring_up_to_date(find_database(f"sqlite:///{path}")))
    return path


@pytest.fixture
async def practice(
    content: Content, empty_database: Path, tmp_path: Path
) -> AsyncIterator[Practice]:
    """A bot that stores, with Thea the therapist, and Cleo, Sam and Dana who know nothing yet."""
    for ending in ("", ".keys"):
        shutil.copy(f"{empty_database}{ending}", tmp_path / f"handrail.db{ending}")

    def begin(stage: Stage) -> Callable[[], HandrailBot]:
        thea = stage.client("thea")
        settings = Settings(
            handrail_data=tmp_path,
            handrail_master_key=SecretStr("5a" * 32),
            handrail_statement_accepted=True,
            handrail_run_by="Harbour Practice, harbour@example.org",
            handrail_therapists=(thea.user.id,),
            database_url=SecretStr(f"sqlite:///{tmp_path}/handrail.db"),
        )
        people.append(thea)
        return lambda: build_bot(settings, content)

    people: list[Client] = []
    async with open_stage(begin) as stage:
        cleo, sam, dana = (stage.client(name) for name in ("cleo", "sam", "dana"))
        yield Practice(stage, people[0], cleo, sam, dana)


@asynccontextmanager
async def open_stage(
    begin: Callable[[Stage], Callable[[], HandrailBot]],
) -> AsyncIterator[Stage]:
    """Open a world; `begin` may put people there and returns what builds its bots."""
    with time_machine.travel(EPOCH, tick=False) as traveller:
        nobody = discord.Client(intents=discord.Intents(guilds=True))
        env = PatientEnv(nobody)
        env.be_patient(PATIENCE)
        advance = env.backend.advance_clock

        def follow(seconds: float) -> None:
            advance(seconds)
            traveller.move_to(env.now())

        env.backend.advance_clock = follow  # type: ignore[method-assign] # one clock for both
        stage = Stage(env)
        stage.build = begin(stage)
        env.bot = stage.build()
        await env.start()
        yield stage
        await env.bot.close()
        await env.shutdown()
        env.raise_errors()


@pytest.fixture
async def cleo(stage: Stage) -> Client:
    """A client in her DM, who has never written before."""
    return stage.client("cleo")
