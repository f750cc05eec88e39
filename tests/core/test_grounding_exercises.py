"""What a card says on its screens, and how breathing patterns add up."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

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
    Step,
    WayIn,
    in_language,
)
from bot.core.people import ENGLISH, Language

GERMAN = Language("de")
BREATH = BreathPattern(
    (
        BreathPhase(BreathMove.IN, timedelta(seconds=4)),
        BreathPhase(BreathMove.OUT, timedelta(seconds=6)),
    ),
    rounds=3,
)
CARD = GroundingExercise(
    id=ExerciseId("br-card"),
    name={ENGLISH: "Card"},
    summary={ENGLISH: "Breathing for 30 seconds."},
    modality=Modality.BREATH,
    way_in=WayIn.BREATH,
    steps=(
        Step({ENGLISH: "Today is {today}."}),
        Step({ENGLISH: "Do it {rounds} times.", GERMAN: "Mach es {rounds} Mal."}, BREATH.duration),
    ),
    duration=BREATH.duration,
    longest=timedelta(minutes=1),
    states=frozenset({BodyState.HYPER}),
    avoid_if=(),
    gentler=None,
    has_hold=False,
    evidence=EvidenceGrade.C,
    evidence_note="Made up.",
    sources=(Source("S0", "A made-up source."),),
    reviewer=UNREVIEWED,
    reviewed_on=date(2026, 11, 23),
    pattern=BREATH,
)


def test_text_is_english_where_the_language_was_not_written_yet() -> None:
    words = {ENGLISH: "yes", GERMAN: "ja"}
    assert in_language(words, GERMAN) == "ja"
    assert in_language(words, Language("fr")) == "yes"


def test_a_screen_says_the_date_and_the_rounds() -> None:
    first, second = CARD.steps
    assert CARD.words(first, ENGLISH, today="Monday") == "Today is Monday."
    assert CARD.words(second, GERMAN, today="Montag") == "Mach es 3 Mal."


def test_a_card_without_a_pattern_says_its_words_too() -> None:
    card = replace(CARD, pattern=None)
    assert card.words(card.steps[0], ENGLISH, today="Monday") == "Today is Monday."


def test_a_pattern_takes_all_its_rounds() -> None:
    assert BREATH.round_length == timedelta(seconds=10)
    assert BREATH.duration == timedelta(seconds=30)


def test_a_hold_is_noticed() -> None:
    hold = BreathPhase(BreathMove.HOLD, timedelta(seconds=1))
    assert not BREATH.has_hold
    assert replace(BREATH, phases=(*BREATH.phases, hold)).has_hold


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=1)))
def test_a_chosen_length_is_never_exceeded_by_more_than_the_first_round(length: timedelta) -> None:
    pattern = BREATH.lasting(length)
    assert pattern.rounds >= 1
    assert pattern.duration <= max(length, BREATH.round_length)


def test_a_longer_practice_counts_its_rounds_and_keeps_the_limit_of_the_card() -> None:
    longer = CARD.lasting(timedelta(minutes=10))
    assert longer.duration == CARD.longest
    assert longer.steps[1].duration == CARD.longest
    assert longer.steps[0].duration is None
    assert longer.words(longer.steps[1], ENGLISH, today="") == "Do it 6 times."


def test_only_breathing_cards_change_their_length() -> None:
    card = replace(CARD, pattern=None)
    assert card.lasting(timedelta(minutes=1)) is card


def test_a_card_is_reviewed_once_someone_signed_it() -> None:
    assert not CARD.is_reviewed
    assert replace(CARD, reviewer="A. Clinician").is_reviewed
