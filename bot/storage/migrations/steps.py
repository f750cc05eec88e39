"""Runs Alembic over one connection, all or nothing; loaded only where there is something to do."""

from collections.abc import Callable
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateSchema

from bot.services.storage_port import StorageError
from bot.storage.engine import Database, begin, open_keys, open_writer, prepare_files
from bot.storage.migrations import NEWER_SCHEMA
from bot.storage.tables import KEY_SCHEMA

HERE = Path(__file__).parent
# Any fixed number: it keeps two processes that start at once from doing the same steps.
POSTGRES_LOCK = 4_815_162_342
CONNECTION = "connection"

Step = Callable[[Config, str], None]


async def bring_up_to_date(database: Database, target: str = "head") -> None:
    """Take both databases up to `target`; raises StorageError where that can't be done."""
    prepare_files(database)
    await _change(database, target, command.upgrade)


async def take_back(database: Database, target: str = "base") -> None:
    """Take both databases back to `target`, with what its later tables held."""
    await _change(database, target, command.downgrade)


async def _change(database: Database, target: str, step: Step) -> None:
    for part, engine in (("database", open_writer(database)), ("keys", open_keys(database))):
        try:
            async with begin(engine, database) as connection:
                await connection.run_sync(_run, HERE / part, target, step)
        finally:
            await engine.dispose()


def _run(connection: Connection, folder: Path, target: str, step: Step) -> None:
    config = Config()
    # A per cent sign would be read as the beginning of a name.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes[CONNECTION] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRES_LOCK})
        connection.execute(CreateSchema(KEY_SCHEMA, if_not_exists=True))
    try:
        step(config, target)
    except CommandError:
        # The only thing that our own steps can't do is to start from one that they do not know.
        raise StorageError(NEWER_SCHEMA) from None


def run_steps(config: Config, metadata: MetaData, *, schema: str | None) -> None:
    """Run the steps over the connection that the caller opened, inside its transaction."""
    connection = config.attributes[CONNECTION]
    on_postgres = connection.dialect.name == "postgresql"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=schema if on_postgres else None,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
