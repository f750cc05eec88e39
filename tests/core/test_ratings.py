"""What a rating opens, and what its change leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ratings import AfterPractice, after_practice, find_rating, opens_help

RATINGS = st.integers(0, 10)


@given(st.text())
def test_only_whole_numbers_from_0_to_10_are_ratings(text: str) -> None:
    rating = find_rating(text)

    assert rating is None or 0 <= rating <= 10
    assert rating is None or int(text) == rating


@pytest.mark.parametrize(("rating", "opens"), [(8, False), (9, True), (10, True)])
def test_nine_and_ten_open_help(rating: int, *, opens: bool) -> None:
    assert opens_help(rating) is opens


@given(RATINGS, RATINGS)
def test_lower_is_easier_and_nine_or_ten_is_help_whatever_came_before(
    before: int, after: int
) -> None:
    found = after_practice(before, after)

    if after >= 9:
        assert found is AfterPractice.HELP
    elif after < before or after == 0:
        assert found is AfterPractice.EASIER
    else:
        assert found is AfterPractice.NOT_EASIER


@pytest.mark.parametrize(("after", "found"), [(3, "easier"), (4, "not_easier"), (9, "help")])
def test_without_a_rating_before_only_a_steady_one_is_easier(after: int, found: str) -> None:
    assert after_practice(None, after) == found
