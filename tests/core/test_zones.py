"""Somebody who knows a city finds its time zone, however they spell it."""

import zoneinfo

import pytest

from bot.core.zones import (
    FIRST_OFFERED,
    MOST_SUGGESTIONS,
    OTHER_CITIES,
    UnknownZone,
    Zones,
    get_zone,
)


@pytest.fixture(scope="module")
def zones() -> Zones:
    return Zones.load()


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("new york", "New York (America/New_York)"),
        ("New Y", "New York (America/New_York)"),
        ("york", "New York (America/New_York)"),
        ("america/new_york", "New York (America/New_York)"),
        ("munich", "Munich (Europe/Berlin)"),
        ("MÜNCH", "München (Europe/Berlin)"),
        ("koln", "Köln (Europe/Berlin)"),
        ("san francisco", "San Francisco (America/Los_Angeles)"),
        ("mumbai", "Mumbai (Asia/Kolkata)"),
        ("Calcutta", "Calcutta (Asia/Kolkata)"),
        ("beijing", "Beijing (Asia/Shanghai)"),
        ("são paulo", "Sao Paulo (America/Sao_Paulo)"),
        ("kobenhavn", "København (Europe/Copenhagen)"),
        ("washington, dc", "Washington DC (America/New_York)"),
        ("st petersburg", "St. Petersburg (Europe/Moscow)"),
        ("buenos", "Buenos Aires (America/Argentina/Buenos_Aires)"),
        ("elaide", "Adelaide (Australia/Adelaide)"),
    ],
)
def test_city_is_found(zones: Zones, typed: str, label: str) -> None:
    assert zones.search(typed)[0].label == label


def test_two_cities_of_one_name_are_both_offered(zones: Zones) -> None:
    offered = {place.zone for place in zones.search("san jose")}

    assert offered == {"America/Costa_Rica", "America/Los_Angeles"}
    assert zones.find("san jose") is None


def test_each_zone_is_offered_once(zones: Zones) -> None:
    offered = [place.zone for place in zones.search("s")]

    assert len(offered) == len(set(offered)) == MOST_SUGGESTIONS


def test_whole_name_comes_before_names_that_begin_like_it(zones: Zones) -> None:
    assert zones.search("rome")[0].city == "Rome"
    assert zones.search("bern")[0].zone == "Europe/Zurich"


def test_something_is_offered_before_anything_is_typed(zones: Zones) -> None:
    assert [place.zone for place in zones.search(" ")] == list(FIRST_OFFERED)


@pytest.mark.parametrize("typed", ["qqq", "cet", "gmt+5", "asia/calcuttas"])
def test_nothing_is_offered_for_what_is_no_place(zones: Zones, typed: str) -> None:
    assert zones.search(typed) == ()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("utc", "UTC"),
        ("Munich", "Europe/Berlin"),
        ("Berl", "Europe/Berlin"),
        ("", None),
        ("europe", None),
        # Part of a word tells too little.
        ("ny", None),
    ],
)
def test_typed_zone_is_taken_only_where_it_is_clear(
    zones: Zones, typed: str, zone: str | None
) -> None:
    assert zones.find(typed) == zone


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("Europe/Berlin", True),
        ("UTC", True),
        ("europe/berlin", False),
        ("Berlin", False),
        # These do not follow the clocks of a place, or have a newer name.
        ("EST", False),
        ("Etc/GMT+5", False),
        ("Asia/Calcutta", False),
    ],
)
def test_known_zone_is_a_place_by_its_exact_name(zones: Zones, name: str, is_known: bool) -> None:
    assert zones.known_zone(name) is is_known


def test_every_city_belongs_to_a_zone_that_can_be_chosen(zones: Zones) -> None:
    named = {*OTHER_CITIES, *FIRST_OFFERED}

    assert [zone for zone in named if not zones.known_zone(zone)] == []


def test_suggestions_fit_into_what_discord_shows(zones: Zones) -> None:
    places = [place for letter in "abcdefghijklmnopqrstuvwxyz" for place in zones.search(letter)]

    assert max(len(place.label) for place in places) <= 100


def test_only_names_that_the_data_has_are_offered() -> None:
    few = Zones(["Europe/Oslo", "US/Eastern", "Asia/Saigon"])

    assert [place.zone for place in few.search("o")] == ["Europe/Oslo"]
    assert few.search("saigon") == ()


def test_rules_of_a_zone() -> None:
    assert get_zone("Asia/Tokyo") is zoneinfo.ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("name", ["", "Europe", "../Europe/Oslo", "Europe/Atlantis", "x" * 5000])
def test_no_zone_of_that_name(name: str) -> None:
    with pytest.raises(UnknownZone):
        get_zone(name)
