"""Whom a client chose, and the alerts to them."""

import asyncio
from dataclasses import replace

from bot.core.designated_contacts import TellMode
from bot.core.escalations import ClosedBecause
from bot.core.outbox import DeliveryOutcome
from bot.services.storage_port import Storage
from tests.storage.samples import (
    CLEO,
    DANA,
    HOUR,
    MINUTE,
    NOW,
    SAM,
    alert,
    contact,
    escalation,
    tell,
)


async def test_contact_is_seen_from_both_sides(storage: Storage) -> None:
    chosen = contact(storage)
    async with storage.write() as unit:
        await unit.contacts.add(chosen)
    async with storage.read() as unit:
        assert await unit.contacts.find(chosen.id) == chosen
        assert await unit.contacts.list_by_client(CLEO) == (chosen,)
        assert await unit.contacts.list_by_contact(SAM) == (chosen,)
        assert await unit.contacts.list_by_contact(DANA) == ()


async def test_changed_contact_replaces_what_was_kept(storage: Storage) -> None:
    chosen = contact(storage)
    changed = replace(
        chosen,
        mode=TellMode.ONLY_WHEN_I_PRESS,
        silence=None,
        may_be_danger=True,
        accepted_at=NOW,
        reachable_at=NOW + MINUTE,
    )
    async with storage.write() as unit:
        await unit.contacts.add(chosen)
        await unit.contacts.update(changed)
        assert await unit.contacts.list_active() == (changed,)
        ended = replace(changed, ended_at=NOW + HOUR)
        await unit.contacts.update(ended)
        assert await unit.contacts.list_active() == ()
        assert await unit.contacts.list_by_client(CLEO) == (ended,)


async def test_escalation_is_kept_with_its_steps_in_their_order(storage: Storage) -> None:
    chosen, opened = contact(storage), escalation(storage)
    steps = [alert(storage, opened, chosen, number) for number in (2, 1)]
    async with storage.write() as unit:
        await unit.contacts.add(chosen)
        assert await unit.escalations.open(opened, steps)
    async with storage.read() as unit:
        assert await unit.escalations.find(opened.id) == opened
        assert await unit.escalations.list_by_client(CLEO, 5) == (opened,)
        assert await unit.escalations.list_by_client(DANA, 5) == ()
        assert await unit.escalations.list_open() == (opened,)
        assert await unit.escalations.steps(opened.id) == (steps[1], steps[0])
        assert await unit.escalations.find_step(steps[0].key) == steps[0]


async def test_alert_recorded_twice_is_one_alert(storage: Storage) -> None:
    """It left before it was written down, and may be written down again after a restart."""
    step = await tell(storage)
    again = escalation(storage)
    async with storage.write() as unit:
        found = await unit.escalations.find(step.escalation)
        assert found is not None
        assert not await unit.escalations.open(found, [step])
        assert not await unit.escalations.open(again, [replace(step, escalation=again.id)])
        assert not await unit.escalations.add_step(step)
        assert not await unit.escalations.add_step(replace(step, number=2))
        assert len(await unit.escalations.list_open()) == 1


async def test_two_workers_that_record_one_alert_keep_it_once(storage: Storage) -> None:
    chosen, opened = contact(storage), escalation(storage)
    step = alert(storage, opened, chosen)
    async with storage.write() as unit:
        await unit.contacts.add(chosen)

    async def record() -> bool:
        async with storage.write() as unit:
            return await unit.escalations.open(opened, [step])

    recorded = await asyncio.gather(*(record() for _ in range(4)))
    assert sorted(recorded) == [False, False, False, True]


async def test_later_step_is_added(storage: Storage) -> None:
    step = await tell(storage)
    later = replace(step, number=2, key=storage.new_id(), due_at=NOW + HOUR)
    async with storage.write() as unit:
        assert await unit.escalations.add_step(later)
        assert await unit.escalations.steps(step.escalation) == (step, later)


async def test_step_and_escalation_tell_what_is_known(storage: Storage) -> None:
    step = await tell(storage)
    told = replace(step, outcome=DeliveryOutcome.SENT, sent_at=NOW, acknowledged_at=NOW + MINUTE)
    async with storage.write() as unit:
        opened = await unit.escalations.find(step.escalation)
        assert opened is not None
        closed = replace(opened, closed_at=NOW + MINUTE, closed_because=ClosedBecause.ACKNOWLEDGED)
        await unit.escalations.update_step(told)
        await unit.escalations.update(closed)
    async with storage.read() as unit:
        assert await unit.escalations.steps(step.escalation) == (told,)
        assert await unit.escalations.find(step.escalation) == closed
        assert await unit.escalations.list_open() == ()


async def test_two_taps_at_once_are_taken_one_after_the_other(storage: Storage) -> None:
    """Whoever reads a step inside `write` sees what the other has done to it."""
    step = await tell(storage)

    async def tap() -> bool:
        async with storage.write() as unit:
            found = await unit.escalations.find_step(step.key)
            if found is None or found.acknowledged_at is not None:
                return False
            await asyncio.sleep(0.005)
            await unit.escalations.update_step(replace(found, acknowledged_at=NOW))
            return True

    assert sorted(await asyncio.gather(tap(), tap(), tap())) == [False, False, True]
