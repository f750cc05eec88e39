"""The help screen: the emergency number, one line that is open now, and which country it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.actions import Action
from bot.core.crisis_resource_hours import HoursKind
from bot.core.crisis_resource_rows import Country, CrisisLine, EmergencyLabel, Region
from bot.core.crisis_resources import (
    Directory,
    EmergencyEntry,
    EmergencyNeed,
    HelpAnswer,
    OfferedLine,
)
from bot.core.people import Reader
from bot.core.screens import Button, Placement, Question, Screen, Weight, rows_of
from bot.services.ports import Clock, Texts
from bot.services.preferences import PreferenceService
from bot.services.rows import with_row

BUTTONS_A_ROW = 5
# Four rows of five countries leave a row for the way back.
MOST_COUNTRY_BUTTONS = 20
LONGEST_COUNTRY = 60
EMERGENCY_KEYS = {
    EmergencyLabel.GENERAL: "help.emergency",
    EmergencyLabel.AMBULANCE: "help.ambulance",
    EmergencyLabel.POLICE: "help.police",
    EmergencyLabel.DEAF_SMS: "help.deaf_sms",
}


@dataclass(slots=True)
class HelpService:
    """Answers from memory; `directory` is replaced whole when the operator verifies a line."""

    directory: Directory
    texts: Texts
    clock: Clock
    preferences: PreferenceService

    def open(self, reader: Reader, need: EmergencyNeed = EmergencyNeed.UNSPECIFIED) -> Screen:
        """Return the help screen: what it is, the numbers, and what else one can do."""
        say = self.texts.say
        text = f"{say(reader.language, 'help')}\n{say(reader.language, 'help.program')}"
        minute = Button(say(reader.language, "help.minute"), Action.of("help.minute"), Weight.MAIN)
        rows = ((minute, self.country_button(reader, need)),)
        return Screen(f"{text}\n\n{self.resources(reader, need)}", rows)

    def open_row(self, reader: Reader) -> Screen:
        """Return the row of buttons."""
        return with_row(self.texts, reader.language, self.texts.say(reader.language, "row"))

    def resources(self, reader: Reader, need: EmergencyNeed) -> str:
        """Return the numbers as plain lines, each number alone on its line."""
        answer = self.directory.help_for(
            reader.country, need=need, at=self.clock.now(), language=reader.language
        )
        return "\n".join(self._lines(reader, answer))

    def country_button(self, reader: Reader, need: EmergencyNeed) -> Button:
        """Return the button that asks for the country, or changes it."""
        key, weight = ("help.choose_country", Weight.MAIN)
        if reader.country:
            key, weight = ("help.change_country", Weight.PLAIN)
        action = Action.of("country.ask", need)
        return Button(self.texts.say(reader.language, key), action, weight)

    def ask_region(self, reader: Reader, need: EmergencyNeed) -> Screen:
        """Return the regions as buttons, and a way to type the country."""
        say = self.texts.say
        regions = tuple(
            Button(say(reader.language, f"country.{each}"), Action.of("country.region", each, need))
            for each in self.directory.regions()
        )
        typed = Button(say(reader.language, "country.type"), Action.of("country.type", need))
        rows = (regions[:4], regions[4:], (typed,))
        return Screen(say(reader.language, "country"), rows)

    def ask_region_again(self, reader: Reader, need: EmergencyNeed) -> Screen:
        """Return the regions in the place of the countries."""
        return replace(self.ask_region(reader, need), placement=Placement.SAME)

    def ask_country(self, reader: Reader, region: str, need: EmergencyNeed) -> Screen:
        """Return the countries of a region as buttons; an unknown region asks again."""
        if region not in set(Region):
            return self.ask_region(reader, need)
        countries = self.directory.countries_in(Region(region))[:MOST_COUNTRY_BUTTONS]
        return replace(self._country_buttons(reader, countries, need), placement=Placement.SAME)

    def ask_typed_country(self, reader: Reader, need: EmergencyNeed) -> Question:
        """Return the modal for typing a country."""
        say = self.texts.say
        return Question(
            title=say(reader.language, "country.title"),
            label=say(reader.language, "country.label"),
            action=Action.of("country.typed", need),
            most_characters=LONGEST_COUNTRY,
        )

    def choose_country(self, reader: Reader, country: str, need: EmergencyNeed) -> Screen:
        """Remember the country for this run and return the help screen for it.

        A name that is not exactly a country's is asked about, never guessed.
        """
        found = self.directory.find_named(country)
        if found is not None:
            chosen = self.preferences.choose_country(reader, found.code)
            # The buttons of the countries give way to what they were for.
            return replace(self.open(chosen, need), placement=Placement.SAME)
        near = self.directory.search(country)[:BUTTONS_A_ROW] if country.strip() else []
        if near:
            return self._country_buttons(reader, near, need)
        text = self.texts.say(reader.language, "country.not_found")
        return replace(self.ask_region(reader, need), text=text)

    def search_countries(self, typed: str) -> list[Country]:
        """Return the countries that may be meant, the likeliest first."""
        return self.directory.search(typed)

    def _country_buttons(
        self, reader: Reader, countries: Sequence[Country], need: EmergencyNeed
    ) -> Screen:
        buttons = tuple(
            Button(each.name, Action.of("country.choose", each.code, need)) for each in countries
        )
        other = Button(
            self.texts.say(reader.language, "country.other"), Action.of("country.regions", need)
        )
        rows = (*rows_of(buttons, BUTTONS_A_ROW), (other,))
        return Screen(self.texts.say(reader.language, "country.pick"), rows)

    def _lines(self, reader: Reader, answer: HelpAnswer) -> Iterator[str]:
        say = self.texts.say
        if answer.country is None:
            yield say(reader.language, "help.no_country")
        for entry in answer.emergency:
            yield from self._emergency_lines(reader, answer, entry)
        yield ""
        yield from self._line_lines(reader, answer)
        finder = "help.more" if answer.offered else "help.finder"
        for url in answer.finder_urls:
            yield say(reader.language, finder, url=url)
        if answer.ask_country:
            yield f"\n{say(reader.language, 'help.which_country')}"

    def _emergency_lines(
        self, reader: Reader, answer: HelpAnswer, entry: EmergencyEntry
    ) -> Iterator[str]:
        name = answer.country.name if answer.country else ""
        yield self.texts.say(reader.language, EMERGENCY_KEYS[entry.label], country=name)
        # Bare, because a star of a number (*4141) would be read as markup beside other stars.
        yield entry.number
        if entry.unconfirmed:
            yield self.texts.say(reader.language, "help.unconfirmed_emergency")

    def _line_lines(self, reader: Reader, answer: HelpAnswer) -> Iterator[str]:
        if answer.offered is not None:
            if answer.missing_kind:
                yield self.texts.say(reader.language, "help.missing_kind")
            yield from self._channel_lines(reader, answer.offered)
            yield self._hours(reader, answer.offered)
            if answer.offered.unconfirmed:
                compiled = f"{self.directory.compiled_on:%B %Y}"
                yield self.texts.say(reader.language, "help.unconfirmed", compiled=compiled)
            yield ""
        elif answer.reason is not None and answer.country is not None:
            key = f"help.{answer.reason}"
            yield self.texts.say(reader.language, key, country=answer.country.name)

    def _channel_lines(self, reader: Reader, offered: OfferedLine) -> Iterator[str]:
        line, say = offered.line, self.texts.say
        if line.voice:
            yield say(reader.language, "help.call", name=_unmarked(line.name))
            yield from line.voice
        if line.text:
            yield self._text_line(reader, line)
            yield line.text.number
        if line.whatsapp:
            yield say(reader.language, "help.whatsapp", name=_unmarked(line.name))
            yield line.whatsapp
        if line.chat and offered.chat_is_open is not False:
            yield say(reader.language, "help.chat", name=_unmarked(line.name))
            yield line.chat

    def _text_line(self, reader: Reader, line: CrisisLine) -> str:
        keyword = line.text.keyword if line.text else ""
        if keyword:
            return self.texts.say(
                reader.language, "help.text_keyword", name=_unmarked(line.name), keyword=keyword
            )
        return self.texts.say(reader.language, "help.text", name=_unmarked(line.name))

    def _hours(self, reader: Reader, offered: OfferedLine) -> str:
        if offered.is_open is None:
            key = "help.hours_unknown"
        else:
            key = (
                "help.always_open"
                if offered.line.hours.kind is HoursKind.ALWAYS
                else "help.open_now"
            )
        return self.texts.say(reader.language, key)


def _unmarked(name: str) -> str:
    # A line may be named after its number; two bare stars on one screen would be markup.
    return name.replace("*", "\\*")
