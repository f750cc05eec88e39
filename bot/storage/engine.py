"""Connections to either database, and what their refusals mean to an operator."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.services.storage_port import StorageBusy, StorageError
from bot.storage.tables import KEY_SCHEMA

READ_CONNECTIONS = 4
POSTGRES_CONNECTIONS = 8
BUSY_SECONDS = 5
CONNECT_SECONDS = 10
OWNER_ONLY = 0o600
# SQLite keeps the kind of an error in the low byte of its code.
PRIMARY_CODE = 0xFF

PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)

WRONG_URL = "DATABASE_URL: write sqlite:///path/to/handrail.db or postgresql://name@host/database."
BUSY = "The database is locked by another process: wait for it to end, then try again."
FULL = "The disk is full: make room where the database is, then start again."
NOT_A_DATABASE = "{path} is not a database of Handrail: name another file in DATABASE_URL."
DAMAGED = "{path} is damaged: restore it from a backup."
NO_ACCESS = "{path} can't be opened or written: check that it exists and who owns it."
UNREACHABLE = "PostgreSQL can't be reached: check that it runs and that DATABASE_URL is right."
REFUSED = "PostgreSQL refused the name, the password or the database: check DATABASE_URL."

_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_NOTADB: NOT_A_DATABASE,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: NO_ACCESS,
    sqlite3.SQLITE_READONLY: NO_ACCESS,
    sqlite3.SQLITE_IOERR: NO_ACCESS,
    sqlite3.SQLITE_PERM: NO_ACCESS,
}
# Classes and codes of SQLSTATE; the longest that fits counts.
_OF_POSTGRES = {
    "08": UNREACHABLE,
    "28": REFUSED,
    "3D": REFUSED,
    "42501": REFUSED,
    "40": BUSY,
    "55": BUSY,
    "53": UNREACHABLE,
    "53100": FULL,
    "57": UNREACHABLE,
}


@dataclass(frozen=True, slots=True)
class Database:
    """Where everything is kept; `path` is None on PostgreSQL."""

    url: URL
    path: Path | None

    @property
    def is_postgres(self) -> bool:
        """Tell which of the two it is."""
        return self.path is None

    @property
    def key_path(self) -> Path | None:
        """The file of the keys, beside the database."""
        return self.path and self.path.with_name(f"{self.path.name}.keys")


def find_database(url: str) -> Database:
    """Read DATABASE_URL; raises StorageError where it means neither database."""
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        raise StorageError(WRONG_URL) from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return Database(parsed.set(drivername="sqlite+aiosqlite"), Path(parsed.database))
        case "postgresql":
            return Database(parsed.set(drivername="postgresql+asyncpg"), None)
        case _:
            raise StorageError(WRONG_URL)


def open_writer(database: Database) -> AsyncEngine:
    """Return connections for writing: on SQLite just one, whose transactions lock at once."""
    if database.is_postgres:
        return _open_postgres(database, POSTGRES_CONNECTIONS)
    return _open_sqlite(database.url, begin="BEGIN IMMEDIATE", connections=1)


def open_readers(database: Database) -> AsyncEngine:
    """Return connections for reading, which no writer keeps waiting."""
    if database.is_postgres:
        engine = _open_postgres(database, POSTGRES_CONNECTIONS)
        return engine.execution_options(postgresql_readonly=True)
    engine = _open_sqlite(database.url, begin="BEGIN", connections=READ_CONNECTIONS)
    event.listen(engine.sync_engine, "connect", _refuse_changes)
    return engine


def open_keys(database: Database) -> AsyncEngine:
    """Return connections to the keys, which live apart from everything else."""
    if database.is_postgres:
        return _open_postgres(database, 2)
    url = database.url.set(database=str(database.key_path))
    engine = _open_sqlite(url, begin="BEGIN IMMEDIATE", connections=1)
    return engine.execution_options(schema_translate_map={KEY_SCHEMA: None})


@asynccontextmanager
async def begin(engine: AsyncEngine, database: Database) -> AsyncIterator[AsyncConnection]:
    """Open one transaction: kept at the end, undone on any error."""
    with telling(database):
        connection = await _connect(engine)
        try:
            async with connection.begin():
                yield connection
        finally:
            await connection.close()


@contextmanager
def telling(database: Database) -> Iterator[None]:
    """Turn what a database refuses into StorageError; a mistake of ours stays what it is."""
    try:
        yield
    except DBAPIError as error:
        says = _find_meaning(error)
        if says is None:
            raise
        kind = StorageBusy if says is BUSY else StorageError
        raise kind(says.format(path=database.path)) from None


async def _connect(engine: AsyncEngine) -> AsyncConnection:
    connection = engine.connect()
    try:
        return await connection.start()
    except OSError:
        # A refused or unknown host; TimeoutError is one of them.
        raise StorageError(UNREACHABLE) from None


def _find_meaning(error: DBAPIError) -> str | None:
    cause: BaseException | None = error.orig
    while cause is not None:
        if isinstance(cause, sqlite3.Error):
            return _OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE)
        state = getattr(cause, "sqlstate", None)
        if isinstance(state, str):
            return _meaning_of_state(state)
        cause = cause.__cause__
    return UNREACHABLE if error.connection_invalidated else None


def _meaning_of_state(state: str) -> str | None:
    return _OF_POSTGRES.get(state) or _OF_POSTGRES.get(state[:2])


def _open_postgres(database: Database, connections: int) -> AsyncEngine:
    return create_async_engine(
        database.url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        # Compiling pays off for reports; here it would make each first statement slow.
        connect_args={"timeout": CONNECT_SECONDS, "server_settings": {"jit": "off"}},
    )


def _open_sqlite(url: URL, *, begin: str, connections: int) -> AsyncEngine:
    # Python's own driver would begin late and without a lock: it is told to leave that to us.
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        connect_args={"isolation_level": None},
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)

    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "begin", begin_transaction)
    return engine


def prepare_files(database: Database) -> None:
    """Make the folder and the files, for their owner only; raises StorageError where it can't."""
    for path in (database.path, database.key_path):
        if path is None:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=OWNER_ONLY)
        except OSError:
            raise StorageError(NO_ACCESS.format(path=path)) from None


def truncate_log(path: Path) -> bool:
    """Move what SQLite wrote beside the file into it and empty that; False while it is read."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(PRAGMAS[0])
        held, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not held


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _refuse_changes(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()
