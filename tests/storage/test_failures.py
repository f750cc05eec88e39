"""What an operator is told when the database can't be used: one line that says what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.people import PersonId
from bot.services.storage_port import StorageBusy, StorageError
from bot.storage import engine
from bot.storage.encryption import MasterKeys
from bot.storage.engine import find_database
from bot.storage.sql_storage import open_storage
from tests.storage.conftest import MASTER
from tests.storage.postgres_server import PostgresServer
from tests.storage.samples import CLEO, NOW, pair


@pytest.mark.parametrize(
    "url", ["", "handrail.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "::"]
)
def test_address_of_no_known_database_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match="DATABASE_URL"):
        find_database(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_postgres_may_be_written_in_every_usual_way(scheme: str) -> None:
    database = find_database(f"{scheme}://me:secret@host/handrail")
    assert database.is_postgres
    assert database.url.drivername == "postgresql+asyncpg"
    assert "secret" not in repr(database)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = ("PRAGMA busy_timeout = 30", *engine.PRAGMAS[1:])
    monkeypatch.setattr(engine, "PRAGMAS", quick)


@pytest.fixture
def locked(sqlite_url: str, impatient: None) -> Iterator[sqlite3.Connection]:
    """Another process that writes into the same file."""
    path = find_database(sqlite_url).path
    with closing(sqlite3.connect(f"{path}", isolation_level=None)) as other:
        yield other


async def test_locked_database_is_said_and_works_again_after(
    sqlite_url: str, locked: sqlite3.Connection
) -> None:
    storage = await open_storage(sqlite_url, MasterKeys(MASTER))
    locked.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy, match="locked by another process"):
        async with storage.write():
            pass
    async with storage.read() as unit:
        assert await unit.people.find(CLEO) is None
    locked.execute("ROLLBACK")
    async with storage.write() as unit:
        await unit.people.confirm_adult(CLEO, NOW)
    await storage.close()


async def test_full_disk_is_said_and_nothing_is_half_written(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = find_database(sqlite_url).path
    with closing(sqlite3.connect(f"{path}")) as file:
        (pages,) = file.execute("PRAGMA page_count").fetchone()
    storage = await open_storage(sqlite_url, MasterKeys(MASTER))
    await pair(storage)
    await storage.close()
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, f"PRAGMA max_page_count = {pages}"))
    storage = await open_storage(sqlite_url, MasterKeys(MASTER))

    async def fill() -> None:
        async with storage.write() as unit:
            for number in range(200):
                await unit.people.choose_zone(PersonId(number), "x" * 60, NOW)

    with pytest.raises(StorageError, match="disk is full"):
        await fill()
    async with storage.read() as unit:
        assert await unit.people.find(PersonId(0)) is None
    await storage.close()


async def test_file_that_is_something_else_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("shopping: bread, milk, and a long list of other things\n" * 40)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not a database"):
        await open_storage(f"sqlite:///{path}", MasterKeys(MASTER))
    assert path.read_bytes() == before


async def test_folder_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="can't be opened or written"):
        await open_storage(f"sqlite:///{tmp_path}/file/handrail.db", MasterKeys(MASTER))


async def test_postgres_that_does_not_run_is_said(tmp_path: Path) -> None:
    for place in (f"@/handrail?host={tmp_path}", "@127.0.0.1:1/handrail"):
        with pytest.raises(StorageError, match="PostgreSQL can't be reached"):
            await open_storage(f"postgresql://me{place}", MasterKeys(MASTER))


async def test_unknown_database_of_postgres_is_said(postgres: PostgresServer) -> None:
    with pytest.raises(StorageError, match="refused"):
        await open_storage(postgres.url("nowhere"), MasterKeys(MASTER))


async def test_postgres_may_restart_under_a_running_bot(
    postgres: PostgresServer, postgres_url: str
) -> None:
    storage = await open_storage(postgres_url, MasterKeys(MASTER))
    plan = await pair(storage)
    postgres.stop()
    with pytest.raises(StorageError, match="PostgreSQL can't be reached"):
        async with storage.write():
            pass
    postgres.start()
    async with storage.read() as unit:
        assert await unit.check_in_plans.find(plan.id) == plan
    await storage.close()
