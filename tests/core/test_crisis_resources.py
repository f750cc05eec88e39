"""A person is shown the right emergency number and one line that answers now, or the truth."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.crisis_resource_hours import ALWAYS, UNKNOWN, Hours
from bot.core.crisis_resource_rows import Confidence, CrisisLine, ResourceKind
from bot.core.crisis_resources import GENERAL_KINDS, Directory, EmergencyNeed, NoLineReason
from bot.core.people import CountryCode, Language
from tests.core.crisis_resource_examples import (
    AFTERNOONS,
    FINDER,
    HERE,
    MORNINGS,
    NEED,
    NOON,
    country,
    days_later,
    directory,
    line,
    numbers,
    verified,
)

# Emergency numbers


@pytest.mark.parametrize(
    ("need", "listed", "expected"),
    [
        ("medical", {"general": "112", "ambulance": "15", "police": "17"}, ["ambulance 15"]),
        ("medical", {"general": "112", "police": "110"}, ["general 112"]),
        ("medical", {"police": "112", "ambulance": "113"}, ["ambulance 113"]),
        ("danger_from_others", {"general": "112", "police": "110"}, ["police 110"]),
        ("danger_from_others", {"general": "112", "ambulance": "144"}, ["general 112"]),
        ("danger_from_others", {"police": "112", "ambulance": "113"}, ["police 112"]),
        ("unspecified", {"general": "911"}, ["general 911"]),
        ("unspecified", {"police": "112", "ambulance": "113"}, ["ambulance 113", "police 112"]),
        (
            "unspecified",
            {"general": "112", "police": "17", "ambulance": "15", "also": "999", "fire": "18"},
            ["general 112", "ambulance 15", "police 17"],
        ),
        (
            "danger_from_others",
            {"general": "112", "police": "17", "deaf_sms": "114"},
            ["police 17", "deaf_sms 114"],
        ),
    ],
)
def test_the_emergency_number_fits_what_is_happening(
    need: str, listed: dict[str, str], expected: list[str]
) -> None:
    found = directory(country(emergency=numbers(**listed)))

    answer = found.help_for(HERE, need=EmergencyNeed(need), at=NOON)

    assert [f"{each.label} {each.number}" for each in answer.emergency] == expected
    assert not any(each.unconfirmed for each in answer.emergency)


def test_doubtful_emergency_number_is_shown_and_called_unconfirmed_until_verified() -> None:
    doubtful = numbers(confidence="low")
    found = directory(country(emergency=doubtful))

    def flags(seen: Directory, at: datetime = NOON) -> list[bool]:
        return [each.unconfirmed for each in seen.help_for(HERE, need=NEED, at=at).emergency]

    assert flags(found) == [True]
    assert flags(verified(found, doubtful)) == [False]
    assert flags(verified(found, doubtful), days_later(184)) == [True]


def test_the_emergency_number_outlives_every_list() -> None:
    answer = directory(country(line("One"))).help_for(HERE, need=NEED, at=days_later(4000))

    assert [each.number for each in answer.emergency] == ["112"]


# Which country


def test_without_a_country_there_is_no_number_only_the_finder_and_the_question() -> None:
    answer = directory(country(line("One"))).help_for(None, need=NEED, at=NOON)

    assert answer.ask_country
    assert answer.finder_urls == ("https://finder.example",)
    assert (answer.country, answer.emergency, answer.line) == (None, (), None)
    assert answer.reason is None
    assert not answer.unconfirmed
    assert not answer.hours_known


def test_a_country_we_do_not_list_is_not_asked_for_again() -> None:
    answer = directory(country()).help_for(CountryCode("ZZ"), need=NEED, at=NOON)

    assert not answer.ask_country
    assert answer.reason is NoLineReason.NONE_LISTED
    assert answer.finder_urls == ("https://finder.example",)


def test_a_known_country_gets_its_own_page_of_the_finder() -> None:
    answer = directory(country()).help_for(HERE, need=NEED, at=NOON)

    assert answer.finder_urls == ("https://finder.example/countries/xa",)
    assert replace(FINDER, per_country="").url_for(HERE) == "https://finder.example"


# Which line is the one


def test_line_that_is_closed_now_is_never_offered() -> None:
    closed, always = line("Closed", hours=MORNINGS), line("Always", kind="mental_health")

    answer = directory(country(closed, always)).help_for(HERE, need=NEED, at=NOON)

    assert answer.line == always
    assert answer.other_lines == ()


def test_when_all_lines_are_closed_the_answer_says_so() -> None:
    answer = directory(country(line("One", hours=MORNINGS))).help_for(HERE, need=NEED, at=NOON)

    assert answer.line is None
    assert answer.reason is NoLineReason.CLOSED_NOW


def test_always_open_comes_before_open_now_before_unknown_hours() -> None:
    rows = [line("Unknown", hours=UNKNOWN), line("Now", hours=AFTERNOONS), line("Always")]

    answer = directory(country(*rows)).help_for(HERE, need=NEED, at=NOON)

    assert answer.line == rows[2]
    assert [each.line.name for each in answer.other_lines] == ["Now", "Unknown"]
    assert [each.is_open for each in answer.other_lines] == [True, None]


@pytest.mark.parametrize(("hours", "known"), [(ALWAYS, True), (AFTERNOONS, True), (UNKNOWN, False)])
def test_unknown_hours_are_said_to_be_unknown(hours: Hours, known: bool) -> None:
    answer = directory(country(line("One", hours=hours))).help_for(HERE, need=NEED, at=NOON)

    assert answer.hours_known is known
    assert answer.unconfirmed


def test_chat_may_be_closed_while_the_phone_is_open() -> None:
    row = line("One", chat="https://chat.example", chat_hours=MORNINGS)

    answer = directory(country(row)).help_for(HERE, need=NEED, at=NOON)

    assert answer.offered is not None
    assert (answer.offered.is_open, answer.offered.chat_is_open) == (True, False)


def test_line_in_ones_own_language_comes_first() -> None:
    dutch, french = line("Dutch", languages=["nl"]), line("French", languages=["fr"])
    found = directory(country(dutch, french))

    assert found.help_for(HERE, need=NEED, at=NOON).line == dutch
    assert found.help_for(HERE, need=NEED, at=NOON, language=Language("fr")).line == french
    assert found.help_for(HERE, need=NEED, at=NOON, language=Language("de")).line == dutch


def test_the_kind_asked_for_comes_first_in_the_order_asked() -> None:
    rows = line("General"), line("Youth", kind="youth"), line("Child", kind="child")
    found = directory(country(*rows))

    answer = found.help_for(HERE, need=NEED, at=NOON, kinds=("child", "youth"))

    assert answer.line == rows[2]
    assert [each.line.name for each in answer.other_lines] == ["Youth", "General"]
    assert not answer.missing_kind


@pytest.mark.parametrize("other", [[], [line("Abuse", kind="domestic_violence", hours=MORNINGS)]])
def test_kind_without_a_line_says_so_and_shows_the_general_line(other: list[CrisisLine]) -> None:
    general = line("General")

    answer = directory(country(general, *other)).help_for(
        HERE, need=NEED, at=NOON, kinds=("domestic_violence",)
    )

    assert answer.missing_kind
    assert answer.line == general


def test_line_for_children_is_never_the_general_line() -> None:
    child = line("Child", kind="child")

    answer = directory(country(child)).help_for(HERE, need=NEED, at=NOON)

    assert answer.line is None
    assert answer.reason is NoLineReason.NONE_LISTED
    assert [each.line for each in answer.other_lines] == [child]


LINES = st.builds(
    line,
    st.just("One"),
    kind=st.sampled_from(sorted(ResourceKind)),
    hours=st.sampled_from([ALWAYS, UNKNOWN, MORNINGS, AFTERNOONS]),
    confidence=st.sampled_from(sorted(Confidence)),
    voice=st.lists(st.from_regex(r"[0-9]{3,6}", fullmatch=True), min_size=1).map(tuple),
)


@settings(max_examples=40)
@given(
    rows=st.lists(LINES, max_size=5),
    need=st.sampled_from(sorted(EmergencyNeed)),
    hours_later=st.integers(0, 9000),
    kinds=st.lists(st.sampled_from(sorted(ResourceKind)), max_size=2),
)
def test_an_answer_holds_only_listed_rows_that_may_be_shown_and_are_not_closed(
    rows: list[CrisisLine], need: EmergencyNeed, hours_later: int, kinds: list[str]
) -> None:
    at = NOON + timedelta(hours=hours_later)
    here = country(*rows)
    found = directory(here)

    answer = found.help_for(HERE, need=need, at=at, kinds=kinds)

    offers = [*([answer.offered] if answer.offered else []), *answer.other_lines]
    assert {each.number for each in answer.emergency} <= set(here.emergency.numbers)
    assert answer.emergency
    assert (answer.line is None) == (answer.reason is not None)
    assert all(each.line in rows and each.unconfirmed for each in offers)
    assert all(each.line.confidence is Confidence.HIGH for each in offers)
    assert all(each.line.hours.is_open(at) is not False for each in offers)
    assert answer.line is None or answer.line.kind in {*kinds, *GENERAL_KINDS}
