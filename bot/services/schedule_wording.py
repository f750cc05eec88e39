"""Schedules and times in words; what may differ between two zones is always said with its zone."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.check_in_plans import CheckInPlan
from bot.core.people import Language
from bot.core.recurrence import EVERY_DAY, Schedule, weekdays_of
from bot.core.zones import get_zone
from bot.services.ports import Texts


@dataclass(frozen=True, slots=True)
class ScheduleWording:
    """Says when, for people."""

    texts: Texts

    def describe(self, language: Language, schedule: Schedule) -> str:
        """Return a schedule in words, with its zone."""
        say = self.texts.say
        at = f"{schedule.time_local:%H:%M} ({schedule.zone})"
        if schedule.is_one_off:
            day = f"{schedule.anchor_local:%a %d %b %Y}"
            return say(language, "schedule_words.once", day=day, time=at)
        if schedule.rule == EVERY_DAY:
            return say(language, "schedule_words.daily", time=at)
        days = [say(language, f"schedule_words.day{day}") for day in sorted(weekdays_of(schedule))]
        return say(language, "schedule_words.weekly", days=", ".join(days), time=at)

    def state(self, language: Language, plan: CheckInPlan, now: datetime) -> str:
        """Return how a plan stands, and when the next check-in comes."""
        say = self.texts.say
        if plan.is_stopped:
            return say(language, "schedule_words.stopped")
        if plan.is_waiting:
            return say(language, "schedule_words.waiting")
        if plan.is_paused_open_ended:
            return say(language, "schedule_words.paused")
        if plan.next_due_at is None:
            return say(language, "schedule_words.over")
        key = "schedule_words.paused_until" if plan.is_paused(now) else "schedule_words.next"
        return say(language, key, at=stamp(plan.next_due_at))


def stamp(at: datetime) -> str:
    """Return a moment as Discord shows it to each reader in their own zone."""
    return f"<t:{int(at.timestamp())}:F>"


def wall_time(at: datetime, zone: str) -> str:
    """Return a moment as the clocks of a zone show it."""
    return f"{at.astimezone(get_zone(zone)):%a %d %b, %H:%M}"
