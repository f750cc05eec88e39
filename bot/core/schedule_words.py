"""Times, days and dates as people type them; the words of each language stand in one table."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.core.errors import HandrailError
from bot.core.people import ENGLISH, Language
from bot.core.recurrence import ONE_DAY, ONE_OFF, Schedule, moment_of, weekly_on
from bot.core.zones import get_zone

ALL_DAYS = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))
WEEKEND = ALL_DAYS - WORKING_DAYS
RANGE = "-"
NOON_HOUR = 12
CENTURY = 2000
# A date further away is more likely a slip of the finger than a check-in.
MOST_AHEAD = timedelta(days=366)
# Every date without a year comes again within this many years, 29 February too.
YEARS_TO_TRY = 9

CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.h]?(?P<minute>[0-9]{2}))?\s*(?P<half>\D*)")
DASHES = re.compile(r"\s*[-\N{EN DASH}\N{EM DASH}]\s*")
BETWEEN_WORDS = re.compile(r"[\s,;/&+.]+")
YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
DATES = (
    re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\. ?(?P<month>[0-9]{{1,2}})(?:\.? ?{YEAR}|\.)?"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})[. ]*(?P<name>[^\W\d_]+)\.? ?{YEAR}?"),
    re.compile(r"(?P<name>[^\W\d_]+)\.? ?(?P<day>[0-9]{1,2})(?: (?P<year>[0-9]{4}))?"),
)
# Some people put the day first and some the month.
EITHER_WAY = (
    re.compile(rf"(?P<day>[0-9]{{1,2}})/(?P<month>[0-9]{{1,2}})(?:/{YEAR})?"),
    re.compile(rf"(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})(?:/{YEAR})?"),
)


class Problem(StrEnum):
    """What can't be used; each has a text of its own with one value, `example`."""

    TIME = "time"
    HALF_OF_DAY = "half_of_day"
    DAYS = "days"
    DATE = "date"
    PAST = "past"
    TOO_FAR = "too_far"


TEXTS: Mapping[Problem, str] = {
    Problem.TIME: "I can't read that time. Write it like {example}.",
    Problem.HALF_OF_DAY: "That could be morning or evening. Write {example}.",
    Problem.DAYS: "I can't read those days. Write them like {example}.",
    Problem.DATE: "I can't read that date. Write it like {example}.",
    Problem.PAST: "That time has passed there. The next one is on {example}.",
    Problem.TOO_FAR: "That is more than a year away. Write a date like {example}.",
}


class WrongWords(HandrailError):
    """Words that can't be used; says which kind of words and shows right ones."""

    def __init__(self, problem: Problem, example: str) -> None:
        super().__init__(TEXTS[problem].format(example=example))
        self.problem = problem
        self.example = example


class AlreadyPast(WrongWords):
    """The moment is over; `next_local` is the first day on which the same time is still ahead."""

    def __init__(self, next_local: date) -> None:
        super().__init__(Problem.PAST, next_local.isoformat())
        self.next_local = next_local


@dataclass(frozen=True, slots=True)
class ScheduleWords:
    """What one language calls times and days, casefolded.

    `fillers` carry no meaning and are left out before any of the others is looked up.
    """

    times: Mapping[str, time]
    before_noon: frozenset[str]
    after_noon: frozenset[str]
    weekdays: Mapping[str, frozenset[int]]
    months: Mapping[str, int]
    days_ahead: Mapping[str, int]
    ranges: frozenset[str]
    fillers: frozenset[str]
    ordinals: re.Pattern[str]
    time_example: str
    half_example: str
    days_example: str
    date_example: str
    days_or_date_example: str


