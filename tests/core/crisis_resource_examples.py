"""Made-up countries and lines for the tests of crisis resources."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.crisis_resource_hours import ALWAYS, Hours, HoursKind, Window
from bot.core.crisis_resource_rows import (
    Confidence,
    Country,
    CrisisLine,
    EmergencyLabel,
    EmergencyNumbers,
    Finder,
    Region,
    ResourceKind,
    ResourceRow,
    Verification,
)
from bot.core.crisis_resources import Directory, EmergencyNeed
from bot.core.people import CountryCode, Language

HERE = CountryCode("XA")
COMPILED = date(2026, 11, 1)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
MORNINGS = Hours(HoursKind.DAILY, "UTC", (Window(time(8), time(10)),))
AFTERNOONS = Hours(HoursKind.DAILY, "UTC", (Window(time(11), time(17)),))
NEED = EmergencyNeed.UNSPECIFIED
FINDER = Finder(
    "A finder",
    ("S1",),
    Confidence.HIGH,
    url="https://finder.example",
    per_country="https://finder.example/countries/{cc}",
)
LESS_SURE_FINDER = replace(FINDER, name="Another", confidence=Confidence.MEDIUM)
HOW_TO_REPORT = Finder("How to report", ("S1",), Confidence.HIGH, how="press and hold")


def line(
    name: str,
    *,
    kind: str = "suicide_crisis",
    hours: Hours = ALWAYS,
    chat_hours: Hours | None = None,
    confidence: str = "high",
    voice: tuple[str, ...] = ("100 200",),
    chat: str = "",
    languages: Iterable[str] = (),
) -> CrisisLine:
    return CrisisLine(
        name=name,
        kind=ResourceKind(kind),
        hours=hours,
        chat_hours=chat_hours or hours,
        hours_as_given=str(hours),
        sources=("S1",),
        confidence=Confidence(confidence),
        voice=voice,
        chat=chat,
        languages=tuple(Language(each) for each in languages),
    )


def numbers(confidence: str = "high", **listed: str) -> EmergencyNumbers:
    found = {EmergencyLabel(label): number for label, number in listed.items()}
    return EmergencyNumbers(
        found or {EmergencyLabel.GENERAL: "112"}, ("S1",), Confidence(confidence)
    )


def country(
    *lines: CrisisLine,
    code: str = "XA",
    name: str = "Examplia",
    region: Region = Region.ASIA,
    emergency: EmergencyNumbers | None = None,
    aliases: tuple[str, ...] = (),
) -> Country:
    listed = emergency or numbers()
    return Country(CountryCode(code), name, region, "UTC", listed, lines, aliases=aliases)


def directory(*countries: Country) -> Directory:
    finders = (FINDER, LESS_SURE_FINDER, HOW_TO_REPORT)
    return Directory(countries, COMPILED, finders, {"S1": "a list"})


def verified(
    found: Directory, *rows: ResourceRow, on: date = TODAY, fingerprint: str = ""
) -> Directory:
    made = [Verification(HERE, row.name, fingerprint or row.fingerprint, "Ola", on) for row in rows]
    return found.with_verifications({(HERE, each.row): each for each in made})


def days_later(days: int) -> datetime:
    return NOON + timedelta(days=days)
