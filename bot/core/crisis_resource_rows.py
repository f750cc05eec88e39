"""What is known about one country's crisis resources, and who has verified a row of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.crisis_resource_hours import Hours
from bot.core.people import CountryCode, Language

# The row under which a country's emergency numbers are listed and verified.
EMERGENCY_ROW = "emergency"


class Confidence(StrEnum):
    """High: two sources, one recent; medium: one recent or two older; low: one old, or disputed."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Region(StrEnum):
    """A part of the world with few enough countries for the buttons of one message."""

    NORTH_AMERICA = "north_america"
    LATIN_AMERICA = "latin_america"
    WESTERN_EUROPE = "western_europe"
    EASTERN_EUROPE = "eastern_europe"
    MIDDLE_EAST = "middle_east"
    AFRICA = "africa"
    ASIA = "asia"
    OCEANIA = "oceania"


class ResourceKind(StrEnum):
    """Whom a line is for. A child's line or a veterans' line is never shown as the general one."""

    SUICIDE_CRISIS = "suicide_crisis"
    CRISIS = "crisis"
    TEXT_CRISIS = "text_crisis"
    URGENT_MENTAL_HEALTH = "urgent_mental_health"
    MENTAL_HEALTH = "mental_health"
    LISTENING = "listening"
    HEALTH = "health"
    CHILD = "child"
    CHILD_YOUTH = "child_youth"
    YOUTH = "youth"
    DOMESTIC_VIOLENCE = "domestic_violence"
    SEXUAL_VIOLENCE = "sexual_violence"
    SUBSTANCE_USE = "substance_use"
    LGBTQ = "lgbtq"
    LGBTQ_YOUTH = "lgbtq_youth"
    INDIGENOUS = "indigenous"
    VETERANS = "veterans"
    MENS = "mens"
    DISASTER = "disaster"


class EmergencyLabel(StrEnum):
    """What an emergency number reaches."""

    GENERAL = "general"
    AMBULANCE = "ambulance"
    POLICE = "police"
    FIRE = "fire"
    ALSO = "also"
    DEAF_SMS = "deaf_sms"


@dataclass(frozen=True, slots=True)
class EmergencyNumbers:
    """A country's emergency numbers: a general one, or both an ambulance and a police number."""

    listed: Mapping[EmergencyLabel, str]
    sources: tuple[str, ...]
    confidence: Confidence

    @property
    def name(self) -> str:
        """The row's name, as a line has one."""
        return EMERGENCY_ROW

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number once, in the order of the data."""
        return tuple(dict.fromkeys(self.listed.values()))

    @property
    def fingerprint(self) -> str:
        """All that a verification vouches for, in words an operator can read."""
        return "; ".join(f"{label} {number}" for label, number in self.listed.items())


@dataclass(frozen=True, slots=True)
class TextNumber:
    """A number to send a message to, and the word to send, if one is asked for."""

    number: str
    keyword: str = ""

    def __str__(self) -> str:
        return f"text {self.keyword} to {self.number}" if self.keyword else f"text {self.number}"


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A helpline or service; numbers are text, shown exactly as its sources give them.

    `hours` hold for phone and text, `chat_hours` for the chat; `url_read` is False where nobody
    has seen the address. `verify_note` is for operators, never for people in need.
    """

    name: str
    kind: ResourceKind
    hours: Hours
    chat_hours: Hours
    hours_as_given: str
    sources: tuple[str, ...]
    confidence: Confidence
    voice: tuple[str, ...] = ()
    text: TextNumber | None = None
    whatsapp: str = ""
    chat: str = ""
    languages: tuple[Language, ...] = ()
    for_whom: str = ""
    url: str = ""
    url_read: bool = True
    verify_note: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number once: phone, then text, then WhatsApp."""
        text = (self.text.number,) if self.text else ()
        found = (*self.voice, *text, self.whatsapp)
        return tuple(dict.fromkeys(number for number in found if number))

    @property
    def channels(self) -> tuple[str, ...]:
        """Every way to reach the line, in words."""
        voice = tuple(f"call {number}" for number in self.voice)
        text = (str(self.text),) if self.text else ()
        whatsapp = (f"WhatsApp {self.whatsapp}",) if self.whatsapp else ()
        return (*voice, *text, *whatsapp, *((f"chat {self.chat}",) if self.chat else ()))

    @property
    def fingerprint(self) -> str:
        """All that a verification vouches for, in words an operator can read."""
        chat_hours = f"; chat hours {self.chat_hours}" if self.chat else ""
        return f"{'; '.join(self.channels)}; hours {self.hours}{chat_hours}"


ResourceRow = CrisisLine | EmergencyNumbers


@dataclass(frozen=True, slots=True)
class Country:
    """One country's rows; `zone` is its capital's, `note` is for operators."""

    code: CountryCode
    name: str
    region: Region
    zone: str
    emergency: EmergencyNumbers
    lines: tuple[CrisisLine, ...]
    aliases: tuple[str, ...] = ()
    note: str = ""

    @property
    def rows(self) -> tuple[ResourceRow, ...]:
        """The emergency numbers, then every line."""
        return (self.emergency, *self.lines)

    def find_row(self, name: str) -> ResourceRow | None:
        """Look up a row by its name, in any mix of capitals."""
        wanted = name.strip().casefold()
        return next((row for row in self.rows if row.name.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class Finder:
    """A directory of helplines or a way to report, for where we list nothing better."""

    name: str
    sources: tuple[str, ...]
    confidence: Confidence
    url: str = ""
    per_country: str = ""
    how: str = ""
    verify_note: str = ""

    def url_for(self, country: CountryCode | None) -> str:
        """Return the page for one country where the finder has such pages, else its first page."""
        if country and self.per_country:
            return self.per_country.replace("{cc}", country.lower())
        return self.url


@dataclass(frozen=True, slots=True)
class Verification:
    """Somebody dialled or read the row at its provider; it holds for that fingerprint only."""

    country: CountryCode
    row: str
    fingerprint: str
    verified_by: str
    verified_on: date


Verifications = Mapping[tuple[CountryCode, str], Verification]
