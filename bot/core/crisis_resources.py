"""Which crisis resource a person is shown: verified, open now, and never a guess."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

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
    Verifications,
)
from bot.core.people import CountryCode, Language

VERIFIED_FOR = timedelta(days=183)
BUNDLED_FOR = timedelta(days=365)
WARN_BEFORE = timedelta(days=30)
# A verification may carry tomorrow's date where the operator's zone is ahead of ours.
ZONE_SLACK = timedelta(days=1)
# Discord's limit on the suggestions of an option.
MOST_SUGGESTIONS = 25

GENERAL_KINDS: tuple[str, ...] = (
    ResourceKind.SUICIDE_CRISIS,
    ResourceKind.CRISIS,
    ResourceKind.TEXT_CRISIS,
    ResourceKind.URGENT_MENTAL_HEALTH,
    ResourceKind.MENTAL_HEALTH,
    ResourceKind.LISTENING,
    ResourceKind.HEALTH,
)


class EmergencyNeed(StrEnum):
    """What the emergency number is for: medical covers overdose and self-harm."""

    MEDICAL = "medical"
    DANGER_FROM_OTHERS = "danger_from_others"
    UNSPECIFIED = "unspecified"


class RowState(StrEnum):
    """What people see of a row."""

    SHOWN = "shown"
    UNCONFIRMED = "shown unconfirmed"
    HIDDEN = "hidden until verified"
    EXPIRED = "expired"


class NoLineReason(StrEnum):
    """Why there is no line to show."""

    NOT_VERIFIED = "not_verified"
    CLOSED_NOW = "closed_now"
    NONE_LISTED = "none_listed"
    EXPIRED = "expired"


VISIBLE = frozenset({RowState.SHOWN, RowState.UNCONFIRMED})
ONE_NUMBER: Mapping[EmergencyNeed, tuple[EmergencyLabel, ...]] = {
    EmergencyNeed.MEDICAL: (EmergencyLabel.AMBULANCE, EmergencyLabel.GENERAL),
    EmergencyNeed.DANGER_FROM_OTHERS: (EmergencyLabel.POLICE, EmergencyLabel.GENERAL),
}
ALL_NUMBERS = (EmergencyLabel.GENERAL, EmergencyLabel.AMBULANCE, EmergencyLabel.POLICE)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a row stands today; `lapsed` where somebody verified it, but too long ago."""

    state: RowState
    expires_on: date | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Expiry:
    """A row that people see now and will not see, or see as unconfirmed, after a date."""

    country: CountryCode
    row: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class EmergencyEntry:
    """One emergency number as it is shown."""

    label: EmergencyLabel
    number: str
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line that is not known to be closed; `is_open` is None where its hours are not known."""

    line: CrisisLine
    unconfirmed: bool
    is_open: bool | None
    chat_is_open: bool | None


@dataclass(frozen=True, slots=True)
class HelpAnswer:
    """All that a help screen may show; a number that is not in here is not shown.

    `reason` says why there is no line; `missing_kind` that the kind asked for has none.
    """

    country: Country | None
    finder_urls: tuple[str, ...]
    emergency: tuple[EmergencyEntry, ...] = ()
    offered: OfferedLine | None = None
    other_lines: tuple[OfferedLine, ...] = ()
    ask_country: bool = False
    missing_kind: bool = False
    reason: NoLineReason | None = None

    @property
    def line(self) -> CrisisLine | None:
        """The one line to show."""
        return self.offered.line if self.offered else None

    @property
    def unconfirmed(self) -> bool:
        """Whether the line must carry the words that we have not confirmed it."""
        return self.offered is not None and self.offered.unconfirmed

    @property
    def hours_known(self) -> bool:
        """Whether the line is known to be open; if not, say that its hours are unknown."""
        return self.offered is not None and self.offered.is_open is True


@dataclass(frozen=True, slots=True)
class Directory:
    """Every country's crisis resources, seen through what the operator has verified."""

    countries: tuple[Country, ...]
    compiled_on: date
    finders: tuple[Finder, ...]
    sources: Mapping[str, str]
    verifications: Verifications = field(default_factory=dict)
    verified_for: timedelta = VERIFIED_FOR

    def with_verifications(self, verifications: Verifications) -> "Directory":
        """Look at the same rows through other verifications."""
        return replace(self, verifications=verifications)

    def find(self, code: CountryCode) -> Country | None:
        """Look up a country by its code in capitals; None where we list nothing for it."""
        return next((country for country in self.countries if country.code == code), None)

    def find_named(self, text: str) -> Country | None:
        """Look up a country by exactly its name, code or an alias, whatever capitals or accents.

        What only resembles a name is not taken for it: Niger is not Nigeria.
        """
        typed = _folded(text)
        matches = (each for each in self.countries if _match_rank(each, typed) == EXACT_MATCH)
        return next(matches, None)

    def search(self, text: str) -> list[Country]:
        """Suggest at most 25 countries for what was typed, best first; accents don't matter."""
        typed = _folded(text)
        ranked = [
            (_match_rank(country, typed), country.name, country) for country in self.countries
        ]
        found = sorted((rank, name, country) for rank, name, country in ranked if rank < NO_MATCH)
        return [country for _, _, country in found[:MOST_SUGGESTIONS]]

    def regions(self) -> tuple[Region, ...]:
        """Return the regions that have a country, in a fixed order."""
        used = {country.region for country in self.countries}
        return tuple(region for region in Region if region in used)

    def countries_in(self, region: Region) -> tuple[Country, ...]:
        """Return a region's countries, by name."""
        found = (country for country in self.countries if country.region == region)
        return tuple(sorted(found, key=lambda country: country.name))

    def find_verification(self, country: CountryCode, row: ResourceRow) -> Verification | None:
        """Look up the row's verification; None if there is none or the row has changed since."""
        found = self.verifications.get((country, row.name))
        return found if found and found.fingerprint == row.fingerprint else None

    def outdated_verifications(self) -> tuple[Verification, ...]:
        """Verifications of rows that have changed since, or are gone."""
        return tuple(each for each in self.verifications.values() if self._is_outdated(each))

    def standing(self, country: CountryCode, row: ResourceRow, at: datetime) -> Standing:
        """How a row stands at that moment: a verification counts first, then our own lists."""
        verification = self.find_verification(country, row)
        today = at.astimezone(UTC).date()
        if verification and self._holds(verification, today):
            return Standing(RowState.SHOWN, verification.verified_on + self.verified_for)
        lapsed = verification is not None
        if isinstance(row, EmergencyNumbers):
            low = row.confidence is Confidence.LOW
            return Standing(RowState.UNCONFIRMED if low else RowState.SHOWN, lapsed=lapsed)
        return self._standing_as_bundled(row, today, lapsed=lapsed)

    def expiring(self, at: datetime, within: timedelta = WARN_BEFORE) -> tuple[Expiry, ...]:
        """Rows that expire soon, for the operator."""
        last = at.astimezone(UTC).date() + within
        rows = ((country.code, row) for country in self.countries for row in country.rows)
        standings = ((code, row, self.standing(code, row, at).expires_on) for code, row in rows)
        return tuple(Expiry(code, row.name, on) for code, row, on in standings if on and on <= last)

    def help_for(
        self,
        country: CountryCode | None,
        *,
        need: EmergencyNeed,
        at: datetime,
        kinds: Sequence[str] = (),
        language: Language | None = None,
    ) -> HelpAnswer:
        """Choose what a person is shown; without a country no number at all, only finders.

        `kinds` are tried before the general line, in their order. A line that speaks `language`
        is preferred among lines that are equally open.
        """
        listed = self.find(country) if country else None
        if listed is None:
            reason = NoLineReason.NONE_LISTED if country else None
            urls = self._finder_urls(None)
            return HelpAnswer(None, urls, ask_country=country is None, reason=reason)
        order = (*kinds, *GENERAL_KINDS)
        offers = list(self._offers(listed, at))
        offers.sort(key=lambda offer: _preference(offer, order, language))
        wanted = _best(offers, kinds, language)
        chosen = wanted or _best(offers, GENERAL_KINDS, language)
        return HelpAnswer(
            country=listed,
            finder_urls=self._finder_urls(listed.code),
            emergency=self._emergency(listed, need, at),
            offered=chosen,
            other_lines=tuple(offer for offer in offers if offer is not chosen),
            missing_kind=bool(kinds) and wanted is None,
            reason=None if chosen else self._why_no_line(listed, at),
        )

    def _is_outdated(self, verification: Verification) -> bool:
        country = self.find(verification.country)
        row = country.find_row(verification.row) if country else None
        return row is None or row.fingerprint != verification.fingerprint

    def _holds(self, verification: Verification, today: date) -> bool:
        return -ZONE_SLACK <= today - verification.verified_on <= self.verified_for

    def _standing_as_bundled(self, line: CrisisLine, today: date, *, lapsed: bool) -> Standing:
        # A lapsed check must not hide a line that would be shown had nobody ever checked it.
        last = self.compiled_on + BUNDLED_FOR
        if line.confidence is Confidence.HIGH:
            if today <= last:
                return Standing(RowState.UNCONFIRMED, last, lapsed=lapsed)
            return Standing(RowState.EXPIRED, lapsed=lapsed)
        return Standing(RowState.EXPIRED if lapsed else RowState.HIDDEN, lapsed=lapsed)

    def _offers(self, country: Country, at: datetime) -> Iterator[OfferedLine]:
        for line in country.lines:
            state = self.standing(country.code, line, at).state
            is_open = line.hours.is_open(at)
            if state in VISIBLE and is_open is not False:
                unconfirmed = state is RowState.UNCONFIRMED
                yield OfferedLine(line, unconfirmed, is_open, line.chat_hours.is_open(at))

    def _why_no_line(self, country: Country, at: datetime) -> NoLineReason:
        general = [line for line in country.lines if line.kind in GENERAL_KINDS]
        states = {self.standing(country.code, line, at).state for line in general}
        if not states:
            return NoLineReason.NONE_LISTED
        if states & VISIBLE:
            return NoLineReason.CLOSED_NOW
        expired = RowState.EXPIRED in states
        return NoLineReason.EXPIRED if expired else NoLineReason.NOT_VERIFIED

    def _emergency(
        self, country: Country, need: EmergencyNeed, at: datetime
    ) -> tuple[EmergencyEntry, ...]:
        numbers = country.emergency
        standing = self.standing(country.code, numbers, at)
        unconfirmed = standing.state is RowState.UNCONFIRMED
        labels = _emergency_labels(numbers, need)
        return tuple(EmergencyEntry(each, numbers.listed[each], unconfirmed) for each in labels)

    def _finder_urls(self, country: CountryCode | None) -> tuple[str, ...]:
        usable = (finder for finder in self.finders if finder.confidence is Confidence.HIGH)
        return tuple(finder.url_for(country) for finder in usable if finder.url)


