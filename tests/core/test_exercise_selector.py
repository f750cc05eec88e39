"""Every pair of taps leads to a fitting card, and no table that breaks a rule passes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.errors import HandrailError
from bot.core.exercise_selector import (
    ExerciseLibrary,
    Selector,
    StateChoices,
    UnknownExercise,
    rule_breaks,
)
from bot.core.grounding_exercises import (
    UNREVIEWED,
    BodyState,
    BreathMove,
    BreathPattern,
    BreathPhase,
    EvidenceGrade,
    ExerciseId,
    GroundingExercise,
    Modality,
    Source,
    State,
    WayIn,
)
from bot.core.people import ENGLISH

SECOND = timedelta(seconds=1)
MODALITIES = {
    WayIn.EYES: Modality.SENSES,
    WayIn.HANDS_OR_FEET: Modality.BODY,
    WayIn.BREATH: Modality.BREATH,
    WayIn.WORDS: Modality.THINKING,
}


def a_card(
    name: str, way_in: WayIn, *, gentler: str | None = None, hold: bool = False
) -> GroundingExercise:
    """Return a minute-long card that fits every state."""
    moves = [BreathMove.IN, BreathMove.HOLD] if hold else [BreathMove.IN, BreathMove.OUT]
    breath = BreathPattern(tuple(BreathPhase(move, 5 * SECOND) for move in moves), 6)
    return GroundingExercise(
        id=ExerciseId(name),
        name={ENGLISH: f"The {name}"},
        summary={ENGLISH: "Something small."},
        modality=MODALITIES[way_in],
        way_in=way_in,
        steps=(),
        duration=60 * SECOND,
        longest=60 * SECOND,
        states=frozenset(BodyState),
        avoid_if=(),
        gentler=ExerciseId(gentler) if gentler else None,
        has_hold=hold,
        evidence=EvidenceGrade.C,
        evidence_note="Made up.",
        sources=(Source("S0", "A made-up source."),),
        reviewer=UNREVIEWED,
        reviewed_on=date(2026, 11, 23),
        pattern=breath if way_in is WayIn.BREATH else None,
    )


def a_row(*ways: WayIn, default: str = "look") -> StateChoices:
    """Return a row with the plain card of each way in."""
    return StateChoices(
        default=ExerciseId(default),
        second=ExerciseId("push"),
        never_first=("im-*",),
        cells={way_in: ExerciseId(PLAIN[way_in]) for way_in in ways},
        longest=120 * SECOND,
    )


PLAIN: Mapping[WayIn, str] = {
    WayIn.EYES: "look",
    WayIn.HANDS_OR_FEET: "push",
    WayIn.BREATH: "breathe",
    WayIn.WORDS: "name",
}
OUTWARD_WAYS = (WayIn.EYES, WayIn.HANDS_OR_FEET, WayIn.WORDS)
LIBRARY = ExerciseLibrary(
    all=(
        a_card("box", WayIn.BREATH, gentler="breathe", hold=True),
        a_card("breathe", WayIn.BREATH, gentler="look"),
        a_card("another-breath", WayIn.BREATH, gentler="breathe"),
        a_card("look", WayIn.EYES),
        a_card("name", WayIn.WORDS, gentler="push"),
        a_card("push", WayIn.HANDS_OR_FEET),
    ),
    selector=Selector(
        rows={
            State.TOO_MUCH: a_row(*WayIn, default="breathe"),
            State.TOO_FAR_AWAY: a_row(*OUTWARD_WAYS),
            State.STUCK_IN_A_MEMORY: a_row(*OUTWARD_WAYS),
            State.CANT_SLEEP: a_row(*WayIn, default="name"),
            State.STRONG_URGE: a_row(*WayIn, default="name"),
        },
        outward=(ExerciseId("look"), ExerciseId("push")),
        default_breathing=ExerciseId("breathe"),
        reviewer=UNREVIEWED,
        reviewed_on=date(2026, 11, 23),
    ),
)


def with_row(state: State, row: StateChoices) -> ExerciseLibrary:
    """Return the library with another row for one state."""
    rows = {**LIBRARY.selector.rows, state: row}
    return replace(LIBRARY, selector=replace(LIBRARY.selector, rows=rows))


def with_card(card: GroundingExercise) -> ExerciseLibrary:
    """Return the library with this card in place of the one with its id."""
    others = tuple(each for each in LIBRARY.all if each.id != card.id)
    return replace(LIBRARY, all=(*others, card))


def fields(library: ExerciseLibrary) -> set[tuple[str, str]]:
    """Return where the rules are broken."""
    return {(found.where, found.field) for found in rule_breaks(library)}


def test_the_library_of_these_tests_breaks_no_rule() -> None:
    assert fields(LIBRARY) == set()


def test_a_card_is_found_by_its_id() -> None:
    assert LIBRARY.get("look").id == "look"
    assert LIBRARY.find("nothing") is None


def test_an_unknown_exercise_is_refused_without_repeating_what_was_typed() -> None:
    with pytest.raises(UnknownExercise) as refused:
        LIBRARY.get("words of a person")
    assert isinstance(refused.value, HandrailError)
    assert "words of a person" not in str(refused.value)


def test_search_finds_names_in_any_case_and_puts_beginnings_first() -> None:
    assert [card.id for card in LIBRARY.search(" BREATH ")] == ["breathe", "another-breath"]
    assert [card.id for card in LIBRARY.search("the b")][:2] == ["box", "breathe"]
    assert LIBRARY.search("no such thing") == ()


def test_an_empty_search_lists_everything() -> None:
    assert len(LIBRARY.search("")) == len(LIBRARY.all)


def test_breath_is_hidden_where_it_can_pull_further_in() -> None:
    assert LIBRARY.ways_in(State.TOO_FAR_AWAY) == OUTWARD_WAYS
    assert LIBRARY.ways_in(State.STUCK_IN_A_MEMORY) == OUTWARD_WAYS
    assert LIBRARY.ways_in(State.TOO_MUCH) == tuple(WayIn)


def test_two_taps_lead_to_the_card_of_the_table() -> None:
    assert LIBRARY.select(State.TOO_MUCH, WayIn.WORDS).id == "name"


def test_an_old_button_for_a_hidden_way_leads_to_the_default() -> None:
    assert LIBRARY.select(State.TOO_FAR_AWAY, WayIn.BREATH).id == "look"
    assert LIBRARY.default_for(State.TOO_FAR_AWAY).id == "look"


def test_something_gentler_is_the_twin_or_a_card_that_faces_the_room() -> None:
    assert LIBRARY.gentler_than(LIBRARY.get("box")).id == "breathe"
    assert LIBRARY.gentler_than(LIBRARY.get("look")).id == "push"
    assert LIBRARY.gentler_than(LIBRARY.get("push")).id == "look"


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("card", LIBRARY.all, ids=lambda card: card.id)
def test_another_kind_is_of_another_kind(card: GroundingExercise, state: State | None) -> None:
    other = LIBRARY.another_kind(card, state)
    assert other.modality is not card.modality
    assert not other.has_hold


def test_another_kind_prefers_what_was_not_tried_but_always_answers() -> None:
    look = LIBRARY.get("look")
    assert LIBRARY.another_kind(look, State.TOO_MUCH).id == "breathe"
    tried = [ExerciseId("breathe")]
    assert LIBRARY.another_kind(look, State.TOO_MUCH, tried).id == "push"
    everything = [card.id for card in LIBRARY.all]
    assert LIBRARY.another_kind(look, State.TOO_MUCH, everything).id == "breathe"


def test_breathing_begins_with_the_default_and_ends_with_holds() -> None:
    assert [card.id for card in LIBRARY.breathing()] == ["breathe", "another-breath", "box"]


def test_the_table_is_reviewed_once_someone_signed_it() -> None:
    assert not LIBRARY.selector.is_reviewed
    assert replace(LIBRARY.selector, reviewer="A. Clinician").is_reviewed


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (a_card("name", WayIn.WORDS, gentler="nowhere"), "gentler"),
        (a_card("name", WayIn.WORDS, gentler="box"), "gentler"),
        (a_card("name", WayIn.WORDS, gentler="name"), "gentler"),
        (a_card("box", WayIn.BREATH, hold=True), "gentler"),
    ],
    ids=["nowhere", "to a hold", "to itself", "hold without a twin"],
)
def test_a_gentler_twin_that_is_not_gentler_is_refused(card: GroundingExercise, field: str) -> None:
    assert (card.id, field) in fields(with_card(card))


def test_gentler_never_goes_in_circles() -> None:
    assert {("look", "gentler"), ("breathe", "gentler")} <= fields(
        with_card(a_card("look", WayIn.EYES, gentler="breathe"))
    )


def test_a_circle_further_on_is_told_where_it_is() -> None:
    library = with_card(a_card("look", WayIn.EYES, gentler="breathe"))
    assert ("box", "gentler") not in fields(library)


@pytest.mark.parametrize("default_breathing", ["nothing", "look", "box"])
def test_breathing_begins_without_a_hold(default_breathing: str) -> None:
    selector = replace(LIBRARY.selector, default_breathing=ExerciseId(default_breathing))
    library = replace(LIBRARY, selector=selector)
    assert ("selector", "default_breathing") in fields(library)


@pytest.mark.parametrize("outward", [(), ("look",), ("look", "nothing"), ("look", "push", "name")])
def test_the_outward_list_always_has_an_answer(outward: tuple[str, ...]) -> None:
    ids = tuple(ExerciseId(each) for each in outward)
    library = replace(LIBRARY, selector=replace(LIBRARY.selector, outward=ids))
    assert ("selector", "outward") in fields(library)


def test_a_state_without_a_row_is_refused() -> None:
    rows = {State.TOO_MUCH: LIBRARY.selector.rows[State.TOO_MUCH]}
    library = replace(LIBRARY, selector=replace(LIBRARY.selector, rows=rows))
    assert ("selector", "state.cant_sleep") in fields(library)


def test_breath_for_the_far_away_is_refused() -> None:
    found = fields(with_row(State.TOO_FAR_AWAY, a_row(*WayIn)))
    assert ("selector", "state.too_far_away.ways") in found
    assert ("selector", "state.too_far_away.ways.breath") in found


def test_a_missing_way_in_is_refused() -> None:
    found = fields(with_row(State.TOO_MUCH, a_row(WayIn.EYES, WayIn.WORDS)))
    assert ("selector", "state.too_much.ways") in found


def test_a_card_under_the_wrong_way_in_is_refused() -> None:
    row = replace(a_row(*WayIn), cells={way_in: ExerciseId(PLAIN[WayIn.WORDS]) for way_in in WayIn})
    assert ("selector", "state.too_much.ways.eyes") in fields(with_row(State.TOO_MUCH, row))


def test_a_row_of_one_kind_is_refused() -> None:
    row = replace(a_row(WayIn.EYES), second=ExerciseId("look"))
    assert ("selector", "state.too_much") in fields(with_row(State.TOO_MUCH, row))


@pytest.mark.parametrize("default", ["nothing", "box", "im-calm"])
def test_a_default_that_is_missing_held_or_never_first_is_refused(default: str) -> None:
    library = with_row(State.TOO_MUCH, a_row(*WayIn, default=default))
    cards = (*library.all, a_card("im-calm", WayIn.WORDS))
    assert ("selector", "state.too_much.default") in fields(replace(library, all=cards))


def test_a_default_that_turns_away_from_the_room_is_refused_for_the_far_away() -> None:
    library = with_row(State.TOO_FAR_AWAY, a_row(*OUTWARD_WAYS, default="name"))
    assert fields(library) == {("selector", "state.too_far_away.default")}


def test_a_second_choice_that_is_breath_is_refused_in_a_memory() -> None:
    row = replace(a_row(*OUTWARD_WAYS), second=ExerciseId("breathe"))
    library = with_row(State.STUCK_IN_A_MEMORY, row)
    assert fields(library) == {("selector", "state.stuck_in_a_memory.second")}


def test_a_card_for_other_states_is_refused() -> None:
    card = replace(LIBRARY.get("name"), states=frozenset({BodyState.FLASH}))
    found = fields(with_card(card))
    assert ("selector", "state.cant_sleep.default") in found
    assert ("selector", "state.stuck_in_a_memory.ways.words") not in found


def test_a_card_that_takes_too_long_is_refused() -> None:
    card = replace(LIBRARY.get("look"), longest=121 * SECOND)
    assert ("selector", "state.strong_urge.ways.eyes") in fields(with_card(card))


def test_a_breath_may_be_longer_when_asked_for() -> None:
    card = replace(LIBRARY.get("breathe"), longest=300 * SECOND)
    assert fields(with_card(card)) == set()
