"""Therapists type times and days as they are used to, or are shown how."""

from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import Language
from bot.core.recurrence import EVERY_DAY, ONE_OFF, Schedule, next_due
from bot.core.schedule_words import (
    AlreadyPast,
    Problem,
    WrongWords,
    parse_date,
    parse_days,
    parse_schedule,
    parse_time,
)

BERLIN = "Europe/Berlin"
# A Monday, 22:00 in Berlin.
NOW = datetime(2026, 11, 23, 21, tzinfo=UTC)
NINE = time(9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8:30 pm", time(20, 30)),
        ("8:30PM", time(20, 30)),
        ("8.30 p.m.", time(20, 30)),
        ("830pm", time(20, 30)),
        ("20.30", time(20, 30)),
        ("20:30", time(20, 30)),
        ("2030", time(20, 30)),
        ("20h30", time(20, 30)),
        ("20:30 pm", time(20, 30)),
        # As typed on a Japanese keyboard.
        ("\uff12\uff10\uff1a\uff13\uff10", time(20, 30)),
        ("at 20 o'clock", time(20)),
        ("20h", time(20)),
        ("20", time(20)),
        ("8pm", time(20)),
        ("8 in the evening", time(20)),
        ("8 in the morning", time(8)),
        ("8:30", time(8, 30)),
        ("08", time(8)),
        ("0:05", time(0, 5)),
        ("12 am", time(0)),
        ("12:15 am", time(0, 15)),
        ("12 pm", time(12)),
        ("12", time(12)),
        ("Noon", time(12)),
        (" midnight ", time(0)),
    ],
)
def test_time_is_understood(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "soon", "half past", "24:00", "8:60", "8:3", "13 am", "0 pm", "-8 pm", "8 pm pm"]
)
def test_time_that_can_not_be_read_is_answered_with_a_right_one(typed: str) -> None:
    with pytest.raises(WrongWords, match='Write it like "8:30 pm" or "20:30"') as wrong:
        parse_time(typed)

    assert wrong.value.problem is Problem.TIME


def test_hour_that_could_be_morning_or_evening_is_asked_about() -> None:
    with pytest.raises(WrongWords, match='Write "8 am" or "8 pm"') as wrong:
        parse_time("8 o'clock")

    assert wrong.value.problem is Problem.HALF_OF_DAY


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("every day", EVERY_DAY),
        ("Daily", EVERY_DAY),
        ("every evening", EVERY_DAY),
        ("weekdays and weekends", EVERY_DAY),
        ("mon - sun", EVERY_DAY),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("mon wed fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("Fri., Mon & Wednesday", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("mo/we/fr", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("on tuesdays", "FREQ=WEEKLY;BYDAY=TU"),
        ("weekends", "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("mon-wed, sat", "FREQ=WEEKLY;BYDAY=MO,TU,WE,SA"),
        ("friday to monday", "FREQ=WEEKLY;BYDAY=MO,FR,SA,SU"),
        ("thu \N{EN DASH} fri", "FREQ=WEEKLY;BYDAY=TH,FR"),
    ],
)
def test_days_are_understood(typed: str, rule: str) -> None:
    assert parse_days(typed) == rule


