"""What a button carries comes back as it was, or does not fit and says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actions import MOST_CHARACTERS, Action, ActionTooLong

NAMES = st.from_regex(r"[a-z_]{1,20}\.[a-z_]{1,20}", fullmatch=True)
ARGUMENTS = st.one_of(
    st.none(), st.integers(0, 10**6), st.from_regex(r"[a-z0-9_-]{0,8}", fullmatch=True)
)


@given(NAMES, st.lists(ARGUMENTS, max_size=5))
def test_whatever_fits_comes_back_as_it_was(name: str, arguments: list[object]) -> None:
    action = Action.of(name, *arguments)

    assert Action.decode(action.encoded) == action
    assert len(action.encoded) <= MOST_CHARACTERS


@given(st.text())
def test_any_custom_id_is_an_action_of_some_name(custom_id: str) -> None:
    action = Action.decode(custom_id)

    assert ":".join((action.name, *action.arguments)) == custom_id
    assert action.argument(len(action.arguments)) == ""


def test_nothing_is_written_as_nothing() -> None:
    assert Action.of("practice.step", "sn-color", None, 0).encoded == "practice.step:sn-color::0"


def test_a_button_of_an_older_version_lacks_what_came_later() -> None:
    action = Action.decode("practice.step:sn-color")

    assert [action.argument(position) for position in range(3)] == ["sn-color", "", ""]


def test_exactly_a_hundred_characters_fit_and_one_more_does_not() -> None:
    name = "country.choose"
    fitting = Action.of(name, "x" * (MOST_CHARACTERS - len(name) - 1))

    assert len(fitting.encoded) == MOST_CHARACTERS
    with pytest.raises(ActionTooLong, match=name):
        _ = Action.of(name, f"{fitting.arguments[0]}x").encoded


def test_an_argument_that_would_come_back_as_two_is_refused_without_being_quoted() -> None:
    with pytest.raises(ActionTooLong) as caught:
        _ = Action.of("country.choose", "mar:zipan").encoded

    assert "zipan" not in str(caught.value)
