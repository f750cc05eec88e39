"""What a unit of work promises: all or nothing, and reading beside writing."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy.exc import DBAPIError

from bot.core.consents import Scope
from bot.core.people import PersonId
from bot.services.storage_port import Storage, StorageError
from bot.storage.sql_storage import SqlStorage
from tests.storage.samples import CLEO, NOW, care_link


class Interrupted(Exception):
    """Something went wrong in the middle."""


async def test_nothing_is_kept_of_a_unit_that_failed(storage: Storage) -> None:
    link = care_link(storage)

    async def fail() -> None:
        async with storage.write() as unit:
            await unit.care_links.add(link)
            await unit.consents.give(CLEO, Scope.CHECK_INS, NOW)
            raise Interrupted

    with pytest.raises(Interrupted):
        await fail()
    async with storage.read() as unit:
        assert await unit.care_links.find(link.id) is None
        assert not (await unit.consents.of(CLEO)).covers(Scope.CHECK_INS)


async def test_nothing_is_kept_of_a_unit_that_was_cancelled(storage: Storage) -> None:
    started = asyncio.Event()

    async def write() -> None:
        async with storage.write() as unit:
            await unit.consents.give(CLEO, Scope.CHECK_INS, NOW)
            started.set()
            await asyncio.sleep(60)

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(write())
        await started.wait()
        task.cancel()
    async with storage.write() as unit:
        assert not (await unit.consents.of(CLEO)).covers(Scope.CHECK_INS)
        await unit.consents.give(CLEO, Scope.HISTORY, NOW)
    async with storage.read() as unit:
        assert (await unit.consents.of(CLEO)).covers(Scope.HISTORY)


async def test_cancelling_at_any_moment_leaves_the_storage_usable(sql: SqlStorage) -> None:
    async def write() -> None:
        async with sql.write() as unit:
            await unit.people.confirm_adult(CLEO, NOW)

    for turns in range(25):
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(write())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await write()
    async with sql.read() as unit:
        assert await unit.people.find(CLEO) is not None


async def test_reading_goes_on_while_somebody_writes(storage: Storage) -> None:
    async with storage.write() as writing:
        await writing.consents.give(CLEO, Scope.CHECK_INS, NOW)
        async with storage.read() as reading:
            assert not (await reading.consents.of(CLEO)).covers(Scope.CHECK_INS)
    async with storage.read() as reading:
        assert (await reading.consents.of(CLEO)).covers(Scope.CHECK_INS)


async def test_nothing_is_changed_through_a_view_for_reading(storage: Storage) -> None:
    with pytest.raises((PermissionError, StorageError, DBAPIError)):
        async with storage.read() as unit:
            await unit.people.confirm_adult(CLEO, NOW)
    async with storage.read() as unit:
        assert await unit.people.find(CLEO) is None


async def test_ids_are_random_and_fit_every_button(storage: Storage) -> None:
    ids = {storage.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(each) <= 22 and ":" not in each for each in ids)


async def test_fifty_writers_at_once_all_succeed(storage: Storage) -> None:
    people = [PersonId(CLEO + number) for number in range(50)]

    async def write(number: int) -> None:
        async with storage.write() as unit:
            await unit.people.confirm_adult(people[number], NOW)

    await asyncio.gather(*(write(number) for number in range(50)))
    async with storage.read() as unit:
        found = [await unit.people.find(person) for person in people]
    assert all(found)
