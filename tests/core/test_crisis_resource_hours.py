"""A line that is closed is never called open, also when clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.crisis_resource_hours import ALWAYS, UNKNOWN, Hours, HoursKind, Window

NIGHT = Window(time(19), time(7))
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    max_value=datetime(2036, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
CLOCK_TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))


def daily(*windows: Window, zone: str = "Europe/Tallinn", days: str = "0123456") -> Hours:
    return Hours(HoursKind.DAILY, zone, windows, frozenset(int(day) for day in days))


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    year, month, day, hour, minute = parts
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(18, 59, False), (19, 0, True), (23, 59, True), (0, 0, True), (6, 59, True), (7, 0, False)],
)
def test_night_line_is_open_from_evening_to_morning(hour: int, minute: int, is_open: bool) -> None:
    at = local("Europe/Tallinn", 2026, 11, 23, hour, minute)

    assert daily(NIGHT).is_open(at) is is_open
    assert daily(NIGHT).is_open(at.astimezone(UTC)) is is_open


def test_window_until_midnight_ends_at_midnight() -> None:
    hours = daily(Window(time(16), time(0)))

    assert hours.is_open(local("Europe/Tallinn", 2026, 11, 23, 23, 59))
    assert not hours.is_open(local("Europe/Tallinn", 2026, 11, 24, 0, 0))


def test_night_belongs_to_the_day_on_which_it_starts() -> None:
    """A line open on Monday nights is open early on Tuesday, and closed early on Monday."""
    monday_nights = daily(NIGHT, days="0")

    assert not monday_nights.is_open(local("Europe/Tallinn", 2026, 11, 23, 3, 0))
    assert monday_nights.is_open(local("Europe/Tallinn", 2026, 11, 24, 3, 0))
    assert not monday_nights.is_open(local("Europe/Tallinn", 2026, 11, 24, 20, 0))


def test_line_with_two_windows_is_closed_between_them() -> None:
    hours = daily(Window(time(9), time(12)), Window(time(14), time(17)))

    opened = [
        hours.is_open(local("Europe/Tallinn", 2026, 11, 23, hour, 0)) for hour in (10, 13, 15)
    ]

    assert opened == [True, False, True]


def test_the_zone_is_the_lines_not_the_callers() -> None:
    ten_in_tallinn = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

    assert daily(Window(time(10), time(11))).is_open(ten_in_tallinn)
    assert not daily(Window(time(10), time(11)), zone="UTC").is_open(ten_in_tallinn)


def test_line_that_closes_in_the_repeated_hour_closes_once() -> None:
    """Vienna's clocks show 02:15 twice on 25 October 2026; the line closed at the first 02:30."""
    hours = daily(Window(time(22), time(2, 30)), zone="Europe/Vienna")

    assert hours.is_open(local("Europe/Vienna", 2026, 10, 25, 2, 15))
    assert not hours.is_open(local("Europe/Vienna", 2026, 10, 25, 2, 45))
    assert not hours.is_open(local("Europe/Vienna", 2026, 10, 25, 2, 15, fold=1))


def test_line_that_opens_in_the_skipped_hour_opens_after_it() -> None:
    """Vienna has no 02:30 on 29 March 2026: the line opens at 03:30, an hour before it closes."""
    hours = daily(Window(time(2, 30), time(4, 30)), zone="Europe/Vienna")

    opened = [
        hours.is_open(local("Europe/Vienna", 2026, 3, 29, hour, minute))
        for hour, minute in ((1, 59), (3, 15), (3, 30), (4, 29), (4, 30))
    ]

    assert opened == [False, False, True, True, False]


def test_unknown_hours_are_neither_open_nor_closed() -> None:
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    assert UNKNOWN.is_open(at) is None
    assert ALWAYS.is_open(at) is True


@given(at=MOMENTS, start=CLOCK_TIMES, end=CLOCK_TIMES)
def test_every_day_is_the_same_where_clocks_do_not_change(
    at: datetime, start: time, end: time
) -> None:
    hours = daily(Window(start, end), zone="Asia/Kolkata")

    assert hours.is_open(at) == hours.is_open(at + timedelta(days=1))


@given(at=MOMENTS, start=CLOCK_TIMES, end=CLOCK_TIMES)
def test_every_week_is_the_same_where_clocks_do_not_change(
    at: datetime, start: time, end: time
) -> None:
    hours = daily(Window(start, end), zone="Asia/Kolkata", days="0124")

    assert hours.is_open(at) == hours.is_open(at + timedelta(weeks=1))


@given(at=MOMENTS, start=CLOCK_TIMES, end=CLOCK_TIMES)
def test_a_window_and_its_complement_cover_the_day_once(
    at: datetime, start: time, end: time
) -> None:
    if start == end:
        return
    there = daily(Window(start, end), zone="Asia/Tokyo").is_open(at)
    back = daily(Window(end, start), zone="Asia/Tokyo").is_open(at)

    assert there != back


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (ALWAYS, "24/7"),
        (UNKNOWN, "unknown"),
        (daily(NIGHT), "19:00-07:00 Europe/Tallinn"),
        (
            daily(Window(time(9), time(12)), NIGHT, days="05"),
            "mon sat 09:00-12:00, 19:00-07:00 Europe/Tallinn",
        ),
    ],
)
def test_hours_read_as_an_operator_would_write_them(hours: Hours, text: str) -> None:
    assert str(hours) == text
