"""Every help screen of every country fits one message and shows each number as its source does."""

import re
from datetime import UTC, date, datetime

import pytest

from bot.content.crisis_resources import bundled_resources, load_directory
from bot.content.texts import load_texts
from bot.core.crisis_resource_rows import Country, Verification
from bot.core.crisis_resources import Directory, EmergencyNeed
from bot.core.people import ENGLISH, PersonId, Reader
from bot.services.help import HelpService
from bot.services.preferences import PreferenceService

MOST_CHARACTERS = 2000
HAS_DIGITS = re.compile(r"\d")
STARTS_LIKE_A_NUMBER = re.compile(r"[*+\d]")
NOW = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
BUNDLED = load_directory(bundled_resources())


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="module", params=["as bundled", "all verified"])
def help_service(request: pytest.FixtureRequest) -> HelpService:
    directory = BUNDLED if request.param == "as bundled" else _all_verified(BUNDLED)
    texts = load_texts(bundled_resources().joinpath("..", "texts"))
    return HelpService(directory, texts, FixedClock(), PreferenceService())


@pytest.mark.parametrize("need", EmergencyNeed)
def test_screen_fits_and_numbers_are_exact_in_every_country(
    help_service: HelpService, need: EmergencyNeed
) -> None:
    for country in BUNDLED.countries:
        _check_screen(help_service, country, need)


def _check_screen(help_service: HelpService, country: Country, need: EmergencyNeed) -> None:
    reader = Reader(PersonId(1), ENGLISH, country.code)
    text = help_service.open(reader, need).text

    assert len(text) <= MOST_CHARACTERS
    assert (
        text.replace("\\*", "").count("*") <= 1
    )  # two stars would be markup, and a number may have one
    numbers = {number for row in country.rows for number in row.numbers}
    shown = {line for line in text.splitlines() if HAS_DIGITS.search(line)}
    assert shown & numbers
    alone = {line for line in shown if STARTS_LIKE_A_NUMBER.match(line) and line[-1] != ":"}
    assert alone <= numbers


def _all_verified(directory: Directory) -> Directory:
    made = (
        Verification(each.code, row.name, row.fingerprint, "a test", date(2026, 11, 1))
        for each in directory.countries
        for row in each.rows
    )
    return directory.with_verifications({(each.country, each.row): each for each in made})
