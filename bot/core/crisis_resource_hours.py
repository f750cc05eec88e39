"""When a crisis resource answers: always, at set hours in its own zone, or nobody knows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class HoursKind(StrEnum):
    """`unknown` also stands for hours that sources dispute: it is never shown as open."""

    ALWAYS = "always"
    UNKNOWN = "unknown"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Window:
    """From one wall-clock time to another; an end not after its start is on the next day."""

    start_local: time
    end_local: time

    def covers(self, at: datetime, day: date, zone: ZoneInfo) -> bool:
        """Whether the window that starts on `day` is open at that moment.

        Both ends are turned into moments first: in the hour that a clock change repeats, wall
        clocks can't be compared.
        """
        last_day = day if self.start_local < self.end_local else day + ONE_DAY
        start_at = datetime.combine(day, self.start_local, zone).astimezone(UTC)
        end_at = datetime.combine(last_day, self.end_local, zone).astimezone(UTC)
        return start_at <= at.astimezone(UTC) < end_at

    def __str__(self) -> str:
        return f"{self.start_local:%H:%M}-{self.end_local:%H:%M}"


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours; `zone` is an IANA name, `weekdays` say when a window starts, Monday = 0."""

    kind: HoursKind
    zone: str = "UTC"
    windows: tuple[Window, ...] = ()
    weekdays: frozenset[int] = EVERY_DAY

    def is_open(self, at: datetime) -> bool | None:
        """Open or closed at an aware moment; None where that is not known."""
        if self.kind is HoursKind.ALWAYS:
            return True
        return None if self.kind is HoursKind.UNKNOWN else self._is_in_a_window(at)

    def _is_in_a_window(self, at: datetime) -> bool:
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        # A window that passes midnight belongs to the day on which it starts.
        days = [day for day in (today - ONE_DAY, today) if day.weekday() in self.weekdays]
        return any(window.covers(at, day, zone) for window in self.windows for day in days)

    def __str__(self) -> str:
        if self.kind is not HoursKind.DAILY:
            return "24/7" if self.kind is HoursKind.ALWAYS else "unknown"
        windows = ", ".join(str(window) for window in self.windows)
        days = " ".join(DAY_NAMES[day] for day in sorted(self.weekdays))
        return f"{'' if self.weekdays == EVERY_DAY else days + ' '}{windows} {self.zone}"


ALWAYS = Hours(HoursKind.ALWAYS)
UNKNOWN = Hours(HoursKind.UNKNOWN)