def _named(values: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {name: value for names, value in values for name in names.split()}


ENGLISH_WORDS = ScheduleWords(
    times={
        "noon": time(12),
        "midday": time(12),
        "12 noon": time(12),
        "midnight": time(0),
        "12 midnight": time(0),
    },
    before_noon=frozenset({"am", "in morning"}),
    after_noon=frozenset({"pm", "in afternoon", "in evening"}),
    weekdays={
        name: frozenset({day})
        for name, day in _named(
            [
                ("monday mondays mon mo", 0),
                ("tuesday tuesdays tues tue tu", 1),
                ("wednesday wednesdays weds wed we", 2),
                ("thursday thursdays thurs thur thu th", 3),
                ("friday fridays fri fr", 4),
                ("saturday saturdays sat sa", 5),
                ("sunday sundays sun su", 6),
            ]
        ).items()
    }
    | dict.fromkeys(("weekday", "weekdays", "workday", "workdays"), WORKING_DAYS)
    | dict.fromkeys(("weekend", "weekends"), WEEKEND)
    | dict.fromkeys(("day", "days", "daily", "everyday", "morning", "evening", "night"), ALL_DAYS),
    months=_named(
        [
            ("january jan", 1),
            ("february feb", 2),
            ("march mar", 3),
            ("april apr", 4),
            ("may", 5),
            ("june jun", 6),
            ("july jul", 7),
            ("august aug", 8),
            ("september sept sep", 9),
            ("october oct", 10),
            ("november nov", 11),
            ("december dec", 12),
        ]
    ),
    days_ahead={"today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2},
    ranges=frozenset({"to", "through", "till", "until"}),
    fillers=frozenset({"at", "on", "and", "each", "every", "all", "of", "the", "o'clock", "hrs"}),
    ordinals=re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b"),
    time_example='"8:30 pm" or "20:30"',
    half_example='"{hour} am" or "{hour} pm"',
    days_example='"every day", "weekdays" or "mon wed fri"',
    date_example='"tomorrow" or "24 Dec"',
    days_or_date_example='"weekdays", "mon wed fri", "tomorrow" or "24 Dec"',
)
IN_LANGUAGE: Mapping[Language, ScheduleWords] = {ENGLISH: ENGLISH_WORDS}


def parse_time(text: str, language: Language = ENGLISH) -> time:
    """Return the wall-clock time that was typed; raises WrongWords."""
    words = _words(language)
    typed = _without(words.fillers, _plain(text))
    if typed in words.times:
        return words.times[typed]
    match = CLOCK.fullmatch(typed)
    if match is None or (hour := _hour(match, words)) is None:
        raise WrongWords(Problem.TIME, words.time_example)
    try:
        return time(hour, int(match["minute"] or 0))
    except ValueError as error:
        raise WrongWords(Problem.TIME, words.time_example) from error


def parse_days(text: str, language: Language = ENGLISH) -> str:
    """Return the rule for the weekdays that were typed; raises WrongWords."""
    if (rule := _find_rule(text, _words(language))) is None:
        raise WrongWords(Problem.DAYS, _words(language).days_example)
    return rule


def parse_date(
    text: str, time_local: time, zone: str, now: datetime, language: Language = ENGLISH
) -> date:
    """Return the day that was typed, as a day of `zone`, on which `time_local` is still ahead.

    A date without a year is its next one. Raises AlreadyPast, or WrongWords.
    """
    day = _find_date(text, _today(zone, now), _words(language))
    if day is None:
        raise WrongWords(Problem.DATE, _words(language).date_example)
    _check_ahead(day, time_local, zone, now)
    return day


def parse_schedule(
    days: str, time_text: str, zone: str, now: datetime, language: Language = ENGLISH
) -> Schedule:
    """Return the schedule for days, or one date, and a time; raises WrongWords.

    The name of a weekday means every such day, from today on.
    """
    words, today = _words(language), _today(zone, now)
    time_local = parse_time(time_text, language)
    if (rule := _find_rule(days, words)) is not None:
        return Schedule(zone, time_local, rule, anchor_local=today)
    if (day := _find_date(days, today, words)) is None:
        raise WrongWords(Problem.DAYS, words.days_or_date_example)
    _check_ahead(day, time_local, zone, now)
    return Schedule(zone, time_local, ONE_OFF, anchor_local=day)


def _words(language: Language) -> ScheduleWords:
    return IN_LANGUAGE.get(language, ENGLISH_WORDS)


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(get_zone(zone)).date()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _without(fillers: frozenset[str], text: str) -> str:
    return " ".join(word for word in text.split() if word not in fillers)


def _hour(match: re.Match[str], words: ScheduleWords) -> int | None:
    hour, half = int(match["hour"]), match["half"].replace(".", "").strip()
    if half in words.before_noon:
        return hour % NOON_HOUR if hour <= NOON_HOUR else None
    if half in words.after_noon:
        return hour % NOON_HOUR + NOON_HOUR if 0 < hour <= NOON_HOUR else hour or None
    if half not in ("", "h"):
        return None
    is_told = match["minute"] or match["hour"].startswith("0") or hour >= NOON_HOUR or half
    if not is_told:
        raise WrongWords(Problem.HALF_OF_DAY, words.half_example.format(hour=hour))
    return hour


def _find_rule(text: str, words: ScheduleWords) -> str | None:
    """Read days that are named one by one, in groups, or from one to another."""
    found = [_weekdays(item, words) for item in _day_items(text, words)]
    return weekly_on(frozenset().union(*found)) if found and all(found) else None


def _day_items(text: str, words: ScheduleWords) -> list[str]:
    typed = BETWEEN_WORDS.split(DASHES.sub(RANGE, _plain(text)))
    kept = (word for word in typed if word not in words.fillers)
    joined = " ".join(RANGE if word in words.ranges else word for word in kept)
    return DASHES.sub(RANGE, joined).split()


def _weekdays(item: str, words: ScheduleWords) -> frozenset[int]:
    match [words.weekdays.get(name, frozenset()) for name in item.split(RANGE)]:
        case [days]:
            return days
        case [first, last] if len(first) == len(last) == 1:
            (start,), (end,) = first, last
            length = (end - start) % len(ALL_DAYS)
            return frozenset((start + step) % len(ALL_DAYS) for step in range(length + 1))
    return frozenset()


def _find_date(text: str, today: date, words: ScheduleWords) -> date | None:
    typed = _without(words.fillers, words.ordinals.sub("", _plain(text).replace(",", " ")))
    if typed in words.days_ahead:
        return today + timedelta(days=words.days_ahead[typed])
    matches = (pattern.fullmatch(typed) for pattern in DATES)
    if (match := next(filter(None, matches), None)) is not None:
        return _date_of(match.groupdict(), today, words)
    return _find_either_way(typed, today, words)


def _find_either_way(typed: str, today: date, words: ScheduleWords) -> date | None:
    matches = [match for pattern in EITHER_WAY if (match := pattern.fullmatch(typed))]
    meant = {_date_of(match.groupdict(), today, words) for match in matches} - {None}
    return meant.pop() if len(meant) == 1 else None


def _date_of(parts: Mapping[str, str | None], today: date, words: ScheduleWords) -> date | None:
    name, month, year = parts.get("name"), parts.get("month"), parts["year"]
    month_number = words.months.get(name, 0) if name else int(month or 0)
    day = int(parts["day"] or 0)
    if year:
        full = int(year) if len(year) == len("2000") else CENTURY + int(year)
        return _find_day(full, month_number, day)
    coming = (_find_day(today.year + ahead, month_number, day) for ahead in range(YEARS_TO_TRY))
    return next((each for each in coming if each is not None and each >= today), None)


def _find_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _check_ahead(day: date, time_local: time, zone: str, now: datetime) -> None:
    today = _today(zone, now)
    if day - today > MOST_AHEAD:
        raise WrongWords(Problem.TOO_FAR, f'"{today + ONE_DAY}"')
    if day < today or moment_of(day, time_local, zone) <= now:
        is_ahead = moment_of(today, time_local, zone) > now
        raise AlreadyPast(today if is_ahead else today + ONE_DAY)
