"""Choosing and doing an exercise, screen by screen, with nothing remembered but the buttons."""

from datetime import timedelta

import pytest

from bot.core.grounding_exercises import ExerciseId, GroundingExercise, State, WayIn
from bot.core.people import ENGLISH
from bot.core.practices import Practice
from bot.core.screens import Button, Menu, Placement, Screen
from tests.services.fakes import House, assert_fits, exercises, labels, pressed, say

LIBRARY = exercises()
STEP_BUTTONS = ["Next", "Something gentler", "Stop"]
SN_COLOR = ExerciseId("sn-color")
EVERY_CARD = pytest.mark.parametrize("card", LIBRARY.all, ids=lambda each: each.id)
TWO_TAPS = [(state, way_in) for state in State for way_in in LIBRARY.ways_in(state)]


@pytest.fixture
def house() -> House:
    return House()


def menu(screen: Screen) -> Menu:
    [found] = [row for row in screen.rows if isinstance(row, Menu)]
    return found


def after(house: House, button: Button) -> Screen:
    """Press [Start], [Next] or [Something gentler], as the button itself says."""
    practice = Practice.decode(button.action)
    if button.action.name == "practice.gentler":
        return house.practices.gentler(house.cleo, practice)
    assert button.action.name == "practice.step"
    return house.practices.show(house.cleo, practice)


def test_the_selector_has_help_and_a_way_out_on_both_taps(house: House) -> None:
    first = house.practices.ask_state(house.cleo)
    assert len(labels(first)) == len(State) + 2
    assert labels(first)[-2:] == ["Help now", "Stop"]

    for state in State:
        second = house.practices.ask_way_in(house.cleo, state)
        assert labels(second)[-2:] == ["Help now", "Stop"]
        assert second.placement is Placement.SAME
        assert_fits(second)


@pytest.mark.parametrize(("state", "way_in"), TWO_TAPS)
def test_the_second_tap_is_answered_with_the_first_step_and_the_rating_beside_it(
    house: House, state: State, way_in: WayIn
) -> None:
    screen = house.practices.begin_for(house.cleo, state, way_in)

    assert "(1 of " in screen.text
    assert labels(screen)[:3] == STEP_BUTTONS
    assert len(menu(screen).options) == 11
    assert ("Help now" in labels(screen)) == (state is State.STRONG_URGE)


@EVERY_CARD
def test_next_leads_through_every_step_of_one_message_to_the_question(
    house: House, card: GroundingExercise
) -> None:
    screen = house.practices.introduce(house.cleo, card)
    for number in range(len(card.steps)):
        screen = after(house, pressed(screen, "Next" if number else "Start"))
        assert f"({number + 1} of {len(card.steps)})" in screen.text
        assert labels(screen)[:3] == STEP_BUTTONS
        assert screen.placement is Placement.SAME
        assert_fits(screen)

    end = after(house, pressed(screen, "Next"))
    assert end.text == say("rating.after")
    assert labels(end) == ["Skip", "Something gentler", "Stop"]
    assert menu(end).action.name == "practice.after"
    assert_fits(end)


@EVERY_CARD
def test_the_card_says_first_how_long_it_takes(house: House, card: GroundingExercise) -> None:
    screen = house.practices.introduce(house.cleo, card)

    assert card.name[ENGLISH] in screen.text
    assert "minute" in screen.text.split("\n")[0]
    assert labels(screen) == ["Start", "Something gentler", "Stop"]
    assert_fits(screen)


@EVERY_CARD
def test_something_gentler_is_the_first_step_of_another_card(
    house: House, card: GroundingExercise
) -> None:
    screen = after(house, pressed(house.practices.introduce(house.cleo, card), "Something gentler"))

    assert "(1 of " in screen.text
    assert card.name[ENGLISH] not in screen.text


def test_the_anchor_says_the_day_and_nothing_about_what_is_over(house: House) -> None:
    screen = house.practices.show(house.cleo, Practice(ExerciseId("co-anchor")))

    assert "Today is Monday, 23 November 2026." in screen.text


@pytest.mark.parametrize("rating", ["9", "10"])
@pytest.mark.parametrize("step", ["before", "after"])
def test_a_rating_of_nine_or_ten_opens_help_with_the_exercise_one_tap_away(
    house: House, rating: str, step: str
) -> None:
    rate = house.practices.rate_before if step == "before" else house.practices.rate_after
    screen = rate(house.cleo, Practice(SN_COLOR), rating)

    assert screen.text.startswith(say("rating.help"))
    assert say("help.program") in screen.text
    assert screen.placement is Placement.NEW
    assert pressed(screen, "Go on with the exercise").action.name == "practice.resume"
    assert_fits(screen)


