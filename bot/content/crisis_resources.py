"""Reads the countries' crisis resources from TOML, and refuses whatever could mislead a caller."""

import re
import tomllib
from datetime import date, time
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.core.crisis_resource_hours import DAY_NAMES, EVERY_DAY, Hours, HoursKind, Window
from bot.core.crisis_resource_rows import (
    EMERGENCY_ROW,
    Confidence,
    Country,
    CrisisLine,
    EmergencyLabel,
    EmergencyNumbers,
    Finder,
    Region,
    ResourceKind,
    TextNumber,
)
from bot.core.crisis_resources import Directory
from bot.core.errors import ContentError
from bot.core.people import CountryCode, Language

DIRECTORY_FILE = "directory.toml"
COUNTRY_FILE = re.compile(r"[A-Z]{2}\.toml")
# Four rows of five buttons; the fifth row of a message leads back.
MOST_COUNTRIES_IN_A_REGION = 20
AS_GIVEN = {HoursKind.ALWAYS: "24/7", HoursKind.UNKNOWN: "unknown"}


def bundled_resources() -> Traversable:
    """Return the folder of countries that comes with Handrail."""
    return resources.files("bot.content") / "resources"


def load_directory(folder: Traversable) -> Directory:
    """Read every file; raise ContentError, naming file and field, at the first fault."""
    top = _parse(folder / DIRECTORY_FILE, _Directory)
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    names = [file.name for file in files]
    for name in names:
        if name != DIRECTORY_FILE and name.endswith(".toml") and not COUNTRY_FILE.fullmatch(name):
            raise ContentError(name, "file name", "is not a country's code, like GB.toml")
    countries = [_read_country(file, top) for file in files if COUNTRY_FILE.fullmatch(file.name)]
    _refuse_crowded_regions(countries)
    return Directory(
        countries=tuple(sorted(countries, key=lambda country: country.name)),
        compiled_on=date.fromisoformat(f"{top.compiled}-01"),
        finders=tuple(finder.to_core() for finder in top.finders),
        sources=top.sources,
    )


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is not an IANA time zone, like Europe/Vienna") from error
    return name


def _clock_time(text: str) -> time:
    return time.fromisoformat(text)


