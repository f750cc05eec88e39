"""Plans and check-ins: what is due is claimed once, and answered once."""

import asyncio
from dataclasses import replace

from bot.core.check_ins import Answer, CheckInState
from bot.services.storage_port import Storage
from tests.storage.samples import (
    CLEO,
    DANA,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    THEA,
    care_link,
    check_in,
    check_in_plan,
    outbox_row,
    pair,
    send_check_in,
)


async def test_plan_comes_back_as_it_was_agreed(storage: Storage) -> None:
    plan = await pair(storage)
    async with storage.read() as unit:
        assert await unit.check_in_plans.find(plan.id) == plan
        assert await unit.check_in_plans.list_by_link(plan.link) == (plan,)
        assert await unit.check_in_plans.list_by_client(CLEO) == (plan,)
        assert await unit.check_in_plans.list_by_therapist(THEA) == (plan,)
        assert await unit.check_in_plans.list_by_client(DANA) == ()


async def test_changed_plan_replaces_what_was_kept(storage: Storage) -> None:
    plan = await pair(storage)
    changed = replace(
        plan,
        words="",
        template="evening",
        schedule=replace(plan.schedule, rule="", until_local=None),
        paused_until=NOW + DAY,
        is_paused_open_ended=True,
        stopped_at=NOW,
        stopped_by=CLEO,
        next_due_at=None,
    )
    async with storage.write() as unit:
        await unit.check_in_plans.update(changed)
    async with storage.read() as unit:
        assert await unit.check_in_plans.find(plan.id) == changed


async def test_longest_due_plans_come_first_and_no_more_than_asked(storage: Storage) -> None:
    plans = [await pair(storage) for _ in range(3)]
    due = [NOW, NOW - HOUR, NOW + MINUTE]
    async with storage.write() as unit:
        for plan, at in zip(plans, due, strict=True):
            await unit.check_in_plans.update(replace(plan, next_due_at=at))
    async with storage.write() as unit:
        found = await unit.check_in_plans.find_due(NOW, 10)
        assert [plan.id for plan in found] == [plans[1].id, plans[0].id]
        assert [plan.id for plan in await unit.check_in_plans.find_due(NOW, 1)] == [plans[1].id]


async def test_earliest_due_time_is_known(storage: Storage) -> None:
    async with storage.read() as unit:
        assert await unit.check_in_plans.next_due_at() is None
    await pair(storage)
    async with storage.read() as unit:
        assert await unit.check_in_plans.next_due_at() == NOW


async def test_claim_writes_check_in_outbox_row_and_next_due_time(storage: Storage) -> None:
    plan = await pair(storage)
    sent = await send_check_in(storage, plan)
    async with storage.read() as unit:
        assert await unit.check_ins.find(sent.id) == sent
        assert await unit.check_ins.find_by_key(sent.key) == sent
        row = await unit.outbox.find(sent.key)
        assert row is not None
        assert row.reference == sent.id
        assert await unit.check_in_plans.next_due_at() == NOW + DAY


async def test_due_time_is_claimed_only_once(storage: Storage) -> None:
    plan = await pair(storage)
    await send_check_in(storage, plan)
    again, row = check_in(storage, plan), outbox_row(storage)
    async with storage.write() as unit:
        assert not await unit.check_ins.claim(replace(plan, next_due_at=NOW + DAY), again, row)
    async with storage.read() as unit:
        assert await unit.outbox.find(row.key) is None
        assert len(await unit.check_ins.list_by_plan(plan.id, 10)) == 1


async def test_due_time_that_was_claimed_is_never_claimed_again_after_a_step_back(
    storage: Storage,
) -> None:
    """Even if a plan's due time is set back, its check-in stays one."""
    plan = await pair(storage)
    await send_check_in(storage, plan)
    async with storage.write() as unit:
        await unit.check_in_plans.update(plan)
    again = check_in(storage, plan)
    async with storage.write() as unit:
        assert not await unit.check_ins.claim(plan, again, outbox_row(storage))


async def test_plan_stopped_meanwhile_is_not_claimed(storage: Storage) -> None:
    plan = await pair(storage)
    async with storage.write() as unit:
        await unit.check_in_plans.update(replace(plan, stopped_at=NOW, next_due_at=None))
    async with storage.write() as unit:
        claimed = await unit.check_ins.claim(plan, check_in(storage, plan), outbox_row(storage))
        assert not claimed
    async with storage.read() as unit:
        assert await unit.outbox.next_due_at() is None