def test_a_rating_before_is_carried_by_the_buttons_and_asked_no_more(house: House) -> None:
    screen = house.practices.rate_before(house.cleo, Practice(SN_COLOR), "6")

    assert not [row for row in screen.rows if isinstance(row, Menu)]
    assert Practice.decode(pressed(screen, "Next").action).before == 6


def test_a_lower_rating_is_thanked_for_and_the_row_stays(house: House) -> None:
    screen = house.practices.rate_after(house.cleo, Practice(SN_COLOR, before=6), "5")

    assert screen.text == say("rating.easier")
    assert labels(screen) == ["Ground me", "Breathe", "Help now"]


@pytest.mark.parametrize("now", ["6", "8"])
def test_a_rating_that_is_not_lower_leads_to_another_kind_then_a_person_then_help(
    house: House, now: str
) -> None:
    screen = house.practices.rate_after(house.cleo, Practice(SN_COLOR, before=6), now)

    assert screen.text == say("rating.not_easier")
    assert labels(screen) == ["Something different", "A person", "Help now"]


@pytest.mark.parametrize("chosen", ["", "11", "-1", "six", "٣"])
def test_an_unreadable_rating_counts_as_skipped(house: House, chosen: str) -> None:
    practice = Practice(SN_COLOR)

    assert house.practices.rate_after(house.cleo, practice, chosen).text == say("rating.skipped")
    assert "(1 of " in house.practices.rate_before(house.cleo, practice, chosen).text


@EVERY_CARD
@pytest.mark.parametrize("state", [None, *State])
def test_something_different_is_of_a_different_kind(
    house: House, card: GroundingExercise, state: State | None
) -> None:
    screen = house.practices.another_kind(house.cleo, Practice(card.id, state=state))
    other = LIBRARY.get(Practice.decode(pressed(screen, "Next").action).exercise)

    assert other.modality is not card.modality
    assert "(1 of " in screen.text


def test_stop_leaves_one_kind_line_and_no_question(house: House) -> None:
    screen = house.practices.stop(house.cleo)

    assert screen.text == say("stop")
    assert screen.rows == ()
    assert screen.placement is Placement.SAME


@pytest.mark.parametrize("exercise", ["", "gone", "br-478"])
def test_a_button_for_an_exercise_that_is_gone_leads_to_the_selector(
    house: House, exercise: str
) -> None:
    practice = Practice(ExerciseId(exercise))
    for press in (house.practices.show, house.practices.gentler, house.practices.another_kind):
        assert press(house.cleo, practice).text == say("selector")


def test_a_step_far_past_the_end_is_the_end(house: House) -> None:
    screen = house.practices.show(house.cleo, Practice(SN_COLOR, step=10**9))

    assert screen.text == say("rating.after")


def test_an_exercise_opens_by_its_name_or_id(house: House) -> None:
    for card in LIBRARY.all:
        for name in (card.id, card.name[ENGLISH]):
            assert card.name[ENGLISH] in house.practices.open(house.cleo, name).text


def test_an_unknown_name_is_said_and_the_selector_follows(house: House) -> None:
    for screen in (
        house.practices.open(house.cleo, "levitation"),
        house.practices.open_breathing(house.cleo, "levitation", None),
    ):
        assert screen.text == f"{say('practice.unknown')}\n{say('selector')}"


def test_breathing_begins_with_the_gentlest_and_has_a_way_out_for_somebody_far_away(
    house: House,
) -> None:
    screen = house.practices.open_breathing(house.cleo, None, None)

    assert LIBRARY.breathing()[0].name[ENGLISH] in screen.text
    feet = Practice.decode(pressed(screen, say("practice.feet_first")).action)
    assert (feet.exercise, feet.state) == ("sn-feet", State.TOO_FAR_AWAY)


@pytest.mark.parametrize("card", LIBRARY.breathing(), ids=lambda each: each.id)
@pytest.mark.parametrize("minutes", [1, 3, 10])
def test_a_breath_is_as_long_as_wished_but_never_longer_than_its_card_allows(
    house: House, card: GroundingExercise, minutes: int
) -> None:
    screen = house.practices.introduce(house.cleo, card, minutes)
    practice = Practice.decode(pressed(screen, "Start").action)
    lasting = card.lasting(timedelta(minutes=minutes))

    assert practice.minutes == minutes
    assert lasting.pattern is not None
    wished = min(timedelta(minutes=minutes), card.longest)
    assert lasting.duration <= max(wished, lasting.pattern.round_length)
