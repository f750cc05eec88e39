"""After a message in a channel: an offer in private, and nothing about anyone in public."""

from datetime import timedelta

import pytest

from bot.core.people import ChannelId
from bot.services.ports import DeliveryOutcome, Lane
from tests.services.fakes import (
    CLEO,
    DANGER,
    DISTRESS,
    IDEATION,
    NEWS,
    SUPPORT,
    WORRY,
    House,
    labels,
    say,
)

OTHER_CHANNEL = ChannelId(21)


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize("text", [DANGER, IDEATION, DISTRESS, WORRY])
async def test_words_of_crisis_bring_an_offer_in_private_only(house: House, text: str) -> None:
    await house.write_in_channel(text)

    [offer] = house.messenger.sent
    assert offer.to == CLEO
    assert offer.lane is Lane.CRISIS
    assert offer.screen.text == say("crisis.private_offer")
    assert labels(offer.screen) == ["Help now", "Ground me"]


@pytest.mark.parametrize("text", ["hello", NEWS, "", "stop", "help"])
async def test_ordinary_talk_is_left_alone(house: House, text: str) -> None:
    await house.write_in_channel(text)

    assert house.messenger.sent == []


async def test_the_offer_comes_once_in_ten_minutes(house: House) -> None:
    await house.write_in_channel(DANGER)
    house.clock.advance(timedelta(minutes=9, seconds=59))
    await house.write_in_channel(DANGER)
    assert len(house.messenger.sent) == 1

    house.clock.advance(timedelta(seconds=1))
    await house.write_in_channel(DANGER)
    assert len(house.messenger.sent) == 2


async def test_what_stands_in_public_is_the_same_whatever_was_written() -> None:
    public = []
    for text in ("hello", DANGER, DISTRESS, NEWS):
        house = House()
        await house.write_in_channel(text, mentions_us=True)
        public += [each.screen for each in house.messenger.sent if each.to == SUPPORT]

    assert len(public) == 4
    assert len(set(public)) == 1
    assert public[0].text == say("mention")
    assert labels(public[0]) == ["Open"]


async def test_many_mentions_fill_no_channel(house: House) -> None:
    for _ in range(5):
        await house.write_in_channel("hello", mentions_us=True)
    await house.write_in_channel("hello", mentions_us=True, channel=OTHER_CHANNEL)
    assert [each.to for each in house.messenger.sent] == [SUPPORT, OTHER_CHANNEL]

    house.clock.advance(timedelta(minutes=1))
    await house.write_in_channel("hello", mentions_us=True)
    assert len(house.messenger.sent) == 3


async def test_an_offer_into_a_closed_dm_waits_for_the_next_press(house: House) -> None:
    house.messenger.outcome = DeliveryOutcome.UNREACHABLE
    await house.write_in_channel(DANGER)

    waiting = house.crisis.take_undelivered(CLEO)
    assert waiting is not None
    assert waiting.text == f"{say('crisis.late')}\n\n{say('crisis.private_offer')}"
