"""Bringing the tables up to date, in a short child process, so that its memory is given back."""

import asyncio
import sys

from sqlalchemy import Connection, inspect, text

from bot.services.storage_port import StorageError
from bot.storage.engine import Database, begin, open_keys, open_writer, prepare_files
from bot.storage.tables import KEY_SCHEMA

# The last step of each part, so that a start finds without Alembic that there is nothing to do.
NEWEST = {"database": "0001", "keys": "0001"}

NEWER_SCHEMA = (
    "This database was written by a newer Handrail: update Handrail,"
    " or restore the backup from before."
)
FAILED = (
    "The tables could not be brought up to date, and nothing was changed:"
    " restore the backup, or go back to the version before."
)


async def migrate(database: Database) -> None:
    """Make or change the tables as this version needs them; quick where nothing is to do.

    Raises StorageError with one line where that can't be done; then nothing was changed.
    """
    prepare_files(database)
    if not await is_up_to_date(database):
        await _migrate_in_child(database)


async def is_up_to_date(database: Database) -> bool:
    """Tell whether both parts stand at their newest step."""
    engines = {"database": open_writer(database), "keys": open_keys(database)}
    try:
        for part, engine in engines.items():
            async with begin(engine, database) as connection:
                if await connection.run_sync(_find_version, part) != NEWEST[part]:
                    return False
    finally:
        for engine in engines.values():
            await engine.dispose()
    return True


def _find_version(connection: Connection, part: str) -> str | None:
    in_schema = part == "keys" and connection.dialect.name == "postgresql"
    schema = KEY_SCHEMA if in_schema else None
    if not inspect(connection).has_table("alembic_version", schema=schema):
        return None
    table = f"{schema}.alembic_version" if schema else "alembic_version"
    found: str | None = connection.execute(
        text(f"SELECT version_num FROM {table}")  # noqa: S608 - one of two fixed names
    ).scalar()
    return found


async def _migrate_in_child(database: Database) -> None:
    # The address goes through a pipe: a command line can be read by everyone on the machine.
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.storage.migrations",
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    url = database.url.render_as_string(hide_password=False)
    _, errors = await child.communicate(url.encode())
    if child.returncode != 0:
        raise StorageError(_last_line(errors.decode(errors="replace")))


def _last_line(errors: str) -> str:
    lines = errors.strip().splitlines()
    # A traceback is not for operators; whatever we know how to say is one line by itself.
    return lines[0] if len(lines) == 1 else FAILED