@pytest.mark.parametrize(
    "typed",
    ["", "every", "every other day", "not sunday", "t", "mon-", "-", "mon-wed-fri", "weekend-tue"],
)
def test_days_that_can_not_be_read_are_answered_with_right_ones(typed: str) -> None:
    with pytest.raises(WrongWords, match='"every day", "weekdays" or "mon wed fri"') as wrong:
        parse_days(typed)

    assert wrong.value.problem is Problem.DAYS


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("tomorrow", date(2026, 11, 24)),
        ("the day after tomorrow", date(2026, 11, 25)),
        ("2026-12-24", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        ("24dec", date(2026, 12, 24)),
        ("24. December 2026", date(2026, 12, 24)),
        ("on the 24th of December", date(2026, 12, 24)),
        ("Dec 24", date(2026, 12, 24)),
        ("December 24th, 2026", date(2026, 12, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("24.12", date(2026, 12, 24)),
        ("24. 12. 26", date(2026, 12, 24)),
        ("24/12", date(2026, 12, 24)),
        ("12/24/2026", date(2026, 12, 24)),
        ("3/3", date(2027, 3, 3)),
        # Its next one is next year.
        ("22 Nov", date(2027, 11, 22)),
    ],
)
def test_date_is_understood(typed: str, day: date) -> None:
    assert parse_date(typed, NINE, BERLIN, NOW) == day


@pytest.mark.parametrize(
    "typed", ["", "soon", "may", "31 Feb", "24 Foo", "0.1.", "2026-13-01", "5/6", "13/13", "friday"]
)
def test_date_that_can_not_be_read_is_answered_with_a_right_one(typed: str) -> None:
    """5/6 is May to some and June to others, so it is asked about."""
    with pytest.raises(WrongWords, match='"tomorrow" or "24 Dec"') as wrong:
        parse_date(typed, NINE, BERLIN, NOW)

    assert wrong.value.problem is Problem.DATE


@pytest.mark.parametrize("typed", ["29 Feb", "2062-12-24", "24 Dec 2027"])
def test_date_more_than_a_year_away_is_taken_for_a_slip(typed: str) -> None:
    with pytest.raises(WrongWords, match='"2026-11-24"') as wrong:
        parse_date(typed, NINE, BERLIN, NOW)

    assert wrong.value.problem is Problem.TOO_FAR


@pytest.mark.parametrize("typed", ["today", "23 Nov", "2026-11-22", "0001-01-01"])
def test_time_already_past_is_refused_with_the_next_possible_day(typed: str) -> None:
    with pytest.raises(AlreadyPast, match="2026-11-24") as past:
        parse_date(typed, NINE, BERLIN, NOW)

    assert past.value.next_local == date(2026, 11, 24)


def test_day_in_the_past_is_refused_with_today_where_the_time_is_still_ahead() -> None:
    with pytest.raises(AlreadyPast) as past:
        parse_date("2026-11-22", time(23), BERLIN, NOW)

    assert past.value.next_local == date(2026, 11, 23)


def test_today_is_the_day_where_the_client_is() -> None:
    """At 21:00 in London it is already tomorrow in Auckland."""
    assert parse_date("today", time(12), "Pacific/Auckland", NOW) == date(2026, 11, 24)
    assert parse_date("today", time(23), "Europe/London", NOW) == date(2026, 11, 23)


def test_schedule_of_days_starts_today() -> None:
    schedule = parse_schedule("weekdays", "10:30 pm", BERLIN, NOW)

    rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    assert schedule == Schedule(BERLIN, time(22, 30), rule, anchor_local=date(2026, 11, 23))
    assert next_due(schedule, NOW) == datetime(2026, 11, 23, 21, 30, tzinfo=UTC)


def test_schedule_of_one_date_is_due_once() -> None:
    schedule = parse_schedule("24 Dec", "9:00", BERLIN, NOW)

    assert schedule == Schedule(BERLIN, NINE, ONE_OFF, anchor_local=date(2026, 12, 24))


def test_schedule_that_can_not_be_read_shows_days_and_dates() -> None:
    with pytest.raises(WrongWords, match='"weekdays", "mon wed fri", "tomorrow" or "24 Dec"'):
        parse_schedule("now and then", "9:00", BERLIN, NOW)


def test_schedule_in_the_past_is_refused() -> None:
    with pytest.raises(AlreadyPast):
        parse_schedule("today", "9:00", BERLIN, NOW)


def test_language_without_words_of_its_own_is_read_as_english() -> None:
    assert parse_time("noon", Language("xx")) == time(12)


TYPED = st.text() | st.text("0123456789:.-/ apmondtuewhfrisy,")


@given(TYPED, TYPED)
def test_whatever_is_typed_is_understood_or_refused(days: str, clock: str) -> None:
    with suppress(WrongWords):
        assert next_due(parse_schedule(days, clock, BERLIN, NOW), NOW) is not None
