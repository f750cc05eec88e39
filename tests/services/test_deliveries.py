"""What is due goes out once, at its time, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.check_in_plans import GRACE
from bot.core.check_ins import CheckInState
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.screens import Screen
from bot.services.deliveries import MOST_ATTEMPTS, STORAGE_PAUSE, by_name
from bot.services.storage_port import StorageBusy
from tests.services.check_in_house import CLEO, DANA, THEA, CheckInHouse
from tests.services.fakes import say
from tests.storage.memory import MemoryUnitOfWork

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
DUE = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


@pytest.fixture
def house() -> CheckInHouse:
    return CheckInHouse()


async def test_a_check_in_goes_out_at_its_time_and_not_before(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.agree(link)

    assert await house.run() == DUE
    assert house.dms.shown == []
    assert await house.run_after(HOUR) == DUE + DAY

    [message] = house.dms.to(CLEO)
    assert message.text.startswith(say("check_in"))
    [sent] = await house.sent_check_ins(link)
    assert (sent.state, sent.due_at, sent.sent_at) == (CheckInState.SENT, DUE, DUE)


async def test_running_again_at_once_sends_nothing_again(house: CheckInHouse) -> None:
    await house.agree(await house.pair())
    house.clock.advance(HOUR)

    await asyncio.gather(house.run(), house.run(), house.build_deliveries().run_once())
    await house.run()

    assert len(house.dms.tried) == 1


@pytest.mark.parametrize("arrived", [False, True])
@pytest.mark.parametrize("away", [timedelta(seconds=5), timedelta(minutes=30)])
async def test_a_kill_while_sending_loses_nothing_and_shows_nothing_twice(
    house: CheckInHouse, away: timedelta, *, arrived: bool
) -> None:
    link = await house.pair()
    await house.agree(link)
    house.clock.advance(HOUR)

    await house.run_and_be_killed(arrived=arrived)
    await house.run_after(away)

    assert len(house.dms.to(CLEO)) == 1
    assert [each.state for each in await house.sent_check_ins(link)] == [CheckInState.SENT]


async def test_an_unknown_outcome_that_cannot_be_looked_up_is_not_tried_blindly(
    house: CheckInHouse,
) -> None:
    """Within the minutes a nonce holds it is sent again; later only after a look."""
    link = await house.pair()
    await house.agree(link)
    house.clock.advance(HOUR)
    await house.run_and_be_killed(arrived=True)
    house.dms.can_look = False

    await house.run_after(30 * MINUTE)
    assert len(house.dms.tried) == 1

    await house.run_after(GRACE)
    assert len(house.dms.to(CLEO)) == 1
    assert [each.state for each in await house.sent_check_ins(link)] == [CheckInState.UNKNOWN]


async def test_one_that_can_only_be_tried_later_is_tried_later(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.agree(link)
    house.dms.outcome = DeliveryOutcome.TRY_LATER
    first = await house.run_after(HOUR)
    assert first is not None
    assert house.clock.now() < first <= house.clock.now() + MINUTE
    second = await house.run_after(first - house.clock.now())
    assert second is not None
    assert second - house.clock.now() > first - DUE

    house.dms.outcome = DeliveryOutcome.SENT
    await house.run_after(10 * MINUTE)

    assert len(house.dms.to(CLEO)) == 1
    assert [each.state for each in await house.sent_check_ins(link)] == [CheckInState.SENT]


async def test_late_within_two_hours_is_sent_and_later_is_shown_as_missed(
    house: CheckInHouse,
) -> None:
    link = await house.pair()
    await house.agree(link)

    await house.run_after(HOUR + GRACE - MINUTE)
    await house.run_after(2 * DAY + 2 * MINUTE)

    states = {each.due_at: each.state for each in await house.sent_check_ins(link)}
    assert len(house.dms.to(CLEO)) == 1
    assert states == {
        DUE: CheckInState.NOT_ANSWERED,
        DUE + DAY: CheckInState.MISSED,
        DUE + 2 * DAY: CheckInState.MISSED,
    }


async def test_a_claimed_one_that_waits_too_long_is_missed(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.agree(link)
    house.clock.advance(HOUR)
    await house.run_and_be_killed(arrived=False)

    await house.run_after(GRACE)

    assert house.dms.to(CLEO) == []
    assert [each.state for each in await house.sent_check_ins(link)] == [CheckInState.MISSED]


async def test_consent_taken_back_in_flight_stops_it(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.agree(link)
    house.dms.outcome = DeliveryOutcome.TRY_LATER
    await house.run_after(HOUR)
    await house.withdraw()
    house.dms.outcome = DeliveryOutcome.SENT

    await house.run_after(10 * MINUTE)

    assert house.dms.to(CLEO) == []
    assert [each.state for each in await house.sent_check_ins(link)] == [CheckInState.WITHDRAWN]


async def test_consent_taken_back_before_stops_it_unrecorded(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.agree(link)
    await house.withdraw()

    assert await house.run_after(HOUR) == DUE + DAY

    assert house.dms.shown == []
    assert await house.sent_check_ins(link) == ()


async def test_a_link_that_has_ended_sends_nothing(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.agree(link)
    await house.end(link)

    await house.run_after(HOUR)

    assert house.dms.shown == []


async def test_a_pause_in_flight_stops_it(house: CheckInHouse) -> None:
    link = await house.pair()
    plan = await house.agree(link)
    house.dms.outcome = DeliveryOutcome.TRY_LATER
    await house.run_after(HOUR)
    await house.own.pause_open_ended(house.cleo, plan.id)
    house.dms.outcome = DeliveryOutcome.SENT

    await house.run_after(10 * MINUTE)

    assert house.dms.to(CLEO) == []


async def test_closed_messages_are_told_to_the_therapist_once_and_without_content(
    house: CheckInHouse,
) -> None:
    link = await house.pair()
    await house.agree(link, words="How was the train?")
    house.dms.closed.add(CLEO)
    await house.run_after(HOUR)
    await house.run_after(DAY)

    [told] = house.dms.to(THEA)
    assert told.text == say("check_in.cannot_deliver", label=link.label)
    states = {each.state for each in await house.sent_check_ins(link)}
    assert states == {CheckInState.UNREACHABLE}
    async with house.storage.read() as work:
        known = await work.people.find(CLEO)
    assert known is not None
    assert not known.is_reachable


async def test_a_summer_time_change_keeps_the_time_on_the_clients_clock(
    house: CheckInHouse,
) -> None:
    link = await house.pair()
    house.clock.at = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
    await house.agree(link)

    await house.run_after(HOUR)
    assert await house.run() == datetime(2027, 3, 28, 12, 0, tzinfo=UTC)
    await house.run_after(23 * HOUR)

    assert len(house.dms.to(CLEO)) == 2


async def test_more_than_a_batch_goes_out_in_one_run(house: CheckInHouse) -> None:
    link = await house.pair()
    for _ in range(130):
        await house.agree(link)

    await house.run_after(HOUR)

    assert len(house.dms.to(CLEO)) == 130


@pytest.mark.errors_expected
async def test_one_that_fails_leaves_the_others_alone_and_comes_again(
    house: CheckInHouse,
) -> None:
    await house.agree(await house.pair())
    async with house.storage.write() as work:
        await work.outbox.add(_notice(house, "broken", "1"))
    notices = by_name({"broken": _break})
    house.deliveries.composers[OutboxKind.NOTICE] = notices  # type: ignore[index] # a dict here

    next_at = await house.run_after(HOUR)

    assert len(house.dms.to(CLEO)) == 1
    assert next_at is not None
    assert house.clock.now() < next_at < house.clock.now() + 3 * MINUTE


async def test_a_slow_one_holds_up_nobody_else(house: CheckInHouse) -> None:
    """What comes due while Discord is slow with another message goes out in the same run."""
    await house.agree(await house.pair())
    house.clock.advance(HOUR)
    house.dms.stalls = True
    running = asyncio.get_running_loop().create_task(house.run())
    await house.dms.stalled.wait()
    house.dms.stalls = False
    async with house.storage.write() as work:
        await work.outbox.add(_notice(house, "check_in_failed", (await house.plans())[0].id))

    async with asyncio.timeout(5):
        await house.dms.arrived.wait()

    assert len(house.dms.to(THEA)) == 1
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_notice_nobody_knows_any_more_is_let_go(house: CheckInHouse) -> None:
    async with house.storage.write() as work:
        await work.outbox.add(_notice(house, "forgotten", "1"))

    assert await house.run() is None
    assert house.dms.shown == []


async def test_trying_ends_some_day(house: CheckInHouse) -> None:
    row = _notice(house, "forgotten", "1")
    async with house.storage.write() as work:
        await work.outbox.add(row)
        for _ in range(MOST_ATTEMPTS):
            await work.outbox.lease(house.clock.now(), house.clock.now(), 1)

    await house.run()

    async with house.storage.read() as work:
        done = await work.outbox.find(row.key)
    assert done is not None
    assert done.outcome is DeliveryOutcome.UNKNOWN


async def test_a_locked_database_is_asked_again_soon(
    house: CheckInHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.agree(await house.pair())
    house.clock.advance(HOUR)

    @asynccontextmanager
    async def locked() -> AsyncIterator[MemoryUnitOfWork]:
        raise StorageBusy("held by somebody else")
        yield

    with monkeypatch.context() as busy:
        busy.setattr(type(house.storage), "write", lambda _: locked())
        assert await house.run() == house.clock.now() + STORAGE_PAUSE

    await house.run()
    assert len(house.dms.to(CLEO)) == 1


async def test_each_client_gets_their_own(house: CheckInHouse) -> None:
    await house.agree(await house.pair(CLEO, "blue door"), words="For one.")
    await house.agree(await house.pair(DANA, "green door"), words="For two.")

    await house.run_after(HOUR)

    assert "For one." in house.dms.to(CLEO)[0].text
    assert "For two." in house.dms.to(DANA)[0].text
    assert len(house.dms.shown) == 2


async def _break(_: OutboxRow) -> Screen | None:
    raise RuntimeError("broken on purpose")


def _notice(house: CheckInHouse, name: str, about: str) -> OutboxRow:
    key, reference = house.storage.new_id(), f"{name}:{about}"
    return OutboxRow(key, THEA, OutboxKind.NOTICE, reference, Lane.DELIVERY, house.clock.now())