EXACT_MATCH, NAME_BEGINS, WORD_BEGINS, INSIDE, NO_MATCH = range(5)


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(each for each in spread if not unicodedata.combining(each)).split())


def _match_rank(country: Country, typed: str) -> int:
    name, *aliases = (_folded(each) for each in (country.name, *country.aliases, country.code))
    if typed == name or typed in aliases:
        return EXACT_MATCH
    if name.startswith(typed):
        return NAME_BEGINS
    if any(f" {typed}" in f" {each}" for each in (name, *aliases)):
        return WORD_BEGINS
    return INSIDE if any(typed in each for each in (name, *aliases)) else NO_MATCH


def _emergency_labels(numbers: EmergencyNumbers, need: EmergencyNeed) -> tuple[EmergencyLabel, ...]:
    listed = [each for each in ONE_NUMBER.get(need, ALL_NUMBERS) if each in numbers.listed]
    voice = listed[:1] if need in ONE_NUMBER else listed
    # Whoever can't hear, or can't speak aloud now, needs the text route whatever the need.
    text = [each for each in (EmergencyLabel.DEAF_SMS,) if each in numbers.listed]
    return (*voice, *text)


def _preference(
    offer: OfferedLine, kinds: Sequence[str], language: Language | None
) -> tuple[int, bool, int]:
    hours = 2 if offer.is_open is None else int(bool(offer.line.hours.windows))
    kind = offer.line.kind
    rank = kinds.index(kind) if kind in kinds else len(kinds)
    return hours, language is not None and language not in offer.line.languages, rank


def _best(
    offers: Iterable[OfferedLine], kinds: Sequence[str], language: Language | None
) -> OfferedLine | None:
    found = [offer for offer in offers if offer.line.kind in kinds]
    return min(found, key=lambda offer: _preference(offer, kinds, language), default=None)
