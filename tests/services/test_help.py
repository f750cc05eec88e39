"""How a person gets to the numbers of their country, without anyone guessing it."""

import pytest

from bot.core.crisis_resource_rows import Country, EmergencyLabel, Region
from bot.core.crisis_resources import EmergencyNeed
from bot.core.screens import Button, Placement, Screen
from tests.services.fakes import CLEO, House, assert_fits, directory, labels, pressed, say

COUNTRIES = directory().countries
UNSPECIFIED = EmergencyNeed.UNSPECIFIED


@pytest.fixture
def house() -> House:
    return House()


def chosen(house: House) -> str | None:
    return house.preferences.reader(CLEO).country


def choose(house: House, text: str) -> Screen:
    return house.help.choose_country(house.cleo, text, UNSPECIFIED)


def test_without_a_country_no_number_is_shown_and_the_country_is_asked(house: House) -> None:
    screen = house.help.open(house.cleo)
    lines = screen.text.split("\n")

    assert say("help.no_country") in lines
    assert not [line for line in lines if line[:1].isdecimal() or line.startswith(("+", "*"))]
    assert lines[-1] == say("help.which_country")
    assert labels(screen) == ["One minute of grounding", "Choose my country"]


def test_every_number_stands_alone_on_its_line(house: House) -> None:
    house.cleo_is_in("US")
    lines = house.help.open(house.cleo).text.split("\n")

    assert {"911", "988"} <= set(lines)
    assert len([line for line in lines if line == "911"]) == 1


@pytest.mark.parametrize("text", ["France", "france", " FRANCE ", "FR", "fr"])
def test_a_country_by_its_name_or_code_opens_its_numbers(house: House, text: str) -> None:
    screen = choose(house, text)

    assert chosen(house) == "FR"
    assert "112" in screen.text.split("\n")
    assert screen.placement is Placement.SAME
    assert "Change country" in labels(screen)


@pytest.mark.parametrize(
    "text", ["Niger", "Austr", "Austrlia", "Irelan", "Guinea", "Franc", "New", "Korea North"]
)
def test_a_name_that_is_only_near_is_asked_about_and_never_taken(house: House, text: str) -> None:
    screen = choose(house, text)

    assert chosen(house) is None
    assert not any(line[:1].isdecimal() for line in screen.text.split("\n"))
    assert "Another region" in labels(screen) or "Type my country" in labels(screen)


def test_near_names_are_offered_as_buttons(house: House) -> None:
    screen = choose(house, "Niger")

    assert screen.text == say("country.pick")
    assert "Nigeria" in labels(screen)
    assert pressed(screen, "Nigeria").action.arguments[0] == "NG"


@pytest.mark.parametrize("text", ["Atlantis", "", "   ", "???"])
def test_a_name_nobody_knows_leads_to_the_regions(house: House, text: str) -> None:
    screen = choose(house, text)

    assert chosen(house) is None
    assert screen.text == say("country.not_found")
    assert labels(screen) == labels(house.help.ask_region(house.cleo, UNSPECIFIED))


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda each: each.code)
def test_every_country_is_two_presses_away(house: House, country: Country) -> None:
    regions = house.help.ask_region(house.cleo, UNSPECIFIED)
    [region] = [each for each in regions.buttons if each.action.argument(0) == country.region]
    countries = house.help.ask_country(house.cleo, region.action.argument(0), UNSPECIFIED)
    button = pressed(countries, country.name)
    house.help.choose_country(house.cleo, button.action.argument(0), UNSPECIFIED)

    assert countries.placement is Placement.SAME
    assert chosen(house) == country.code


@pytest.mark.parametrize("need", EmergencyNeed)
def test_what_the_number_is_for_is_not_forgotten_on_the_way(
    house: House, need: EmergencyNeed
) -> None:
    def needs(screen: Screen, name: str) -> set[str]:
        found: list[Button] = [each for each in screen.buttons if each.action.name == name]
        assert found
        return {each.action.arguments[-1] for each in found}

    cleo, help_service = house.cleo, house.help
    regions = help_service.ask_region(cleo, need)
    countries = help_service.ask_country(cleo, Region.AFRICA, need)
    assert needs(help_service.open(cleo, need), "country.ask") == {need}
    assert needs(regions, "country.region") == needs(regions, "country.type") == {need}
    assert needs(countries, "country.choose") == needs(countries, "country.regions") == {need}
    assert help_service.ask_typed_country(cleo, need).action.arguments == (need,)


def test_the_number_shown_is_the_one_for_the_need(house: House) -> None:
    france = directory().find_named("France")
    assert france is not None
    listed = france.emergency.listed
    medical = house.help.choose_country(house.cleo, "FR", EmergencyNeed.MEDICAL)
    others = house.help.choose_country(house.cleo, "FR", EmergencyNeed.DANGER_FROM_OTHERS)

    assert listed[EmergencyLabel.AMBULANCE] in medical.text.split("\n")
    assert listed[EmergencyLabel.POLICE] not in medical.text.split("\n")
    assert listed[EmergencyLabel.POLICE] in others.text.split("\n")
    assert listed[EmergencyLabel.AMBULANCE] not in others.text.split("\n")


def test_an_unknown_region_of_an_old_button_asks_again(house: House) -> None:
    screen = house.help.ask_country(house.cleo, "atlantis", UNSPECIFIED)

    assert screen.text == say("country")


def test_the_way_back_takes_the_place_of_the_countries(house: House) -> None:
    screen = house.help.ask_region_again(house.cleo, UNSPECIFIED)

    assert screen.placement is Placement.SAME
    assert screen.text == say("country")


def test_the_longest_name_can_be_typed(house: House) -> None:
    question = house.help.ask_typed_country(house.cleo, UNSPECIFIED)

    assert question.most_characters >= max(len(each.name) for each in COUNTRIES)


@pytest.mark.parametrize("country", [None, *COUNTRIES], ids=lambda each: each and each.code)
def test_every_screen_is_one_that_discord_takes(house: House, country: Country | None) -> None:
    if country is not None:
        house.cleo_is_in(country.code)
    assert_fits(house.help.open(house.cleo))
    assert_fits(house.help.open_row(house.cleo))
    assert_fits(house.help.ask_region(house.cleo, UNSPECIFIED))
    for region in Region:
        assert_fits(house.help.ask_country(house.cleo, region, UNSPECIFIED))


def test_a_country_is_remembered_for_its_person_alone(house: House) -> None:
    choose(house, "France")

    assert house.preferences.reader(CLEO).country == "FR"
    assert House().preferences.reader(CLEO).country is None
