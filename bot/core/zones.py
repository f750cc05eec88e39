"""Time zones as people look for them: by a city, in any spelling, and never by an offset."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.core.errors import HandrailError

# Discord shows no more than this many suggestions.
MOST_SUGGESTIONS = 25
UTC_NAME = "UTC"
# The last rank that still tells which city was meant: a word of its name begins like this.
SURE = 2
AREAS = frozenset({
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
    "Indian", "Pacific",
})  # fmt: skip
# Letters that are not another letter with a mark on it.
PLAIN_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "_": " ", "-": " ", "/": " ", ".": " ", ",": " ", "'": None,
    "\N{RIGHT SINGLE QUOTATION MARK}": None,
})  # fmt: skip
# Offered before anything is typed: where many people are, once around the world.
FIRST_OFFERED = (
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin",
    "Europe/Madrid", "Europe/Rome", "Europe/Warsaw", "Europe/Athens", "Europe/Istanbul",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Toronto", "America/Mexico_City", "America/Sao_Paulo", "Africa/Lagos",
    "Africa/Johannesburg", "Asia/Kolkata", "Asia/Manila", "Asia/Singapore", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
# Cities that no zone is named for, and other names of those that are.
OTHER_CITIES = {
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria",
    "Africa/Lagos": "Abuja",
    "Africa/Nairobi": "Mombasa",
    "America/Argentina/Buenos_Aires": "Rosario",
    "America/Chicago": "Austin, Dallas, Houston, Memphis, Minneapolis, Nashville, New Orleans, "
    "San Antonio, St. Louis, Central Time US",
    "America/Costa_Rica": "San José",
    "America/Denver": "Albuquerque, Salt Lake City, Mountain Time US",
    "America/Edmonton": "Calgary",
    "America/Indiana/Indianapolis": "Fort Wayne",
    "America/Los_Angeles": "Las Vegas, Portland, Sacramento, San Diego, San Francisco, San José, "
    "Seattle, Pacific Time US",
    "America/Mexico_City": "Guadalajara, Puebla",
    "America/New_York": "Atlanta, Baltimore, Boston, Charlotte, Cleveland, Columbus, Miami, "
    "Orlando, Philadelphia, Pittsburgh, Washington DC, Eastern Time US",
    "America/Nuuk": "Godthåb",
    "America/Puerto_Rico": "San Juan",
    "America/Sao_Paulo": "Belo Horizonte, Brasília, Rio de Janeiro",
    "America/Tijuana": "Ensenada",
    "America/Toronto": "Montréal, Ottawa, Québec, Thunder Bay",
    "America/Winnipeg": "Rainy River",
    "Asia/Dhaka": "Dacca",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon",
    "Asia/Jerusalem": "Haifa, Tel Aviv",
    "Asia/Karachi": "Islamabad, Lahore",
    "Asia/Kathmandu": "Katmandu",
    "Asia/Kolkata": "Bangalore, Bengaluru, Calcutta, Chennai, Delhi, Hyderabad, Mumbai, "
    "New Delhi, Pune",
    "Asia/Riyadh": "Jeddah, Mecca",
    "Asia/Seoul": "Busan",
    "Asia/Shanghai": "Beijing, Chengdu, Chongqing, Guangzhou, Harbin, Shenzhen, Wuhan",
    "Asia/Thimphu": "Thimbu",
    "Asia/Tokyo": "Kyoto, Osaka",
    "Asia/Urumqi": "Kashgar",
    "Asia/Yangon": "Rangoon",
    "Australia/Brisbane": "Gold Coast",
    "Australia/Sydney": "Canberra",
    "Europe/Athens": "Athína, Thessaloniki",
    "Europe/Belgrade": "Beograd",
    "Europe/Berlin": "Cologne, Düsseldorf, Frankfurt, Hamburg, Köln, Leipzig, Munich, München, "
    "Stuttgart",
    "Europe/Brussels": "Antwerp, Bruxelles",
    "Europe/Bucharest": "București",
    "Europe/Chisinau": "Tiraspol",
    "Europe/Copenhagen": "København",
    "Europe/Dublin": "Cork",
    "Europe/Istanbul": "Ankara, Izmir",
    "Europe/Kyiv": "Kiev, Kharkiv, Lviv, Odesa",
    "Europe/Lisbon": "Lisboa, Porto",
    "Europe/London": "Belfast, Birmingham, Cardiff, Edinburgh, Glasgow, Leeds, Liverpool, "
    "Manchester",
    "Europe/Madrid": "Barcelona, Sevilla, Valencia",
    "Europe/Moscow": "Moskva, St. Petersburg",
    "Europe/Oslo": "Bergen",
    "Europe/Paris": "Bordeaux, Lyon, Marseille, Toulouse",
    "Europe/Prague": "Brno, Praha",
    "Europe/Rome": "Florence, Milan, Naples, Roma, Turin",
    "Europe/Stockholm": "Gothenburg, Malmö",
    "Europe/Vienna": "Graz, Wien",
    "Europe/Warsaw": "Kraków, Gdańsk, Warszawa",
    "Europe/Zurich": "Basel, Bern, Genève, Geneva",
    "Pacific/Auckland": "Christchurch, Wellington",
}
# Names that still work but that nobody should choose today: renamed places, and whole states.
OLD_NAMES = frozenset({
    "Africa/Asmera", "Africa/Timbuktu", "America/Argentina/ComodRivadavia", "America/Atka",
    "America/Buenos_Aires", "America/Catamarca", "America/Coral_Harbour", "America/Cordoba",
    "America/Ensenada", "America/Fort_Wayne", "America/Godthab", "America/Indianapolis",
    "America/Jujuy", "America/Knox_IN", "America/Louisville", "America/Mendoza", "America/Montreal",
    "America/Nipigon", "America/Pangnirtung", "America/Porto_Acre", "America/Rainy_River",
    "America/Rosario", "America/Santa_Isabel", "America/Shiprock", "America/Thunder_Bay",
    "America/Virgin", "Antarctica/South_Pole", "Asia/Ashkhabad", "Asia/Calcutta", "Asia/Choibalsan",
    "Asia/Chongqing", "Asia/Chungking", "Asia/Dacca", "Asia/Harbin", "Asia/Istanbul",
    "Asia/Kashgar", "Asia/Katmandu", "Asia/Macao", "Asia/Rangoon", "Asia/Saigon", "Asia/Tel_Aviv",
    "Asia/Thimbu", "Asia/Ujung_Pandang", "Asia/Ulan_Bator", "Atlantic/Faeroe", "Atlantic/Jan_Mayen",
    "Australia/ACT", "Australia/Canberra", "Australia/Currie", "Australia/LHI", "Australia/NSW",
    "Australia/North", "Australia/Queensland", "Australia/South", "Australia/Tasmania",
    "Australia/Victoria", "Australia/West", "Australia/Yancowinna", "Europe/Belfast", "Europe/Kiev",
    "Europe/Nicosia", "Europe/Tiraspol", "Europe/Uzhgorod", "Europe/Zaporozhye",
    "Pacific/Enderbury", "Pacific/Johnston", "Pacific/Ponape", "Pacific/Samoa", "Pacific/Truk",
    "Pacific/Yap",
})  # fmt: skip


class UnknownZone(HandrailError):
    """There is no time zone of that name."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city and the IANA name of its zone; `key` is what is searched.

    So is `zone_key`, which only the city has that the zone is named for.
    """

    city: str
    zone: str
    key: str
    zone_key: str = ""

    @property
    def label(self) -> str:
        """The place as it is offered: "New York (America/New_York)"."""
        return f"{self.city} ({self.zone})"

    def rank(self, wanted: str) -> int | None:
        """Return how well it fits a key, 0 the best, or None where it does not."""
        fits = (
            wanted == self.key,
            self.key.startswith(wanted),
            f" {wanted}" in f" {self.key}",
            f" {wanted}" in f" {self.zone_key}",
            wanted in self.key,
        )
        return fits.index(True) if any(fits) else None


class Zones:
    """Every zone that can be chosen; made once, from the names that the time zone data has."""

    def __init__(self, names: Iterable[str]) -> None:
        zones = {name for name in names if _can_be_chosen(name)} | {UTC_NAME}
        self._zones = {_key(name): name for name in zones}
        self._places = tuple(place for zone in zones for place in _places_of(zone))

    @classmethod
    def load(cls) -> "Zones":
        """Return the zones of the installed time zone data; it reads files, so do it at start."""
        return cls(available_timezones())

    def known_zone(self, name: str) -> bool:
        """Tell whether this is exactly the name of a zone that can be chosen."""
        return self._zones.get(_key(name)) == name

    def search(self, text: str) -> tuple[Place, ...]:
        """Return the best places for what was typed so far, each zone once, at most 25."""
        wanted = _key(text)
        if not wanted:
            return tuple(_named_for(zone) for zone in FIRST_OFFERED)
        best: dict[str, Place] = {}
        for _, place in sorted(self._fitting(wanted), key=lambda one: (one[0], one[1].city)):
            best.setdefault(place.zone, place)
        return tuple(best.values())[:MOST_SUGGESTIONS]

    def find(self, text: str) -> str | None:
        """Return the one zone that was meant, be it typed as a zone or a city, or None."""
        wanted = _key(text)
        if wanted in self._zones:
            return self._zones[wanted]
        fitting = self._fitting(wanted) if wanted else []
        exact = {place.zone for rank, place in fitting if rank == 0}
        candidates = exact or {place.zone for rank, place in fitting if rank <= SURE}
        return candidates.pop() if len(candidates) == 1 else None

    def _fitting(self, wanted: str) -> list[tuple[int, Place]]:
        ranked = ((place.rank(wanted), place) for place in self._places)
        return [(rank, place) for rank, place in ranked if rank is not None]


def get_zone(name: str) -> ZoneInfo:
    """Return the rules of a zone; raises UnknownZone."""
    try:
        return ZoneInfo(name)
    # A name is looked up as a file: one that is no plain name fails as files do.
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone("That time zone is not known. Choose one by its city.") from error


def _can_be_chosen(name: str) -> bool:
    return name.split("/", maxsplit=1)[0] in AREAS and name not in OLD_NAMES


def _places_of(zone: str) -> Iterator[Place]:
    yield _named_for(zone)
    for city in filter(None, OTHER_CITIES.get(zone, "").split(", ")):
        yield Place(city, zone, _key(city))


def _named_for(zone: str) -> Place:
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return Place(city, zone, _key(city), zone_key=_key(zone))


def _key(text: str) -> str:
    """Return text without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(plain.translate(PLAIN_LETTERS).split())
