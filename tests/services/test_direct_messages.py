"""What a person gets back when they write into their DM with the bot."""

from datetime import timedelta

import pytest

from bot.core.people import MessageId
from bot.services.ports import DeliveryOutcome, Lane
from tests.services.fakes import (
    CLEO,
    CLEOS_DM,
    DANGER,
    DISTRESS,
    IDEATION,
    NEWS,
    OVERDOSE,
    WORRY,
    House,
    labels,
    say,
)

ROW = ["Ground me", "Breathe", "Help now"]
NONCE_LIMIT = 25
LARGEST_ID = MessageId(2**63 - 1)


@pytest.fixture
def house() -> House:
    house = House()
    house.knows_cleo()
    return house


async def test_the_first_message_ever_is_welcomed_with_what_to_do_without_an_answer() -> None:
    house = House()
    await house.write("hello")

    welcome, no_answer = house.messenger.last.screen.text.split("\n")
    assert welcome == say("welcome")
    assert no_answer == say("welcome.no_answer")
    assert labels(house.messenger.last.screen) == ROW


async def test_whoever_wrote_before_is_not_welcomed_again(house: House) -> None:
    await house.write("hello")

    assert house.messenger.texts == [say("row")]
    assert labels(house.messenger.last.screen) == ROW


@pytest.mark.parametrize("text", ["hello", "", "thanks", "what are you", NEWS, "🙂"])
async def test_the_row_comes_once_in_ten_minutes(house: House, text: str) -> None:
    await house.write(text)
    house.clock.advance(timedelta(minutes=9, seconds=59))
    await house.write(text)
    assert len(house.messenger.sent) == 1

    house.clock.advance(timedelta(seconds=1))
    await house.write(text)
    assert house.messenger.texts == [say("row")] * 2


@pytest.mark.parametrize("text", [DANGER, IDEATION, DISTRESS, WORRY])
async def test_words_of_crisis_are_answered_however_often_they_come(
    house: House, text: str
) -> None:
    await house.write("hello")
    for _ in range(3):
        await house.write(text)

    assert len(house.messenger.sent) == 4
    assert {each.lane for each in house.messenger.sent[1:]} == {Lane.CRISIS}


async def test_words_of_crisis_in_the_first_message_come_before_the_welcome() -> None:
    house = House()
    await house.write(DANGER)

    [only] = house.messenger.texts
    assert only.startswith(say("crisis"))


@pytest.mark.parametrize("text", ["help", "Help", "HELP!", "help me", " help now. "])
async def test_help_opens_the_help_screen_every_time(house: House, text: str) -> None:
    for _ in range(3):
        await house.write(text)

    assert all(each.startswith(say("help")) for each in house.messenger.texts)
    assert len(house.messenger.sent) == 3


@pytest.mark.parametrize("text", ["stop", "Stop.", " STOP! ", "stop…"])
async def test_stop_alone_ends_the_practice(house: House, text: str) -> None:
    await house.write(text)

    assert house.messenger.ended_in == [CLEOS_DM]
    assert house.messenger.texts == [say("stop")]
    assert labels(house.messenger.last.screen) == []


async def test_make_it_stop_is_heard_as_distress_and_ends_nothing(house: House) -> None:
    await house.write(DISTRESS)

    assert house.messenger.ended_in == []
    assert house.messenger.last.screen.text.startswith(say("crisis.soft"))
    assert labels(house.messenger.last.screen) == ["Help now", "Ground me"]


@pytest.mark.parametrize("text", ["please stop", "stop it", "don't stop", "nonstop"])
async def test_stop_among_other_words_ends_nothing(house: House, text: str) -> None:
    await house.write(text)

    assert house.messenger.ended_in == []


async def test_a_voice_message_or_picture_is_always_owned_up_to(house: House) -> None:
    await house.write("hello")
    await house.write("", has_media=True)
    await house.write("look at this", has_media=True)

    assert house.messenger.texts[1:] == [say("media")] * 2
    assert labels(house.messenger.last.screen) == ROW


