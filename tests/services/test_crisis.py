"""What the answer to words of crisis says, and when it is the whole screen."""

from datetime import timedelta

import pytest

from bot.core.crisis import Category
from bot.core.crisis_episodes import CrisisReply
from bot.core.crisis_resource_rows import EmergencyLabel
from bot.core.people import CountryCode, PersonId, Reader
from bot.core.screens import Placement
from bot.services.crisis import emergency_need
from tests.services.fakes import (
    DANGER,
    DISTRESS,
    IDEATION,
    NEWS,
    OVERDOSE,
    VIOLENCE,
    WORRY,
    House,
    directory,
    labels,
    say,
)

MO = PersonId(2)


@pytest.fixture
def house() -> House:
    """Cleo is in France, which has a number of its own for each need."""
    house = House()
    house.cleo_is_in("FR")
    return house


def number(label: EmergencyLabel) -> str:
    country = directory().find(CountryCode("FR"))
    assert country is not None
    return country.emergency.listed[label]


def answer(house: House, text: str) -> tuple[CrisisReply, list[str], list[str]]:
    """What kind of reply, its lines and its buttons."""
    given = house.crisis.read_direct(house.cleo, text)
    if given.screen is None:
        return given.reply, [], []
    return given.reply, given.screen.text.split("\n"), labels(given.screen)


@pytest.mark.parametrize("text", [DANGER, IDEATION, VIOLENCE, OVERDOSE])
def test_danger_brings_the_whole_screen_at_once(house: House, text: str) -> None:
    reply, lines, buttons = answer(house, text)

    assert reply is CrisisReply.SCREEN
    assert lines[1] == say("crisis.program")
    assert buttons == ["Stay here and ground", "Change country", "You misread me"]


def test_without_a_country_no_number_is_guessed_and_the_country_is_asked() -> None:
    _, lines, buttons = answer(House(), DANGER)

    assert say("help.no_country") in lines
    assert lines[-1] == say("help.which_country")
    assert not [line for line in lines if line[:1].isdecimal()]
    assert buttons[1] == "Choose my country"


def test_after_an_overdose_the_ambulance_is_the_one_number(house: House) -> None:
    _, lines, _ = answer(house, OVERDOSE)

    assert number(EmergencyLabel.AMBULANCE) in lines
    assert number(EmergencyLabel.POLICE) not in lines


def test_danger_from_others_is_believed_and_the_police_are_the_one_number(house: House) -> None:
    _, lines, _ = answer(house, VIOLENCE)

    assert lines[0] == say("crisis.danger_from_others")
    assert lines[2] == say("crisis.who_is_safe")
    assert number(EmergencyLabel.POLICE) in lines
    assert number(EmergencyLabel.AMBULANCE) not in lines


def test_every_category_of_danger_from_others_shows_the_police_first() -> None:
    from_others = {each for each in Category if emergency_need(each) == "danger_from_others"}

    assert from_others == {
        Category.VIOLENCE_AT_HOME,
        Category.ASSAULT,
        Category.STALKING,
        Category.CHILD_IN_DANGER,
    }


def test_distress_brings_a_soft_offer_without_numbers(house: House) -> None:
    reply, lines, buttons = answer(house, DISTRESS)

    assert reply is CrisisReply.SOFT_OFFER
    assert lines == [say("crisis.soft"), say("crisis.soft_program")]
    assert buttons == ["Help now", "Ground me"]


def test_worry_about_somebody_else_is_answered_for_the_one_who_worries(house: House) -> None:
    _, lines, buttons = answer(house, WORRY)

    assert lines == [say("crisis.third_party"), say("crisis.third_party_program")]
    assert buttons == ["Help now", "Ground me"]


@pytest.mark.parametrize("text", [NEWS, "hello", ""])
def test_what_is_no_crisis_gets_the_ordinary_answer(house: House, text: str) -> None:
    assert answer(house, text)[0] is CrisisReply.ORDINARY


def test_the_same_again_brings_one_short_line_with_help(house: House) -> None:
    answer(house, DANGER)
    reply, lines, buttons = answer(house, DANGER)

    assert reply is CrisisReply.SHORT_LINE
    assert lines == [say("crisis.again")]
    assert buttons == ["Help now"]


@pytest.mark.parametrize("new", [IDEATION, OVERDOSE, VIOLENCE])
def test_a_new_tier_or_category_brings_the_whole_screen_again(house: House, new: str) -> None:
    answer(house, DANGER)

    assert answer(house, new)[0] is CrisisReply.SCREEN


def test_after_ten_minutes_the_whole_screen_comes_again(house: House) -> None:
    answer(house, DANGER)
    house.clock.advance(timedelta(minutes=10))

    assert answer(house, DANGER)[0] is CrisisReply.SCREEN


def test_one_persons_screen_does_not_shorten_anothers(house: House) -> None:
    answer(house, DANGER)
    given = house.crisis.read_direct(Reader(MO), DANGER)

    assert given.reply is CrisisReply.SCREEN


def test_misreading_is_admitted_and_takes_nothing_away(house: House) -> None:
    screen = house.crisis.answer_misread(house.cleo)

    assert screen.text == say("crisis.misread_answer")
    assert screen.placement is Placement.NEW
    assert screen.rows == ()


def test_what_was_typed_is_in_no_answer_and_no_memory(house: House) -> None:
    secret = "marzipan"
    given = house.crisis.read_direct(house.cleo, f"{DANGER} {secret}")

    assert secret not in repr(given)
    assert secret not in repr(house.crisis)