async def test_two_workers_claim_a_check_in_once(storage: Storage) -> None:
    plan = await pair(storage)

    async def work() -> int:
        async with storage.write() as unit:
            due = await unit.check_in_plans.find_due(NOW, 10)
            claims = [
                await unit.check_ins.claim(
                    replace(each, next_due_at=NOW + DAY), check_in(storage, each), None
                )
                for each in due
            ]
            return sum(claims)

    claimed = await asyncio.gather(*(work() for _ in range(4)))
    assert sum(claimed) == 1
    async with storage.read() as unit:
        assert len(await unit.check_ins.list_by_client(CLEO, 10)) == 1
        assert await unit.check_in_plans.find_due(NOW, 10) == ()
        found = await unit.check_in_plans.find(plan.id)
        assert found is not None
        assert found.next_due_at == NOW + DAY


async def test_only_the_first_answer_counts(storage: Storage) -> None:
    sent = await send_check_in(storage, await pair(storage))
    async with storage.write() as unit:
        assert await unit.check_ins.answer(sent.id, Answer.NOT_GREAT, NOW + MINUTE)
        assert not await unit.check_ins.answer(sent.id, Answer.OKAY, NOW + HOUR)
    async with storage.read() as unit:
        found = await unit.check_ins.find(sent.id)
    assert found == replace(
        sent,
        state=CheckInState.ANSWERED,
        answered_at=NOW + MINUTE,
        answer=Answer.NOT_GREAT,
    )


async def test_answer_is_not_undone_by_a_later_report_of_the_sending(storage: Storage) -> None:
    sent = await send_check_in(storage, await pair(storage))
    async with storage.write() as unit:
        assert await unit.check_ins.set_state(sent.id, CheckInState.SENT, sent_at=NOW)
        assert await unit.check_ins.answer(sent.id, Answer.OKAY, NOW + MINUTE)
        assert not await unit.check_ins.set_state(sent.id, CheckInState.UNKNOWN)
    async with storage.read() as unit:
        found = await unit.check_ins.find(sent.id)
    assert found is not None
    assert (found.state, found.sent_at) == (CheckInState.ANSWERED, NOW)


async def test_latest_check_ins_come_first(storage: Storage) -> None:
    plan = await pair(storage)
    first = await send_check_in(storage, plan)
    second = await send_check_in(storage, replace(plan, next_due_at=NOW + DAY))
    async with storage.read() as unit:
        assert await unit.check_ins.list_by_plan(plan.id, 10) == (second, first)
        assert await unit.check_ins.list_by_link(plan.link, 10) == (second, first)
        assert await unit.check_ins.list_by_client(CLEO, 1) == (second,)


async def test_unanswered_check_ins_are_found(storage: Storage) -> None:
    plan = await pair(storage)
    first = await send_check_in(storage, plan)
    await send_check_in(storage, replace(plan, next_due_at=NOW + DAY))
    async with storage.write() as unit:
        await unit.check_ins.set_state(first.id, CheckInState.SENT, sent_at=NOW)
    async with storage.read() as unit:
        waiting = await unit.check_ins.list_waiting(NOW + MINUTE, 10)
        assert [each.id for each in waiting] == [first.id]
        assert await unit.check_ins.list_waiting(NOW, 10) == ()


async def test_old_check_ins_are_deleted(storage: Storage) -> None:
    plan = await pair(storage)
    await send_check_in(storage, plan)
    kept = await send_check_in(storage, replace(plan, next_due_at=NOW + DAY))
    async with storage.write() as unit:
        assert await unit.check_ins.delete_before(NOW + HOUR) == 1
    async with storage.read() as unit:
        assert await unit.check_ins.list_by_plan(plan.id, 10) == (kept,)


async def test_missed_check_in_is_recorded_without_a_message(storage: Storage) -> None:
    plan = await pair(storage)
    missed = replace(check_in(storage, plan), state=CheckInState.MISSED)
    async with storage.write() as unit:
        assert await unit.check_ins.claim(replace(plan, next_due_at=None), missed, None)
    async with storage.read() as unit:
        assert await unit.check_ins.find(missed.id) == missed
        assert await unit.outbox.next_due_at() is None
        assert await unit.check_in_plans.next_due_at() is None


async def test_plan_that_is_not_kept_is_not_claimed(storage: Storage) -> None:
    plan = check_in_plan(storage, care_link(storage))
    async with storage.write() as unit:
        assert not await unit.check_ins.claim(plan, check_in(storage, plan), None)
