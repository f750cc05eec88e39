"""What is to be sent is leased by one sender, and marked once."""

import asyncio
from dataclasses import replace

from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import MessageId
from bot.services.storage_port import Storage
from tests.storage.samples import CLEO, DANA, DAY, HOUR, MINUTE, NOW, outbox_row

ARRIVED = MessageId(1_400_000_000_000_000_001)


async def keep(storage: Storage, *rows: OutboxRow) -> None:
    async with storage.write() as unit:
        for row in rows:
            assert await unit.outbox.add(row)


async def test_key_is_kept_once(storage: Storage) -> None:
    row = outbox_row(storage)
    await keep(storage, row)
    async with storage.write() as unit:
        assert not await unit.outbox.add(replace(row, person=DANA))
        assert await unit.outbox.find(row.key) == row


async def test_crisis_goes_first_then_what_is_due_longest(storage: Storage) -> None:
    late, later = outbox_row(storage, due_at=NOW - HOUR), outbox_row(storage, due_at=NOW)
    alert = replace(outbox_row(storage), lane=Lane.CRISIS, kind=OutboxKind.ALERT)
    not_yet = outbox_row(storage, due_at=NOW + MINUTE)
    await keep(storage, later, late, not_yet, alert)
    async with storage.write() as unit:
        first = await unit.outbox.lease(NOW, NOW + MINUTE, 2)
        rest = await unit.outbox.lease(NOW, NOW + MINUTE, 10)
    assert [row.key for row in first] == [alert.key, late.key]
    assert [row.key for row in rest] == [later.key]
    assert (first[0].attempts, first[0].leased_until) == (1, NOW + MINUTE)


async def test_leased_row_is_nobody_elses_until_the_lease_ends(storage: Storage) -> None:
    await keep(storage, outbox_row(storage))
    async with storage.write() as unit:
        (first,) = await unit.outbox.lease(NOW, NOW + MINUTE, 10)
        assert await unit.outbox.lease(NOW, NOW + MINUTE, 10) == ()
        assert await unit.outbox.next_due_at() == NOW + MINUTE
        (second,) = await unit.outbox.lease(NOW + MINUTE, NOW + HOUR, 10)
    assert not first.may_have_arrived
    assert second.may_have_arrived
    assert (second.attempts, second.unsure_since_at) == (2, NOW)


async def test_many_senders_never_share_a_row(storage: Storage) -> None:
    await keep(storage, *(outbox_row(storage) for _ in range(20)))

    async def work() -> list[str]:
        async with storage.write() as unit:
            return [row.key for row in await unit.outbox.lease(NOW, NOW + MINUTE, 4)]

    keys = [key for found in await asyncio.gather(*(work() for _ in range(6))) for key in found]
    assert len(keys) == len(set(keys)) == 20


async def test_sent_row_is_done_and_marked_only_once(storage: Storage) -> None:
    row = outbox_row(storage)
    await keep(storage, row)
    async with storage.write() as unit:
        await unit.outbox.lease(NOW, NOW + MINUTE, 1)
        assert await unit.outbox.mark(row.key, DeliveryOutcome.SENT, NOW, ARRIVED)
        assert not await unit.outbox.mark(row.key, DeliveryOutcome.UNREACHABLE, NOW)
        assert await unit.outbox.lease(NOW + DAY, NOW + DAY, 1) == ()
        assert await unit.outbox.next_due_at() is None
        found = await unit.outbox.find(row.key)
    assert found is not None
    assert (found.outcome, found.message_id, found.done_at) == (
        DeliveryOutcome.SENT,
        ARRIVED,
        NOW,
    )


async def test_row_given_back_comes_again_without_doubt(storage: Storage) -> None:
    row = outbox_row(storage)
    await keep(storage, row)
    async with storage.write() as unit:
        await unit.outbox.lease(NOW, NOW + MINUTE, 1)
        assert await unit.outbox.retry(row.key, NOW + HOUR)
        assert await unit.outbox.lease(NOW, NOW + MINUTE, 1) == ()
        assert await unit.outbox.next_due_at() == NOW + HOUR
        (again,) = await unit.outbox.lease(NOW + HOUR, NOW + DAY, 1)
    assert not again.may_have_arrived
    assert again.attempts == 2


async def test_try_without_known_end_is_remembered_until_it_is_cleared_up(storage: Storage) -> None:
    row = outbox_row(storage)
    await keep(storage, row)
    async with storage.write() as unit:
        await unit.outbox.lease(NOW, NOW + MINUTE, 1)
        assert await unit.outbox.list_unsure(NOW) == ()
        assert await unit.outbox.retry(row.key, NOW + HOUR, is_unsure=True)
        (unsure,) = await unit.outbox.list_unsure(NOW)
        assert unsure.may_have_arrived
        assert unsure.unsure_since_at == NOW
        await unit.outbox.mark(row.key, DeliveryOutcome.SENT, NOW, ARRIVED)
        assert await unit.outbox.list_unsure(NOW) == ()


async def test_leases_of_a_dead_process_are_free_at_the_next_start(storage: Storage) -> None:
    row = outbox_row(storage)
    await keep(storage, row)
    async with storage.write() as unit:
        await unit.outbox.lease(NOW, NOW + MINUTE, 1)
    async with storage.write() as unit:
        assert await unit.outbox.release_all() == 1
        assert await unit.outbox.release_all() == 0
        (again,) = await unit.outbox.lease(NOW, NOW + MINUTE, 1)
    assert again.may_have_arrived


async def test_cancelled_rows_never_leave_but_what_is_under_way_stays(storage: Storage) -> None:
    away, waiting = outbox_row(storage), outbox_row(storage, due_at=NOW + HOUR)
    await keep(storage, away, waiting)
    async with storage.write() as unit:
        await unit.outbox.lease(NOW, NOW + MINUTE, 10)
        assert await unit.outbox.cancel(away.reference) == 0
        assert await unit.outbox.cancel(waiting.reference) == 1
        assert await unit.outbox.find(waiting.key) is None
        assert await unit.outbox.find(away.key) is not None


async def test_messages_of_one_kind_to_one_person_can_be_cancelled(storage: Storage) -> None:
    check_in, other = outbox_row(storage), outbox_row(storage, DANA)
    alert = replace(outbox_row(storage), kind=OutboxKind.ALERT)
    await keep(storage, check_in, other, alert)
    async with storage.write() as unit:
        assert await unit.outbox.cancel_for(CLEO, [OutboxKind.CHECK_IN, OutboxKind.HELLO]) == 1
        left = await unit.outbox.lease(NOW, NOW + MINUTE, 10)
    assert {row.key for row in left} == {other.key, alert.key}


async def test_done_rows_are_deleted_after_a_while(storage: Storage) -> None:
    done, waiting = outbox_row(storage), outbox_row(storage)
    await keep(storage, done, waiting)
    async with storage.write() as unit:
        await unit.outbox.mark(done.key, DeliveryOutcome.UNREACHABLE, NOW)
        assert await unit.outbox.delete_done_before(NOW + DAY) == 1
        assert await unit.outbox.find(done.key) is None
        assert await unit.outbox.find(waiting.key) == waiting


async def test_unknown_key_changes_nothing(storage: Storage) -> None:
    async with storage.write() as unit:
        assert not await unit.outbox.mark("unknown", DeliveryOutcome.SENT, NOW)
        assert not await unit.outbox.retry("unknown", NOW)
        assert await unit.outbox.find("unknown") is None
