"""What a grounding exercise is; which one fits whom is `exercise_selector`'s business."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.people import ENGLISH, Language

ExerciseId = NewType("ExerciseId", str)

Words = Mapping[Language, str]
"""One text in each language it was written in; English is always there."""

TODAY = "{today}"
ROUNDS = "{rounds}"
"""The placeholders a step may carry; `GroundingExercise.words` fills them."""

UNREVIEWED = "unreviewed"
"""The reviewer of a card that no clinician has signed yet."""

FASTEST_WORDS = timedelta(seconds=6)
"""Words that move on sooner than this can't be read by somebody in distress."""


class State(StrEnum):
    """How the person says it is now: the first tap of the selector."""

    TOO_MUCH = "too_much"
    TOO_FAR_AWAY = "too_far_away"
    STUCK_IN_A_MEMORY = "stuck_in_a_memory"
    CANT_SLEEP = "cant_sleep"
    STRONG_URGE = "strong_urge"


class WayIn(StrEnum):
    """Where the person would like to begin: the second tap of the selector."""

    EYES = "eyes"
    HANDS_OR_FEET = "hands_or_feet"
    BREATH = "breath"
    WORDS = "words"


class Modality(StrEnum):
    """The kind of exercise; a different kind is offered when one did not help."""

    BREATH = "breath"
    SENSES = "senses"
    THINKING = "thinking"
    BODY = "body"


class EvidenceGrade(StrEnum):
    """A: a randomised trial of this technique; B: trials of the wider method; C: consensus."""

    A = "A"
    B = "B"
    C = "C"


class BodyState(StrEnum):
    """What a card is good for, in a clinician's words: hyper is keyed up, hypo is shut down."""

    HYPER = "hyper"
    PANIC = "panic"
    FLASH = "flash"
    DISS = "diss"
    HYPO = "hypo"
    URGE = "urge"
    ANGER = "anger"
    SLEEP = "sleep"


class AvoidIf(StrEnum):
    """Who should be offered something else.

    The first eight are what a person may say their body does not like; the others are conditions.
    """

    BREATH_HOLDS = "breath_holds"
    COLD = "cold"
    CLOSED_EYES = "closed_eyes"
    BODY_FOCUS = "body_focus"
    TOUCH = "touch"
    IMAGERY = "imagery"
    FOOD_OR_SMELL = "food_or_smell"
    STRONG_MOVEMENT = "strong_movement"
    AIR_HUNGER = "air_hunger"
    ASTHMA = "asthma"
    BREATH_MEMORY = "breath_memory"
    CHEST_SURGERY = "chest_surgery"
    CHRONIC_PAIN = "chronic_pain"
    COLD_ALLERGY = "cold_allergy"
    COLD_USED_TO_HURT = "cold_used_to_hurt"
    COPD = "copd"
    DEEP_DISSOCIATION = "deep_dissociation"
    DIZZINESS = "dizziness"
    FROZEN = "frozen"
    HEART_DISEASE = "heart_disease"
    HIGH_BLOOD_PRESSURE = "high_blood_pressure"
    HYPERVIGILANCE = "hypervigilance"
    INJURY = "injury"
    NO_FEELING_IN_FEET = "no_feeling_in_feet"
    NUMBER_ANXIETY = "number_anxiety"
    PANIC = "panic"
    PREGNANCY = "pregnancy"
    RAYNAUD = "raynaud"
    TRAUMA_IN_THAT_AREA = "trauma_in_that_area"


class BreathMove(StrEnum):
    """What the breath does in one phase; a sip is the small second in-breath of a sigh."""

    IN = "in"
    SIP = "sip"
    HOLD = "hold"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class BreathPhase:
    """One stretch of a round of breathing."""

    move: BreathMove
    duration: timedelta


@dataclass(frozen=True, slots=True)
class BreathPattern:
    """A round of breathing and how often it comes; pacers are drawn from it."""

    phases: tuple[BreathPhase, ...]
    rounds: int

    @property
    def round_length(self) -> timedelta:
        """How long one round takes."""
        return sum((phase.duration for phase in self.phases), timedelta())

    @property
    def duration(self) -> timedelta:
        """How long all rounds take."""
        return self.round_length * self.rounds

    @property
    def has_hold(self) -> bool:
        """Whether the breath is held anywhere in a round."""
        return any(phase.move is BreathMove.HOLD for phase in self.phases)

    def lasting(self, length: timedelta) -> "BreathPattern":
        """Return the same round, as often as it fits into `length`, but at least once."""
        return replace(self, rounds=max(1, length // self.round_length))


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction on one screen.

    `duration` is None where the person sets the pace, and else never shorter than `FASTEST_WORDS`.
    The person may always tap Next sooner.
    """

    text: Words
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a card comes from, fully enough to look it up."""

    id: str
    what: str


@dataclass(frozen=True, slots=True)
class GroundingExercise:
    """A reviewed card: what is done, for whom, and where it comes from.

    `duration` is the usual length (for a breathing card that of its pattern), `longest` the most
    that the card allows. `caution` is shown before starting; `easier` is a smaller way of doing
    the same; `gentler` is another card, or None where nothing gentler is known (then
    `ExerciseLibrary.gentler_than` still has an answer). `reviewed_on` is the day the card was
    written as long as its reviewer is `UNREVIEWED`.
    """

    id: ExerciseId
    name: Words
    summary: Words
    modality: Modality
    way_in: WayIn
    steps: tuple[Step, ...]
    duration: timedelta
    longest: timedelta
    states: frozenset[BodyState]
    avoid_if: tuple[AvoidIf, ...]
    gentler: ExerciseId | None
    has_hold: bool
    evidence: EvidenceGrade
    evidence_note: str
    sources: tuple[Source, ...]
    reviewer: str
    reviewed_on: date
    caution: Words | None = None
    easier: Words | None = None
    pattern: BreathPattern | None = None
    easier_pattern: BreathPattern | None = None

    @property
    def is_reviewed(self) -> bool:
        """Whether a clinician has signed the card."""
        return self.reviewer != UNREVIEWED

    def words(self, step: Step, language: Language, *, today: str) -> str:
        """Return the instruction, with the date as the caller wrote it out and the rounds."""
        rounds = self.pattern.rounds if self.pattern else 1
        return in_language(step.text, language).replace(TODAY, today).replace(ROUNDS, str(rounds))

    def lasting(self, length: timedelta) -> "GroundingExercise":
        """Return a breathing card for about that long, within `longest`; any other unchanged."""
        if self.pattern is None:
            return self
        pattern = self.pattern.lasting(min(length, self.longest))
        steps = tuple(
            replace(step, duration=pattern.duration) if step.duration else step
            for step in self.steps
        )
        return replace(self, pattern=pattern, steps=steps, duration=pattern.duration)


def in_language(words: Words, language: Language) -> str:
    """Return the text in that language, or in English where it was not written yet."""
    return words.get(language, words[ENGLISH])
