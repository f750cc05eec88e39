"""One suite over three storages: in memory, on SQLite and on PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.services.storage_port import Storage
from bot.storage.encryption import MasterKeys
from bot.storage.engine import Database, begin, find_database, open_writer
from bot.storage.migrations.steps import bring_up_to_date
from bot.storage.sql_storage import SqlStorage, open_storage
from bot.storage.tables import key_metadata, metadata
from tests.storage.memory import MemoryStorage
from tests.storage.postgres_server import PostgresServer, find_programs, running_postgres

MASTER = "5a" * 32


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no rows; the keys lie beside it."""
    path = tmp_path_factory.mktemp("template") / "handrail.db"
    asyncio.run(bring_up_to_date(find_database(f"sqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed (on Debian: apt-get install postgresql)")
    with running_postgres(programs) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    name = postgres.create()
    asyncio.run(bring_up_to_date(find_database(postgres.url(name))))
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    for ending in ("", ".keys"):
        shutil.copy(f"{sqlite_template}{ending}", tmp_path / f"handrail.db{ending}")
    return f"sqlite:///{tmp_path}/handrail.db"


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> str:
    """The one database of all tests, emptied: making one for each costs too much time."""
    found = postgres.url(postgres_template)
    asyncio.run(_empty(find_database(found)))
    return found


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with all tables and no rows."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def sql(url: str) -> AsyncIterator[SqlStorage]:
    """A storage on each real database."""
    storage = await open_storage(url, MasterKeys(MASTER))
    yield storage
    await storage.close()


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[SqlStorage]:
    """A storage on SQLite."""
    opened = await open_storage(sqlite_url, MasterKeys(MASTER))
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> str | None:
    """A database with all tables and no rows; None is memory."""
    if request.param == "memory":
        return None
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def storage(place: str | None) -> AsyncIterator[Storage]:
    """The same promises, wherever things are kept."""
    opened = MemoryStorage() if place is None else await open_storage(place, MasterKeys(MASTER))
    yield opened
    await opened.close()


async def _empty(database: Database) -> None:
    # Deleting a few rows is much quicker than truncating that many tables.
    tables = [*reversed(metadata.sorted_tables), *key_metadata.sorted_tables]
    engine = open_writer(database)
    async with begin(engine, database) as connection:
        for table in tables:
            await connection.execute(delete(table))
    await engine.dispose()