async def test_words_of_crisis_under_a_picture_are_read(house: House) -> None:
    await house.write(DANGER, has_media=True)

    assert house.messenger.last.screen.text.startswith(say("crisis"))


async def test_an_edit_that_brings_words_of_crisis_is_answered(house: House) -> None:
    message = await house.write("hello")
    await house.edit(message, DANGER)

    assert house.messenger.last.screen.text.startswith(say("crisis"))
    assert house.messenger.last.lane is Lane.CRISIS


async def test_an_edit_with_the_same_words_is_no_new_message(house: House) -> None:
    message = await house.write(DANGER)
    await house.edit(message, DANGER)
    await house.edit(message, DANGER)

    assert len(house.messenger.sent) == 1


@pytest.mark.parametrize("text", ["hello", "stop", "help", NEWS])
async def test_an_edit_without_words_of_crisis_is_let_go(house: House, text: str) -> None:
    message = await house.write("what")
    house.clock.advance(timedelta(hours=1))
    await house.edit(message, text)

    assert len(house.messenger.sent) == 1
    assert house.messenger.ended_in == []


async def test_an_edit_back_to_the_words_of_crisis_is_answered_again(house: House) -> None:
    message = await house.write(DANGER)
    await house.edit(message, "never mind")
    await house.edit(message, DANGER)

    assert len(house.messenger.sent) == 2


async def test_every_answer_has_a_name_of_its_own_that_discord_accepts(house: House) -> None:
    house._messages = LARGEST_ID - 10
    message = await house.write(DANGER)
    for text in (OVERDOSE, IDEATION, DISTRESS):
        house.clock.advance(timedelta(seconds=1))
        await house.edit(message, text)
    await house.write("hello")

    keys = [each.key for each in house.messenger.sent]
    assert len(set(keys)) == len(keys) == 5
    assert max(map(len, keys)) <= NONCE_LIMIT


@pytest.mark.parametrize("outcome", [DeliveryOutcome.UNREACHABLE, DeliveryOutcome.TRY_LATER])
async def test_a_crisis_screen_that_did_not_arrive_is_shown_once_later(
    house: House, outcome: DeliveryOutcome
) -> None:
    house.messenger.outcome = outcome
    await house.write(DANGER)

    waiting = house.crisis.take_undelivered(CLEO)
    assert waiting is not None
    assert waiting.text.startswith(say("crisis.late"))
    assert say("crisis.program") in waiting.text
    assert house.crisis.take_undelivered(CLEO) is None


async def test_nothing_waits_where_the_screen_arrived(house: House) -> None:
    await house.write(DANGER)

    assert house.crisis.take_undelivered(CLEO) is None


async def test_words_after_a_lost_screen_bring_the_whole_screen(house: House) -> None:
    """Nobody is told that numbers stand above which never arrived."""
    house.messenger.outcome = DeliveryOutcome.TRY_LATER
    await house.write(DANGER)
    house.messenger.outcome = DeliveryOutcome.SENT
    await house.write(DANGER)

    assert house.messenger.last.screen.text.startswith(say("crisis"))


@pytest.mark.parametrize("later", [DANGER, DISTRESS])
async def test_a_lost_screen_keeps_its_numbers_whatever_is_lost_after_it(
    house: House, later: str
) -> None:
    house.messenger.outcome = DeliveryOutcome.UNREACHABLE
    await house.write(DANGER)
    await house.write(later)

    waiting = house.crisis.take_undelivered(CLEO)
    assert waiting is not None
    assert say("crisis.program") in waiting.text


async def test_a_whole_screen_takes_the_place_of_an_offer_that_waits(house: House) -> None:
    house.messenger.outcome = DeliveryOutcome.UNREACHABLE
    await house.write(DISTRESS)
    await house.write(DANGER)

    waiting = house.crisis.take_undelivered(CLEO)
    assert waiting is not None
    assert say("crisis.program") in waiting.text
