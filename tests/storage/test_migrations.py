"""Tables are made, changed and taken back, on both databases."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.services.storage_port import StorageError
from bot.storage import migrations
from bot.storage.encryption import MasterKeys
from bot.storage.engine import Database, begin, find_database, open_keys, open_writer
from bot.storage.migrations import NEWEST, is_up_to_date, migrate
from bot.storage.migrations.steps import HERE, bring_up_to_date, take_back
from bot.storage.sql_storage import open_storage
from bot.storage.tables import KEY_SCHEMA, key_metadata, metadata
from tests.storage.conftest import MASTER
from tests.storage.postgres_server import PostgresServer
from tests.storage.samples import CLEO, pair


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A place where nothing is yet."""
    if request.param == "sqlite":
        return find_database(f"sqlite:///{tmp_path}/new/handrail.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return find_database(server.url(server.create()))


async def table_names(database: Database) -> set[str]:
    def names(connection: Connection) -> set[str]:
        found = inspect(connection)
        return set(found.get_table_names()) - {"alembic_version"}

    engine = open_writer(database)
    async with begin(engine, database) as connection:
        found = await connection.run_sync(names)
    await engine.dispose()
    return found


async def test_every_step_goes_up_down_and_up_again(empty: Database) -> None:
    everything = {table.name for table in metadata.sorted_tables}
    await bring_up_to_date(empty)
    assert await table_names(empty) == everything
    assert await is_up_to_date(empty)
    await take_back(empty)
    assert await table_names(empty) == set()
    assert not await is_up_to_date(empty)
    await bring_up_to_date(empty)
    assert await table_names(empty) == everything


async def test_steps_make_exactly_the_tables_of_the_code(url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    database = find_database(url)
    engine = open_writer(database)
    async with begin(engine, database) as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_steps_make_exactly_the_tables_of_the_keys(url: str) -> None:
    def columns(connection: Connection) -> dict[str, set[str]]:
        schema = KEY_SCHEMA if connection.dialect.name == "postgresql" else None
        found = inspect(connection)
        return {
            table.name: {each["name"] for each in found.get_columns(table.name, schema)}
            for table in key_metadata.sorted_tables
        }

    database = find_database(url)
    engine = open_keys(database)
    async with begin(engine, database) as connection:
        assert await connection.run_sync(columns) == {
            table.name: set(table.columns.keys()) for table in key_metadata.sorted_tables
        }
    await engine.dispose()


@pytest.mark.parametrize("part", sorted(NEWEST))
def test_start_knows_the_newest_step(part: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(HERE / part))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST[part]


async def test_first_start_makes_everything_and_the_next_finds_it(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty.url.render_as_string(hide_password=False)
    storage = await open_storage(url, MasterKeys(MASTER))
    plan = await pair(storage)
    await storage.close()

    async def refuse(_: Database) -> None:
        raise AssertionError("nothing is to be done")

    monkeypatch.setattr(migrations, "_migrate_in_child", refuse)
    storage = await open_storage(url, MasterKeys(MASTER))
    async with storage.read() as unit:
        assert await unit.check_in_plans.list_by_client(CLEO) == (plan,)
    await storage.close()


async def test_database_of_a_newer_version_is_left_alone(url: str) -> None:
    database = find_database(url)
    engine = open_writer(database)
    async with begin(engine, database) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer Handrail"):
        await migrate(database)
    async with begin(engine, database) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    await engine.dispose()


async def test_steps_that_fail_change_nothing_and_say_so_in_one_line(empty: Database) -> None:
    await bring_up_to_date(empty)
    await take_back(empty)
    engine = open_writer(empty)
    async with begin(engine, empty) as connection:
        await connection.execute(text("CREATE TABLE check_ins (id INTEGER)"))
    await engine.dispose()
    with pytest.raises(StorageError, match="nothing was changed") as error:
        await migrate(empty)
    assert "\n" not in str(error.value)
    assert await table_names(empty) == {"check_ins"}


async def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "handrail.db"
    await bring_up_to_date(find_database(f"sqlite:///{path}"))
    modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert modes == {"handrail.db": 0o600, "handrail.db.keys": 0o600}


async def test_keys_lie_apart_from_what_they_open(sqlite_url: str) -> None:
    path = find_database(sqlite_url).path
    with sqlite3.connect(f"{path}") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    database.close()
    assert not tables & {"person_keys", "lookup_keys"}
