"""When a schedule falls due: wall-clock times in a zone, turned into moments one after another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrulestr

from bot.core.errors import HandrailError
from bot.core.zones import get_zone

MOMENT = timedelta.resolution
ONE_DAY = timedelta(days=1)
# Zones are less than a day from UTC, and a clock change moves a time by a day at most.
MARGIN = 2 * ONE_DAY
# The rule of a schedule that falls due once, on its anchor date.
ONE_OFF = ""
EVERY_DAY = "FREQ=DAILY"
WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = "(?:" + "|".join(WEEKDAY_CODES) + ")"
# What can be counted from any of its days: no COUNT, and UNTIL is the schedule's own.
RULE = re.compile(
    r"FREQ=(?:DAILY|(?P<weekly>WEEKLY))(?:;INTERVAL=(?P<interval>[1-9][0-9]?))?"
    rf"(?(weekly)(?:;BYDAY=(?P<weekdays>{DAY}(?:,{DAY})*))?)"
)


class UnknownRule(HandrailError):
    """A rule is not one of those that schedules are made of."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """At `time_local` in the IANA zone `zone`, by `rule`, from `anchor_local` to `until_local`.

    `rule` is RFC 5545 text, daily or weekly, or "" for once, on the anchor date. Both dates are
    days of the zone and are included.
    """

    zone: str
    time_local: time
    rule: str
    anchor_local: date
    until_local: date | None = None

    @property
    def is_one_off(self) -> bool:
        """Tell whether it falls due only once."""
        return self.rule == ONE_OFF


def weekly_on(weekdays: frozenset[int]) -> str:
    """Return the rule for these weekdays, Monday = 0; for all seven it is the daily rule."""
    if not weekdays:
        raise UnknownRule("A schedule needs at least one day.")
    codes = [code for day, code in enumerate(WEEKDAY_CODES) if day in weekdays]
    return EVERY_DAY if len(codes) == len(WEEKDAY_CODES) else f"FREQ=WEEKLY;BYDAY={','.join(codes)}"


def weekdays_of(schedule: Schedule) -> frozenset[int]:
    """Return the weekdays on which a schedule can fall due, Monday = 0."""
    if schedule.is_one_off:
        return frozenset({schedule.anchor_local.weekday()})
    rule = _read(schedule.rule)
    if rule["weekdays"]:
        return frozenset(WEEKDAY_CODES.index(code) for code in rule["weekdays"].split(","))
    if rule["weekly"]:
        return frozenset({schedule.anchor_local.weekday()})
    return frozenset(range(len(WEEKDAY_CODES)))


def moment_of(day: date, time_local: time, zone: str) -> datetime:
    """Return the moment, in UTC, at which the clocks of a zone show this time on this day.

    A time that a clock change leaves out is put off by as much as the clocks are; of a time that
    comes twice it is the first.
    """
    local = datetime.combine(day, time_local.replace(fold=0), get_zone(zone))
    return local.astimezone(UTC)


def next_due(schedule: Schedule, after: datetime) -> datetime | None:
    """Return the first due time later than `after`, in UTC, or None where there is none."""
    return next(_due_after(schedule, after), None)


def upcoming(schedule: Schedule, after: datetime, count: int) -> tuple[datetime, ...]:
    """Return up to `count` due times later than `after`, in their order."""
    return tuple(islice(_due_after(schedule, after), count))


def _due_after(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    latest = after
    for day in _days(schedule, after.astimezone(get_zone(schedule.zone)).date() - MARGIN):
        due_at = moment_of(day, schedule.time_local, schedule.zone)
        if due_at > latest and (schedule.is_one_off or not _was_left_out(day, due_at, schedule)):
            yield due_at
            latest = due_at


def _was_left_out(day: date, due_at: datetime, schedule: Schedule) -> bool:
    """Whether the zone jumped over the whole day, as Samoa did when it crossed the date line."""
    shown = due_at.astimezone(get_zone(schedule.zone)).replace(tzinfo=None)
    return shown - datetime.combine(day, schedule.time_local) >= ONE_DAY


def _days(schedule: Schedule, first: date) -> Iterator[date]:
    """Every day of the schedule that is not before `first`, and maybe some that are."""
    if schedule.is_one_off:
        return iter((schedule.anchor_local,))
    start = datetime.combine(_anchor_near(schedule, first), time())
    until = schedule.until_local or date.max
    days = (each.date() for each in rrulestr(schedule.rule, dtstart=start))
    return takewhile(lambda day: day <= until, days)


def _anchor_near(schedule: Schedule, day: date) -> date:
    """Return the last date up to `day` from which the rule gives the same days as its anchor.

    Counting on from the anchor itself would cost more with each year that a plan has run.
    """
    rule = _read(schedule.rule)
    step = int(rule["interval"] or 1) * (len(WEEKDAY_CODES) if rule["weekly"] else 1)
    days = (day - schedule.anchor_local).days
    return schedule.anchor_local + timedelta(days=max(0, days - days % step))


def _read(rule: str) -> re.Match[str]:
    if (match := RULE.fullmatch(rule)) is None:
        raise UnknownRule("A schedule is either daily or weekly.")
    return match
