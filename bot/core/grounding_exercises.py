"""What a grounding exercise is, and which one fits a state and a way in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.people import Language

ExerciseId = NewType("ExerciseId", str)


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
    """A: a randomised trial of this technique; B: trials of the wider method; C: clinical consensus."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction on one screen; `duration` is None where the person sets the pace."""

    text: Mapping[Language, str]
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class GroundingExercise:
    """A reviewed card: what is done, for whom, and where it comes from."""

    id: ExerciseId
    name: Mapping[Language, str]
    summary: Mapping[Language, str]
    modality: Modality
    way_in: WayIn
    steps: tuple[Step, ...]
    duration: timedelta
    states: frozenset[str]
    avoid_if: tuple[str, ...]
    gentler: ExerciseId | None
    has_hold: bool
    evidence: EvidenceGrade
    sources: tuple[str, ...]
    reviewer: str
    reviewed_on: date
