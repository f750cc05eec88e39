"""Check-ins from plan to message over each storage, with a process that ends on the way."""

from datetime import timedelta

from bot.core.check_ins import CheckInState
from bot.services.storage_port import Storage
from tests.services.check_in_house import CLEO, THEA, CheckInHouse

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_check_in_is_agreed_sent_once_over_a_restart_and_answered(
    storage: Storage,
) -> None:
    house = CheckInHouse(storage)
    link = await house.pair()
    plan = await house.propose(link, words="How was the train?")
    await house.planning.ask(house.thea, plan.id)
    await house.run()
    await house.own.accept(house.cleo, plan.id)
    await house.run()
    house.clock.advance(HOUR)

    await house.run_and_be_killed(arrived=True)
    await house.run_after(timedelta(seconds=5))
    [check_in] = await house.sent_check_ins(link)
    await house.check_ins.answer_okay(house.cleo, check_in.key)

    assert len(house.dms.to(CLEO)) == 2
    assert "How was the train?" in house.dms.to(CLEO)[1].text
    assert len(house.dms.to(THEA)) == 1
    [answered] = await house.sent_check_ins(link)
    assert answered.state is CheckInState.ANSWERED
    assert await house.check_ins.typed_after_check_in(house.cleo, house.clock.now())


async def test_what_is_not_wanted_any_more_leaves_nothing_behind(storage: Storage) -> None:
    house = CheckInHouse(storage)
    link = await house.pair()
    plan = await house.agree(link)
    house.clock.advance(HOUR)
    await house.run_and_be_killed(arrived=False)
    await house.own.stop(house.cleo, plan.id)

    assert await house.run_after(timedelta(seconds=5)) is None

    assert house.dms.shown == []
    [stopped] = await house.sent_check_ins(link)
    assert stopped.state is CheckInState.WITHDRAWN
    async with storage.read() as work:
        assert await work.outbox.find(stopped.key) is None


async def test_closed_messages_and_a_long_absence_are_recorded(storage: Storage) -> None:
    house = CheckInHouse(storage)
    link = await house.pair()
    await house.agree(link)
    house.dms.closed.add(CLEO)

    await house.run_after(HOUR)
    await house.run_after(3 * DAY - HOUR)

    states = [each.state for each in await house.sent_check_ins(link)]
    assert states == [CheckInState.MISSED, CheckInState.MISSED, CheckInState.UNREACHABLE]
    assert len(house.dms.to(THEA)) == 1
