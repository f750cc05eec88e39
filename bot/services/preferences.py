"""What people chose for their screens, in memory only and only for as long as the bot runs."""

from dataclasses import dataclass, field

from bot.core.people import ENGLISH, CountryCode, Language, PersonId, Reader
from bot.core.recent import Recent

PEOPLE_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class PreferenceService:
    """A country is asked once; without consent it is forgotten when the bot stops."""

    _countries: Recent[PersonId, CountryCode] = field(
        default_factory=lambda: Recent[PersonId, CountryCode](PEOPLE_REMEMBERED)
    )

    def reader(self, person: PersonId, language: Language = ENGLISH) -> Reader:
        """Return the person as a reader of screens."""
        return Reader(person, language, self._countries.find(person))

    def choose_country(self, reader: Reader, country: CountryCode) -> Reader:
        """Remember the country and return the reader with it."""
        self._countries.put(reader.person, country)
        return self.reader(reader.person, reader.language)
