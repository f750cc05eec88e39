"""A check-in as the client gets it, and what becomes of an answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.core.care_links import CareLink
from bot.core.check_ins import Answer, CheckIn, CheckInState
from bot.core.people import Reader
from bot.core.screens import Placement, Screen
from bot.services.check_ins import TEMPLATES
from bot.services.storage_port import StorageBusy
from tests.services.check_in_house import CLEO, DANA, CheckInHouse
from tests.services.fakes import assert_fits, labels, pressed, say
from tests.storage.memory import MemoryUnitOfWork

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROW = ["Ground me", "Breathe", "Help now"]


@pytest.fixture
def house() -> CheckInHouse:
    return CheckInHouse()


async def arrive(house: CheckInHouse, **order: str) -> tuple[CareLink, Screen, str]:
    """Let one check-in arrive; return it with its key."""
    link = await house.pair()
    await house.agree(link, **order)
    await house.run_after(HOUR)
    [screen] = house.dms.to(CLEO)
    return link, screen, pressed(screen, "Okay").action.argument(0)


async def only(house: CheckInHouse, link: CareLink) -> CheckIn:
    [check_in] = await house.sent_check_ins(link)
    return check_in


async def test_it_begins_neutrally_and_has_three_buttons(house: CheckInHouse) -> None:
    link, screen, key = await arrive(house, words="How was the train?")

    assert screen.text.splitlines()[0] == "A note you asked for."
    assert "How was the train?" in screen.text
    assert labels(screen) == ["Okay", "Not great", "Need help now"]
    assert {each.action.argument(0) for each in screen.buttons} == {key}
    assert (await only(house, link)).key == key
    assert_fits(screen)


@pytest.mark.parametrize("template", TEMPLATES)
async def test_a_template_says_its_own_words(house: CheckInHouse, template: str) -> None:
    _, screen, _ = await arrive(house, template=template)

    assert say(f"check_in.template_{template}") in screen.text


async def test_only_the_first_one_states_the_boundaries(house: CheckInHouse) -> None:
    await arrive(house)
    await house.run_after(DAY)

    first, second = house.dms.to(CLEO)
    boundaries = say("check_in.boundaries", name="Thea P")
    assert boundaries in first.text
    assert boundaries not in second.text


async def test_okay_is_thanked_for_in_place(house: CheckInHouse) -> None:
    link, _, key = await arrive(house)

    answered = await house.check_ins.answer_okay(house.cleo, key)

    assert answered.text == say("check_in.thanks")
    assert answered.placement is Placement.SAME
    assert labels(answered) == ROW
    check_in = await only(house, link)
    assert (check_in.state, check_in.answer) == (CheckInState.ANSWERED, Answer.OKAY)


async def test_not_great_offers_an_exercise_and_help(house: CheckInHouse) -> None:
    link, _, key = await arrive(house)

    answered = await house.check_ins.answer_not_great(house.cleo, key)

    assert labels(answered) == ["Ground me", "Help now"]
    assert (await only(house, link)).answer is Answer.NOT_GREAT


async def test_need_help_now_shows_help_and_counts_as_answered(house: CheckInHouse) -> None:
    link, _, key = await arrive(house)

    shown = house.check_ins.open_help(house.cleo)
    await house.check_ins.note_help(house.cleo, key)

    assert shown.text.startswith(say("help"))
    assert shown.placement is Placement.NEW
    assert (await only(house, link)).answer is Answer.NEED_HELP


async def test_the_first_answer_counts(house: CheckInHouse) -> None:
    link, _, key = await arrive(house)
    await house.check_ins.answer_okay(house.cleo, key)

    again = await house.check_ins.answer_not_great(house.cleo, key)

    assert labels(again) == ["Ground me", "Help now"]
    assert (await only(house, link)).answer is Answer.OKAY


async def test_another_persons_press_changes_nothing(house: CheckInHouse) -> None:
    link, _, key = await arrive(house)
    dana = Reader(DANA)

    refused = await house.check_ins.answer_okay(dana, key)
    also = await house.check_ins.answer_not_great(dana, key)
    await house.check_ins.note_help(dana, key)

    assert refused.text == also.text == say("access.not_for_you")
    assert refused.placement is Placement.NEW
    assert (await only(house, link)).answer is None


async def test_a_note_that_is_gone_says_so(house: CheckInHouse) -> None:
    assert (await house.check_ins.answer_okay(house.cleo, "gone")).text == say("check_in.gone")


async def test_not_great_is_answered_although_nothing_can_be_written(
    house: CheckInHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, key = await arrive(house)
    lock(monkeypatch, house)

    answered = await house.check_ins.answer_not_great(house.cleo, key)

    assert answered.text == say("check_in.not_great_answer")


async def test_no_answer_within_a_day_is_not_answered_and_a_late_one_counts(
    house: CheckInHouse,
) -> None:
    link, _, key = await arrive(house, days="today")
    await house.run_after(25 * HOUR)
    assert (await only(house, link)).state is CheckInState.NOT_ANSWERED

    await house.check_ins.answer_okay(house.cleo, key)

    assert (await only(house, link)).state is CheckInState.ANSWERED


async def test_text_after_a_check_in_is_told_once_that_nobody_reads_it(
    house: CheckInHouse,
) -> None:
    await arrive(house)
    at = house.clock.now() + HOUR

    told = await house.check_ins.typed_after_check_in(house.cleo, at)

    assert told is not None
    assert told.text == "I'm a program. Thea P does not see what you type here."
    assert labels(told) == ROW
    assert await house.check_ins.typed_after_check_in(house.cleo, at) is None


async def test_text_after_the_next_check_in_is_told_again(house: CheckInHouse) -> None:
    await arrive(house)
    await house.check_ins.typed_after_check_in(house.cleo, house.clock.now())
    await house.run_after(DAY)

    assert await house.check_ins.typed_after_check_in(house.cleo, house.clock.now())


async def test_text_long_after_or_of_somebody_else_gets_the_ordinary_answer(
    house: CheckInHouse,
) -> None:
    await arrive(house)

    long_after = house.clock.now() + DAY
    assert await house.check_ins.typed_after_check_in(house.cleo, long_after) is None
    assert await house.check_ins.typed_after_check_in(Reader(DANA), house.clock.now()) is None


async def test_text_gets_the_ordinary_answer_where_nothing_can_be_read(
    house: CheckInHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await arrive(house)
    lock(monkeypatch, house)

    assert await house.check_ins.typed_after_check_in(house.cleo, house.clock.now()) is None


def lock(monkeypatch: pytest.MonkeyPatch, house: CheckInHouse) -> None:
    @asynccontextmanager
    async def locked() -> AsyncIterator[MemoryUnitOfWork]:
        raise StorageBusy("held by somebody else")
        yield

    for name in ("read", "write"):
        monkeypatch.setattr(type(house.storage), name, lambda _: locked())
