"""A practice fits into a button, and any button can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actions import MOST_CHARACTERS, SEPARATOR, Action, ActionTooLong
from bot.core.grounding_exercises import ExerciseId, State
from bot.core.practices import FEWEST_MINUTES, MOST_MINUTES, Practice

PRACTICES = st.builds(
    Practice,
    exercise=st.from_regex(r"[a-z]{2}-[a-z0-9-]{1,20}", fullmatch=True).map(ExerciseId),
    step=st.integers(0, 99),
    before=st.none() | st.integers(0, 10),
    state=st.none() | st.sampled_from(State),
    minutes=st.none() | st.integers(FEWEST_MINUTES, MOST_MINUTES),
)


@given(PRACTICES)
def test_practice_is_the_same_after_its_journey_through_a_button(practice: Practice) -> None:
    custom_id = practice.action("practice.step").encoded

    assert len(custom_id) <= MOST_CHARACTERS
    assert Practice.decode(Action.decode(custom_id)) == practice


@given(st.text())
def test_any_button_can_be_read(custom_id: str) -> None:
    practice = Practice.decode(Action.decode(custom_id))

    assert practice.step >= 0
    assert practice.before is None or 0 <= practice.before <= 10
    assert practice.minutes is None or FEWEST_MINUTES <= practice.minutes <= MOST_MINUTES


def test_next_rated_and_another_exercise_keep_the_rest() -> None:
    practice = Practice(ExerciseId("sn-feet"), state=State.TOO_FAR_AWAY).rated(7).next()

    assert (practice.step, practice.before, practice.state) == (1, 7, State.TOO_FAR_AWAY)


def test_action_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ActionTooLong):
        _ = Action.of("practice.step", "x" * MOST_CHARACTERS).encoded
    with pytest.raises(ActionTooLong):
        _ = Action.of("practice.step", f"a{SEPARATOR}b").encoded
