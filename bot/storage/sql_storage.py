"""The storage over SQLite or PostgreSQL: who may write when, and what erasing takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
    suppress,
)
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.erasures import Erasure
from bot.core.people import PersonId
from bot.services.storage_port import Export, StorageBusy
from bot.storage.encryption import MasterKeys, keyed_hash, new_code, new_id
from bot.storage.engine import (
    READ_CONNECTIONS,
    Database,
    begin,
    find_database,
    open_keys,
    open_readers,
    open_writer,
    truncate_log,
)
from bot.storage.erasures import hash_person
from bot.storage.export_and_erase import delete_person, export_person, needs_key
from bot.storage.migrations import migrate
from bot.storage.person_keys import PersonKeys
from bot.storage.sql_unit_of_work import SqlUnitOfWork
from bot.storage.transaction import Transaction

STILL_READ = (
    "Everything is deleted, but another process still reads the files it was in:"
    " end it, then start Handrail again."
)


@dataclass(slots=True)
class SqlStorage:
    """One database with its keys; made by `open_storage`."""

    database: Database
    _writer: AsyncEngine
    _reader: AsyncEngine
    _key_engine: AsyncEngine
    _keys: PersonKeys
    _lookup_key: bytes = b""
    # SQLite lets one write at a time: waiting here is fair and costs nothing.
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_CONNECTIONS))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlUnitOfWork]:
        """Open one short transaction: kept whole at the end, undone whole on any error."""
        async with self._turn_to_write(), self._begin(self._writer, is_writing=True) as unit:
            yield unit

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """Open a view to read from, beside any writing."""
        turn = nullcontext() if self.database.is_postgres else self._reading
        async with turn, self._begin(self._reader, is_writing=False) as unit:
            yield unit

    def new_id(self) -> str:
        """Return a random url-safe id of 22 characters."""
        return new_id()

    def new_code(self) -> str:
        """Return a random invitation code."""
        return new_code()

    def hash_code(self, code: str) -> str:
        """Return the keyed hash under which a normalised code is kept."""
        return keyed_hash(self._lookup_key, "code", code)

    async def erase(self, person: PersonId, at: datetime) -> None:
        """Delete every row that names the person, their key, and what the files still held."""
        entry = hash_person(self._lookup_key, person)
        # One turn for all of it: nobody writes for the person with a key that is about to go.
        async with self._turn_to_write():
            async with self._begin(self._writer, is_writing=True) as unit:
                await unit.erasures.add(Erasure(entry, at, is_complete=False))
                await delete_person(unit.transaction, person)
            await self._keys.delete(person)
            async with self._begin(self._writer, is_writing=True) as unit:
                await unit.erasures.add(Erasure(entry, at))
        await self._truncate_logs()

    async def export(self, person: PersonId) -> Export:
        """Return everything about the person in readable form, without other people's ids."""
        async with self.read() as unit:
            return await export_person(unit.transaction, person)

    async def rewrap_keys(self) -> int:
        """Put every key under the current master key; return how many were under an older one."""
        return await self._keys.rewrap()

    async def start(self) -> None:
        """Bring the tables up to date, check the master key, complete what was interrupted.

        Raises StorageError with one line where that can't be done.
        """
        await migrate(self.database)
        self._lookup_key = await self._keys.lookup_key()
        await self._finish_erasures()
        # Files that somebody reads just now must not keep the bot from starting.
        with suppress(StorageBusy):
            await self._truncate_logs()

    async def close(self) -> None:
        """Let go of the database."""
        for engine in (self._writer, self._reader, self._key_engine):
            await engine.dispose()

    def _turn_to_write(self) -> AbstractAsyncContextManager[None]:
        return nullcontext() if self.database.is_postgres else self._writing

    @asynccontextmanager
    async def _begin(
        self, engine: AsyncEngine, *, is_writing: bool
    ) -> AsyncIterator[SqlUnitOfWork]:
        async with begin(engine, self.database) as connection:
            transaction = Transaction(connection, self._keys, is_writing)
            yield SqlUnitOfWork(transaction, self._lookup_key)

    async def _finish_erasures(self) -> None:
        async with self.read() as unit:
            listed = await unit.erasures.list_all()
        interrupted = {each.person_hash: each for each in listed if not each.is_complete}
        if not interrupted:
            return
        for owner in await self._keys.list_people():
            if hash_person(self._lookup_key, owner) in interrupted:
                await self._delete_unused_key(owner)
        async with self.write() as unit:
            for erasure in interrupted.values():
                await unit.erasures.add(replace(erasure, is_complete=True))

    async def _delete_unused_key(self, person: PersonId) -> None:
        async with self.read() as unit:
            # Whoever came back meanwhile has rows that only this key opens.
            is_used = await needs_key(unit.transaction, person)
        if not is_used:
            await self._keys.delete(person)

    async def _truncate_logs(self) -> None:
        if self.database.path is None or self.database.key_path is None:
            return
        async with self._writing, self._no_readers():
            for path in (self.database.path, self.database.key_path):
                if not await asyncio.to_thread(truncate_log, path):
                    raise StorageBusy(STILL_READ)

    @asynccontextmanager
    async def _no_readers(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as held:
            for _ in range(READ_CONNECTIONS):
                await held.enter_async_context(self._reading)
            yield


def make_storage(url: str, masters: MasterKeys) -> SqlStorage:
    """Make the storage of the database at `url`; nothing is read before `start`.

    Raises StorageError with one line where `url` means no database.
    """
    database = find_database(url)
    keys = open_keys(database)
    writer, reader = open_writer(database), open_readers(database)
    return SqlStorage(database, writer, reader, keys, PersonKeys(keys, database, masters))


async def open_storage(url: str, masters: MasterKeys) -> SqlStorage:
    """Open the database at `url`, bringing its tables up to date first.

    Raises StorageError with one line where that can't be done.
    """
    storage = make_storage(url, masters)
    try:
        await storage.start()
    except BaseException:
        await storage.close()
        raise
    return storage
