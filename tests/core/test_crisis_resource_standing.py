"""Nobody is shown a row that is not good enough, too old, or changed since it was verified."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.crisis_resource_hours import UNKNOWN
from bot.core.crisis_resource_rows import CrisisLine, TextNumber
from bot.core.crisis_resources import BUNDLED_FOR, VERIFIED_FOR, NoLineReason, RowState
from tests.core.crisis_resource_examples import (
    COMPILED,
    HERE,
    NEED,
    NOON,
    country,
    days_later,
    directory,
    line,
    verified,
)


@pytest.mark.parametrize(
    ("confidence", "days", "state"),
    [
        ("high", 0, RowState.UNCONFIRMED),
        ("high", 343, RowState.UNCONFIRMED),
        ("high", 344, RowState.EXPIRED),
        ("medium", 0, RowState.HIDDEN),
        ("low", 0, RowState.HIDDEN),
        ("low", 344, RowState.HIDDEN),
    ],
)
def test_only_high_confidence_rows_are_shown_before_anyone_verified_them(
    confidence: str, days: int, state: RowState
) -> None:
    row = line("One", confidence=confidence)

    assert directory(country(row)).standing(HERE, row, days_later(days)).state is state


@pytest.mark.parametrize("confidence", ["high", "medium", "low"])
def test_verified_row_is_shown_as_confirmed_for_half_a_year(confidence: str) -> None:
    row = line("One", confidence=confidence)
    found = verified(directory(country(row)), row)

    for days in (0, VERIFIED_FOR.days):
        answer = found.help_for(HERE, need=NEED, at=days_later(days))
        assert answer.line == row
        assert not answer.unconfirmed


def test_the_operator_may_set_how_long_a_verification_holds() -> None:
    row = line("One", confidence="medium")
    found = replace(verified(directory(country(row)), row), verified_for=timedelta(days=30))

    assert found.standing(HERE, row, days_later(30)).state is RowState.SHOWN
    assert found.standing(HERE, row, days_later(31)).state is RowState.EXPIRED


def test_lapsed_check_of_a_doubtful_row_hides_it_and_says_expired() -> None:
    row = line("One", confidence="medium")
    found = verified(directory(country(row)), row)

    answer = found.help_for(HERE, need=NEED, at=days_later(184))

    assert answer.line is None
    assert answer.reason is NoLineReason.EXPIRED
    assert found.standing(HERE, row, days_later(184)).lapsed


def test_lapsed_check_of_a_good_row_leaves_it_shown_as_unconfirmed() -> None:
    """A line must not vanish because somebody once checked it."""
    row = line("One")
    answer = verified(directory(country(row)), row).help_for(HERE, need=NEED, at=days_later(184))

    assert answer.line == row
    assert answer.unconfirmed


@pytest.mark.parametrize(
    "changed",
    [
        line("One", voice=("100 201",), confidence="medium"),
        line("One", hours=UNKNOWN, confidence="medium"),
        line("One", chat="https://chat.example", confidence="medium"),
        replace(line("One", confidence="medium"), text=TextNumber("100 200")),
        replace(line("One", confidence="medium"), whatsapp="100 200"),
    ],
)
def test_changed_row_has_to_be_verified_again(changed: CrisisLine) -> None:
    before = line("One", confidence="medium")
    found = verified(directory(country(changed)), changed, fingerprint=before.fingerprint)

    answer = found.help_for(HERE, need=NEED, at=NOON)

    assert answer.reason is NoLineReason.NOT_VERIFIED
    assert [each.row for each in found.outdated_verifications()] == ["One"]


def test_verification_of_a_row_or_country_that_is_gone_is_outdated() -> None:
    gone = line("Gone")

    assert verified(directory(country()), gone).outdated_verifications()
    assert verified(directory(country(code="XB")), gone).outdated_verifications()
    assert not verified(directory(country(gone)), gone).outdated_verifications()


@pytest.mark.parametrize(("days", "counts"), [(1, True), (2, False)])
def test_verification_from_the_future_does_not_count(days: int, counts: bool) -> None:
    """A mistyped year would otherwise never run out; one day ahead is only another zone."""
    row = line("One", confidence="low")
    found = verified(directory(country(row)), row, on=days_later(days).date())

    assert (found.help_for(HERE, need=NEED, at=NOON).line is row) is counts


def test_the_operator_hears_thirty_days_before_a_row_runs_out() -> None:
    bundled, checked = line("Bundled"), line("Checked", confidence="low")
    found = verified(directory(country(bundled, checked)), checked)

    def soon(days: int) -> list[tuple[str, date]]:
        return [(each.row, each.expires_on) for each in found.expiring(days_later(days))]

    assert soon(152) == []
    assert soon(153) == [("Checked", days_later(183).date())]
    assert soon(184) == []
    assert soon(343) == [("Bundled", COMPILED + BUNDLED_FOR)]
