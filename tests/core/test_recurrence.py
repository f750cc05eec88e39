"""A check-in falls due at the time on the client's own clock, once a day, whatever clocks do."""

import math
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.recurrence import (
    EVERY_DAY,
    ONE_OFF,
    Schedule,
    UnknownRule,
    moment_of,
    next_due,
    upcoming,
    weekdays_of,
    weekly_on,
)
from bot.core.zones import UnknownZone

DAY = timedelta(days=1)
BETWEEN_LOOKS = timedelta(hours=6)
CHANGING_ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Apia",
    "Asia/Kolkata",
)


@pytest.fixture(autouse=True, scope="module")
def zone_data_of_the_package() -> Iterator[None]:
    """The machine's own zone data may be years old."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(())
    ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(before)
    ZoneInfo.clear_cache()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(clock: str, zone: str = "Europe/London", rule: str = EVERY_DAY, **dates: date) -> Schedule:
    dates.setdefault("anchor_local", date(2026, 1, 1))
    return Schedule(zone, time.fromisoformat(clock), rule, **dates)


CLOCKS_GO_FORWARD = [
    ("Europe/London", "2026-03-29", "01:30", "2026-03-29 01:30", "02:30"),
    ("America/New_York", "2026-03-08", "02:30", "2026-03-08 07:30", "03:30"),
    ("Australia/Sydney", "2026-10-04", "02:30", "2026-10-03 16:30", "03:30"),
    ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:45", "02:45"),
    ("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23 22:30", "01:30"),
    ("America/Santiago", "2026-09-06", "00:30", "2026-09-06 04:30", "01:30"),
]
CLOCKS_GO_BACK = [
    ("Europe/London", "2026-10-25", "01:30", "2026-10-25 00:30"),
    ("America/New_York", "2026-11-01", "01:30", "2026-11-01 05:30"),
    ("Australia/Sydney", "2026-04-05", "02:30", "2026-04-04 15:30"),
    ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04 14:45"),
    ("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29 20:30"),
    ("America/Santiago", "2026-04-04", "23:30", "2026-04-05 02:30"),
]


@pytest.mark.parametrize(("zone", "day", "clock", "due_at", "shown"), CLOCKS_GO_FORWARD)
def test_time_that_is_left_out_is_put_off_by_as_much_as_the_clocks(
    zone: str, day: str, clock: str, due_at: str, shown: str
) -> None:
    changing, due = date.fromisoformat(day), utc(due_at)
    found = upcoming(at(clock, zone), due - 2 * DAY, 3)

    assert due in found
    assert f"{due.astimezone(ZoneInfo(zone)):%H:%M}" == shown
    assert [each.astimezone(ZoneInfo(zone)).date() for each in found][:2] == [
        changing - DAY,
        changing,
    ]


@pytest.mark.parametrize(("zone", "day", "clock", "due_at"), CLOCKS_GO_BACK)
def test_time_that_comes_twice_is_due_the_first_time_only(
    zone: str, day: str, clock: str, due_at: str
) -> None:
    due = utc(due_at)
    schedule = at(clock, zone)

    assert next_due(schedule, due - DAY / 2) == due
    following = next_due(schedule, due)
    assert following is not None
    assert following.astimezone(ZoneInfo(zone)).date() == date.fromisoformat(day) + DAY
    # Also when asked between the two.
    assert next_due(schedule, due + timedelta(minutes=10)) == following


def test_day_that_a_country_skips_is_skipped_and_the_next_comes_once() -> None:
    """Samoa had no 30 December 2011."""
    daily = at("09:00", "Pacific/Apia", anchor_local=date(2011, 12, 1))
    fridays = at("09:00", "Pacific/Apia", weekly_on(frozenset({4})), anchor_local=date(2011, 12, 1))

    assert upcoming(daily, utc("2011-12-29 00:00"), 3) == (
        utc("2011-12-29 19:00"),
        utc("2011-12-30 19:00"),
        utc("2011-12-31 19:00"),
    )
    assert next_due(fridays, utc("2011-12-29 00:00")) == utc("2012-01-05 19:00")


def test_one_off_on_a_skipped_day_still_comes() -> None:
    once = at("09:00", "Pacific/Apia", ONE_OFF, anchor_local=date(2011, 12, 30))

    assert next_due(once, utc("2011-12-01 00:00")) == utc("2011-12-30 19:00")


def test_one_off_is_due_once() -> None:
    once = at("09:00", rule=ONE_OFF, anchor_local=date(2026, 7, 1))

    assert once.is_one_off
    assert upcoming(once, utc("2026-06-01 00:00"), 5) == (utc("2026-07-01 08:00"),)
    assert next_due(once, utc("2026-07-01 08:00")) is None


def test_nothing_is_due_before_the_first_day_or_after_the_last() -> None:
    week = at("09:00", anchor_local=date(2026, 1, 5), until_local=date(2026, 1, 7))

    assert upcoming(week, utc("2025-01-01 00:00"), 9) == (
        utc("2026-01-05 09:00"),
        utc("2026-01-06 09:00"),
        utc("2026-01-07 09:00"),
    )
    assert next_due(week, utc("2026-01-07 09:00")) is None


def test_next_five_of_chosen_weekdays() -> None:
    schedule = at("20:30", "Europe/Berlin", weekly_on(frozenset({0, 2})))

    assert upcoming(schedule, utc("2026-11-23 20:00"), 5) == (
        utc("2026-11-25 19:30"),
        utc("2026-11-30 19:30"),
        utc("2026-12-02 19:30"),
        utc("2026-12-07 19:30"),
        utc("2026-12-09 19:30"),
    )


@pytest.mark.parametrize("years", [0, 1, 7])
def test_every_other_week_keeps_its_weeks_over_the_years(years: int) -> None:
    """Counting starts near the day that is asked for, and still hits the same weeks."""
    schedule = at("09:00", rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", anchor_local=date(2020, 1, 7))
    due = next_due(schedule, utc(f"{2020 + years}-06-01 00:00"))

    assert due is not None
    assert (due.date() - schedule.anchor_local).days % 14 == 0


@pytest.mark.parametrize(
    ("rule", "weekdays"),
    [
        (EVERY_DAY, {0, 1, 2, 3, 4, 5, 6}),
        ("FREQ=WEEKLY;BYDAY=MO,SU", {0, 6}),
        # 1 January 2026 was a Thursday.
        ("FREQ=WEEKLY", {3}),
        (ONE_OFF, {3}),
    ],
)
def test_weekdays_of_a_schedule(rule: str, weekdays: set[int]) -> None:
    assert weekdays_of(at("09:00", rule=rule)) == weekdays


def test_all_seven_days_are_every_day() -> None:
    assert weekly_on(frozenset(range(7))) == EVERY_DAY


@pytest.mark.parametrize(
    "rule", ["FREQ=HOURLY", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=0"]
)
def test_rule_that_can_not_be_counted_from_anywhere_is_refused(rule: str) -> None:
    with pytest.raises(UnknownRule):
        next_due(at("09:00", rule=rule), utc("2026-01-01 00:00"))


def test_no_day_at_all_is_refused() -> None:
    with pytest.raises(UnknownRule):
        weekly_on(frozenset())


def test_unknown_zone_is_told() -> None:
    with pytest.raises(UnknownZone):
        next_due(at("09:00", "Europe/Atlantis"), utc("2026-01-01 00:00"))


SCHEDULES = st.builds(
    Schedule,
    zone=st.sampled_from(CHANGING_ZONES),
    time_local=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    rule=st.frozensets(st.integers(0, 6), min_size=1).map(weekly_on),
    anchor_local=st.dates(date(2005, 1, 1), date(2036, 1, 1)),
)
MOMENTS = st.datetimes(
    datetime(2005, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2036, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


def days_that_exist(zone: ZoneInfo, first: datetime, last: datetime) -> list[date]:
    """Return every day that clocks show, found by looking at them again and again."""
    looks = math.ceil((last - first) / BETWEEN_LOOKS)
    shown = [min(first + look * BETWEEN_LOOKS, last) for look in range(looks + 1)]
    return sorted({each.astimezone(zone).date() for each in shown})


@given(SCHEDULES, MOMENTS)
def test_one_due_time_on_each_chosen_day_that_exists(schedule: Schedule, after: datetime) -> None:
    assume(schedule.anchor_local < after.date() - 2 * DAY)
    zone = ZoneInfo(schedule.zone)
    found = upcoming(schedule, after, 4)

    today = after.astimezone(zone).date()
    is_over_today = moment_of(today, schedule.time_local, schedule.zone) <= after
    assert [due_at.astimezone(zone).date() for due_at in found] == [
        day
        for day in days_that_exist(zone, after, found[-1])
        if day.weekday() in weekdays_of(schedule) and not (is_over_today and day == today)
    ]


@given(SCHEDULES, MOMENTS)
def test_due_times_lie_ahead_and_each_later_than_the_last(
    schedule: Schedule, after: datetime
) -> None:
    found = (after, *upcoming(schedule, after, 5))

    assert len(found) == 6
    assert all(earlier < later for earlier, later in pairwise(found))
    # Going from one to the next finds the same.
    assert next_due(schedule, found[3]) == found[4]


@given(SCHEDULES, MOMENTS)
def test_clocks_show_the_chosen_time_unless_they_leave_it_out(
    schedule: Schedule, after: datetime
) -> None:
    zone = ZoneInfo(schedule.zone)
    for due_at in upcoming(schedule, after, 4):
        shown = due_at.astimezone(zone)
        if shown.time() != schedule.time_local:
            around = (due_at + timedelta(minutes=each) for each in range(-24 * 60, 24 * 60))
            local = (each.astimezone(zone) for each in around)
            assert not any(
                (each.date(), each.time()) == (shown.date(), schedule.time_local) for each in local
            )
