"""People find their country however they call it, and operators find a row by its name."""

from dataclasses import replace

import pytest

from bot.core.crisis_resource_rows import Region, TextNumber
from tests.core.crisis_resource_examples import (
    country,
    directory,
    line,
)

GERMANY = country(code="DE", name="Germany", aliases=("Deutschland",))
IRELAND = country(code="IE", name="Ireland", aliases=("Éire",))
KINGDOM = country(code="GB", name="United Kingdom", aliases=("UK", "Northern Ireland"))
UKRAINE = country(code="UA", name="Ukraine", region=Region.EASTERN_EUROPE)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("germany", ["Germany"]),
        ("  DEUTSCH", ["Germany"]),
        ("uk", ["United Kingdom", "Ukraine"]),
        ("eire", ["Ireland"]),
        ("Írelánd", ["Ireland", "United Kingdom"]),
        ("gb", ["United Kingdom"]),
        ("kingdom", ["United Kingdom"]),
        ("kraine", ["Ukraine"]),
        ("atlantis", []),
    ],
)
def test_country_is_found_by_name_code_or_what_its_people_call_it(
    typed: str, names: list[str]
) -> None:
    found = directory(GERMANY, IRELAND, KINGDOM, UKRAINE)

    assert [each.name for each in found.search(typed)] == names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("deutschland", "Germany"),
        ("Gb", "United Kingdom"),
        ("éire", "Ireland"),
        ("Ukrain", None),
        ("raine", None),
        ("", None),
    ],
)
def test_country_that_was_typed_is_taken_only_if_it_is_exactly_that(
    typed: str, name: str | None
) -> None:
    """Niger must not get the numbers of Nigeria."""
    found = directory(GERMANY, IRELAND, KINGDOM, UKRAINE).find_named(typed)

    assert (found.name if found else None) == name


def test_suggestions_stay_within_what_discord_shows() -> None:
    found = directory(*(country(code=f"X{each}", name=f"Land {each:02}") for each in range(40)))

    assert [each.name for each in found.search("")] == [f"Land {each:02}" for each in range(25)]


def test_countries_are_found_by_region() -> None:
    found = directory(KINGDOM, UKRAINE, GERMANY)

    assert found.regions() == (Region.EASTERN_EUROPE, Region.ASIA)
    assert found.countries_in(Region.ASIA) == (GERMANY, KINGDOM)


# Rows as operators read them


def test_row_says_each_number_once_and_every_way_in_words() -> None:
    row = replace(
        line("One", voice=("988", "988, then press 1"), chat="https://chat.example"),
        text=TextNumber("988", "HOME"),
        whatsapp="9151 1767",
    )

    assert row.numbers == ("988", "988, then press 1", "9151 1767")
    assert row.channels == (
        "call 988",
        "call 988, then press 1",
        "text HOME to 988",
        "WhatsApp 9151 1767",
        "chat https://chat.example",
    )
    assert str(TextNumber("988")) == "text 988"


def test_row_is_found_by_its_name_in_any_capitals() -> None:
    here = country(line("One"))

    assert here.find_row(" one ") == here.lines[0]
    assert here.find_row("EMERGENCY") == here.emergency
    assert here.find_row("Two") is None