Known = TypeVar("Known", bound=StrEnum)
# TOML has no enums, so strictness stops at these: a known word is enough.
OneOf = Annotated[Known, Field(strict=False)]
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[str, Field(pattern=r"^[0-9+*#][0-9A-Za-z ,()*#+-]*$")]
ShortNumber = Annotated[str, Field(pattern=r"^[0-9]{2,6}$")]
WebAddress = Annotated[str, Field(pattern=r"^https://[^\s]+$")]
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Zone = Annotated[str, AfterValidator(_known_zone)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Sources = Annotated[list[Text], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Hours(_File):
    kind: OneOf[HoursKind]
    zone: Zone = "UTC"
    windows: list[Annotated[list[ClockTime], Field(min_length=2, max_length=2)]] = []
    weekdays: Annotated[list[Day], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _windows_belong_to_daily(self) -> Self:
        is_daily = self.kind is HoursKind.DAILY
        if is_daily != bool(self.windows) or is_daily != ("zone" in self.model_fields_set):
            raise ValueError('need zone and windows with kind "daily", and neither without it')
        if any(start == end for start, end in self.windows):
            raise ValueError('have a window without length; round the clock is kind "always"')
        return self

    def to_core(self) -> Hours:
        ends = ((_clock_time(start), _clock_time(end)) for start, end in self.windows)
        days = frozenset(map(DAY_NAMES.index, self.weekdays)) if self.weekdays else EVERY_DAY
        return Hours(self.kind, self.zone, tuple(Window(start, end) for start, end in ends), days)


class _Text(_File):
    number: Number
    keyword: str = ""


class _Line(_File):
    name: Text
    kind: OneOf[ResourceKind]
    for_whom: str = Field(default="", alias="for")
    voice: list[Number] = []
    text: _Text | None = None
    whatsapp: Number | None = None
    chat: WebAddress | None = None
    hours: _Hours
    chat_hours: _Hours | None = None
    hours_as_given: str | None = None
    languages: list[Language] = []
    url: WebAddress | None = None
    url_read: bool = True
    sources: Sources
    confidence: OneOf[Confidence]
    verify: str = ""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.voice or self.text or self.whatsapp or self.chat):
            raise ValueError("has no voice, text, whatsapp or chat")
        return self

    def to_core(self) -> CrisisLine:
        hours = self.hours.to_core()
        return CrisisLine(
            name=self.name,
            kind=self.kind,
            hours=hours,
            chat_hours=self.chat_hours.to_core() if self.chat_hours else hours,
            hours_as_given=self.hours_as_given or AS_GIVEN.get(hours.kind, str(hours)),
            sources=tuple(self.sources),
            confidence=self.confidence,
            voice=tuple(self.voice),
            text=TextNumber(self.text.number, self.text.keyword) if self.text else None,
            whatsapp=self.whatsapp or "",
            chat=self.chat or "",
            languages=tuple(self.languages),
            for_whom=self.for_whom,
            url=self.url or "",
            url_read=self.url_read,
            verify_note=self.verify,
        )


class _Emergency(_File):
    general: ShortNumber | None = None
    ambulance: ShortNumber | None = None
    police: ShortNumber | None = None
    fire: ShortNumber | None = None
    also: ShortNumber | None = None
    deaf_sms: ShortNumber | None = None
    sources: Sources
    confidence: OneOf[Confidence]

    @model_validator(mode="after")
    def _serves_every_need(self) -> Self:
        if not self.general and not (self.ambulance and self.police):
            raise ValueError("needs a general number, or both an ambulance and a police number")
        return self

    def to_core(self) -> EmergencyNumbers:
        given: dict[str, str | None] = {
            EmergencyLabel.GENERAL: self.general,
            EmergencyLabel.AMBULANCE: self.ambulance,
            EmergencyLabel.POLICE: self.police,
            EmergencyLabel.FIRE: self.fire,
            EmergencyLabel.ALSO: self.also,
            EmergencyLabel.DEAF_SMS: self.deaf_sms,
        }
        listed = {EmergencyLabel(label): number for label, number in given.items() if number}
        return EmergencyNumbers(listed, tuple(self.sources), self.confidence)


class _Country(_File):
    name: Text
    region: OneOf[Region]
    zone: Zone
    aliases: list[Text] = []
    note: str = ""
    emergency: _Emergency
    lines: list[_Line] = []

    @model_validator(mode="after")
    def _lines_have_their_own_names(self) -> Self:
        names = [EMERGENCY_ROW, *(line.name.casefold() for line in self.lines)]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"has two rows named {', '.join(sorted(twice))}")
        return self

    def to_core(self, code: CountryCode) -> Country:
        return Country(
            code=code,
            name=self.name,
            region=self.region,
            zone=self.zone,
            emergency=self.emergency.to_core(),
            lines=tuple(line.to_core() for line in self.lines),
            aliases=tuple(self.aliases),
            note=self.note,
        )


class _Finder(_File):
    name: Text
    url: WebAddress | None = None
    per_country: WebAddress | None = None
    how: str = ""
    sources: Sources
    confidence: OneOf[Confidence]
    verify: str = ""

    def to_core(self) -> Finder:
        return Finder(
            name=self.name,
            sources=tuple(self.sources),
            confidence=self.confidence,
            url=self.url or "",
            per_country=self.per_country or "",
            how=self.how,
            verify_note=self.verify,
        )


class _Directory(_File):
    compiled: Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    sources: dict[str, Text]
    finders: Annotated[list[_Finder], Field(min_length=1)]


Model = TypeVar("Model", bound=_File)


def _parse(file: Traversable, model: type[Model]) -> Model:
    try:
        return model.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise ContentError(file.name, "file", "can't be read; put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(file.name, "file", f"is not readable TOML ({error})") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        problem = first["msg"].removeprefix("Value error, ")
        raise ContentError(file.name, field, f"{problem}; correct it there") from error


def _read_country(file: Traversable, top: _Directory) -> Country:
    parsed = _parse(file, _Country)
    country = parsed.to_core(CountryCode(file.name.removesuffix(".toml")))
    for source in chain.from_iterable(row.sources for row in country.rows):
        if source not in top.sources:
            problem = f"{source} is not explained in {DIRECTORY_FILE}; add it there"
            raise ContentError(file.name, "sources", problem)
    return country


def _refuse_crowded_regions(countries: list[Country]) -> None:
    regions = [country.region for country in countries]
    for region in Region:
        if regions.count(region) > MOST_COUNTRIES_IN_A_REGION:
            problem = f"has over {MOST_COUNTRIES_IN_A_REGION} countries, too many for buttons"
            raise ContentError(DIRECTORY_FILE, f"region {region}", f"{problem}; split it")
