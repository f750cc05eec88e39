"""What is left in the files, and what a crash in the middle of erasing leaves to be finished."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import func, select

from bot.core.people import PersonId
from bot.services.storage_port import StorageBusy
from bot.storage import engine
from bot.storage.encryption import MasterKeys
from bot.storage.engine import find_database, open_keys
from bot.storage.person_keys import PersonKeys
from bot.storage.sql_storage import SqlStorage, open_storage
from bot.storage.tables import metadata
from tests.storage.conftest import MASTER
from tests.storage.samples import (
    CLEO,
    CLEOS_NAME,
    LABEL,
    NAME,
    NOW,
    SAM,
    SAMS_NAME,
    THEA,
    WORDS,
    live_a_little,
)


class Crashed(Exception):
    """The process ended here."""


async def crash(_: PersonKeys, __: PersonId) -> NoReturn:
    raise Crashed


async def key_owners(url: str) -> frozenset[PersonId]:
    database = find_database(url)
    keys = open_keys(database)
    owners = await PersonKeys(keys, database, MasterKeys(MASTER)).list_people()
    await keys.dispose()
    return owners


@pytest.fixture
def files(sqlite_url: str) -> list[Path]:
    path = find_database(sqlite_url).path
    assert path is not None
    return [path.with_name(path.name + end) for end in ("", "-wal", ".keys", ".keys-wal")]


def in_files(files: list[Path], sought: bytes) -> bool:
    return any(sought in path.read_bytes() for path in files if path.exists())


async def test_words_never_stand_in_the_files(files: list[Path], sqlite: SqlStorage) -> None:
    await live_a_little(sqlite)
    for words in (LABEL, NAME, WORDS, SAMS_NAME, CLEOS_NAME, "need_help", "suicide"):
        assert not in_files(files, words.encode())


async def test_erasing_leaves_no_trace_of_the_person_in_the_files(
    files: list[Path], sqlite: SqlStorage
) -> None:
    await live_a_little(sqlite)
    as_stored = CLEO.to_bytes(8, "big")
    async with sqlite.read() as unit:
        (link,) = await unit.care_links.list_by_client(CLEO)
    assert in_files(files, as_stored)
    assert in_files(files, link.id.encode())
    await sqlite.erase(CLEO, NOW)
    assert not in_files(files, as_stored)
    assert not in_files(files, link.id.encode())


async def test_erasing_waits_for_readers(sqlite: SqlStorage) -> None:
    """A reader that began before it keeps old pages alive: erasing ends after it has."""
    await live_a_little(sqlite)
    async with sqlite.read() as unit:
        assert await unit.care_links.list_by_client(CLEO)
        erasing = asyncio.ensure_future(sqlite.erase(CLEO, NOW))
        await asyncio.sleep(0.05)
        assert not erasing.done()
    await erasing


async def test_files_that_another_process_still_reads_are_said_and_emptied_later(
    files: list[Path], sqlite: SqlStorage, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live_a_little(sqlite)
    monkeypatch.setattr(engine, "PRAGMAS", ("PRAGMA busy_timeout = 30", *engine.PRAGMAS[1:]))
    with closing(sqlite3.connect(files[0], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM care_links").fetchall()
        with pytest.raises(StorageBusy, match="another process"):
            await sqlite.erase(CLEO, NOW)
    as_stored = CLEO.to_bytes(8, "big")
    assert in_files(files, as_stored)
    await (await open_storage(sqlite_url, MasterKeys(MASTER))).close()
    assert not in_files(files, as_stored)


async def test_person_who_came_back_after_a_crash_keeps_what_is_new(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crash left the old key behind, and the new rows were encrypted with it."""
    storage = await open_storage(url, MasterKeys(MASTER))
    await live_a_little(storage)
    with monkeypatch.context() as patched:
        patched.setattr(PersonKeys, "delete", crash)
        with pytest.raises(Crashed):
            await storage.erase(CLEO, NOW)
    await live_a_little(storage)
    await storage.close()
    storage = await open_storage(url, MasterKeys(MASTER))
    async with storage.read() as unit:
        (link,) = await unit.care_links.list_by_client(CLEO)
        (entry,) = await unit.erasures.list_all()
    await storage.close()
    assert link.therapist_name == NAME
    assert entry.is_complete


async def test_key_that_outlived_a_crash_is_deleted_at_the_next_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = await open_storage(url, MasterKeys(MASTER))
    await live_a_little(storage)
    with monkeypatch.context() as patched:
        patched.setattr(PersonKeys, "delete", crash)
        with pytest.raises(Crashed):
            await storage.erase(CLEO, NOW)
    assert CLEO in await key_owners(url)
    await storage.close()
    storage = await open_storage(url, MasterKeys(MASTER))
    assert CLEO not in await key_owners(url)
    assert THEA in await key_owners(url)
    await storage.close()


async def test_no_row_is_left_when_everybody_is_erased(sql: SqlStorage) -> None:
    await live_a_little(sql)
    for person in (CLEO, THEA, SAM):
        await sql.erase(person, NOW)
    async with sql.read() as unit:
        counts = {
            table.name: (
                await unit.transaction.connection.execute(select(func.count()).select_from(table))
            ).scalar()
            for table in metadata.sorted_tables
        }
    assert {name: count for name, count in counts.items() if count} == {"erasures": 3}
