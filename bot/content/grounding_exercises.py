"""Reads the exercise cards and the selector from TOML, and refuses what nobody must get."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import ContentError
from bot.core.exercise_selector import (
    SELECTOR,
    ExerciseLibrary,
    Selector,
    StateChoices,
    rule_breaks,
)
from bot.core.grounding_exercises import (
    FASTEST_WORDS,
    ROUNDS,
    TODAY,
    AvoidIf,
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
    Step,
    WayIn,
)
from bot.core.people import ENGLISH, Language

MOST_WORDS = 19

# Each of these tells a person what to feel, pulls attention inward, or claims what nobody can know.
NEVER_SAID = re.compile(
    r"close your eyes|shut your eyes|deep breath|breathe deep|calm down|just breathe|try harder"
    r"|you(?:'|\u2019| a)re safe|it(?:'|\u2019| i)s over|is not happening|!",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.?](?=\s|$)")
PLACEHOLDER = re.compile(r"\{[^}]*\}?|\}")


def bundled_exercises() -> Traversable:
    """Return the folder of cards that comes with Handrail."""
    return resources.files("bot.content") / "exercises"


def load_exercises(folder: Traversable) -> ExerciseLibrary:
    """Read all cards and the table; at the first fault raise ContentError with file and field."""
    if not folder.is_dir():
        raise ContentError(folder.name, "folder", "is missing")
    cards: list[GroundingExercise] = []
    selector: Selector | None = None
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name == f"{SELECTOR}.toml":
            selector = _parse(file, _Table).to_core()
        elif file.name.endswith(".toml"):
            cards.append(_read_card(file))
    if selector is None:
        raise ContentError(f"{SELECTOR}.toml", "file", "is missing")
    library = ExerciseLibrary(all=tuple(cards), selector=selector)
    for found in rule_breaks(library):
        raise ContentError(f"{found.where}.toml", found.field, found.problem)
    return library


def unreviewed(library: ExerciseLibrary) -> tuple[str, ...]:
    """Return the names of what no clinician has signed yet, for the operator to see."""
    cards = [card.id for card in library.all if not card.is_reviewed]
    return (*cards, *([] if library.selector.is_reviewed else [SELECTOR]))


def _english_is_there(words: dict[Language, str]) -> dict[Language, str]:
    if ENGLISH not in words:
        raise ValueError("the English text is missing")
    return words


def _speakable(text: str) -> str:
    if (said := NEVER_SAID.search(text)) is not None:
        raise ValueError(f'says "{said.group()}"')
    if len(text.replace(TODAY, "Monday 23 November 2026").split()) > MOST_WORDS:
        raise ValueError(f"has more than {MOST_WORDS} words")
    if len(SENTENCE_END.findall(text)) != 1 or not text.endswith((".", "?")):
        raise ValueError("is not exactly one sentence")
    return text


def _plain(text: str) -> str:
    if PLACEHOLDER.search(text):
        raise ValueError("has a placeholder, which only steps may have")
    return text


def _fillable(text: str) -> str:
    if set(PLACEHOLDER.findall(text)) - {TODAY, ROUNDS}:
        raise ValueError(f"has a placeholder other than {TODAY} and {ROUNDS}")
    return text


Known = TypeVar("Known", bound=StrEnum)
# TOML has no enums, so strictness stops at these: a known word is enough.
OneOf = Annotated[Known, Field(strict=False)]
Text = Annotated[str, Field(min_length=1)]
Seconds = Annotated[float, Field(gt=0, le=600)]
Sentence = Annotated[Text, AfterValidator(_speakable)]
PlainSentence = Annotated[Sentence, AfterValidator(_plain)]
Name = Annotated[dict[Language, Text], AfterValidator(_english_is_there)]
Line = Annotated[dict[Language, PlainSentence], AfterValidator(_english_is_there)]
Instruction = Annotated[
    dict[Language, Annotated[Sentence, AfterValidator(_fillable)]],
    AfterValidator(_english_is_there),
]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Phase(_File):
    move: OneOf[BreathMove]
    seconds: Seconds


class _Pattern(_File):
    phases: Annotated[list[_Phase], Field(min_length=2)]
    rounds: Annotated[int, Field(gt=0, le=60)]

    def to_core(self) -> BreathPattern:
        phases = (BreathPhase(each.move, timedelta(seconds=each.seconds)) for each in self.phases)
        return BreathPattern(tuple(phases), self.rounds)


class _Step(_File):
    text: Instruction
    seconds: Seconds | None = None

    def to_core(self) -> Step:
        return Step(self.text, timedelta(seconds=self.seconds) if self.seconds else None)


class _Source(_File):
    id: Text
    what: Text


class _Card(_File):
    id: Text
    name: Name
    summary: Line
    modality: OneOf[Modality]
    way_in: OneOf[WayIn]
    states: Annotated[list[OneOf[BodyState]], Field(min_length=1)]
    avoid_if: list[OneOf[AvoidIf]]
    caution: Line | None = None
    easier: Line | None = None
    gentler: Text | None = None
    has_hold: bool
    seconds: Seconds
    longest_seconds: Seconds | None = None
    evidence: OneOf[EvidenceGrade]
    evidence_note: Text
    reviewer: Text
    date: date
    pattern: _Pattern | None = None
    easier_pattern: _Pattern | None = None
    steps: Annotated[list[_Step], Field(min_length=1)]
    source: Annotated[list[_Source], Field(min_length=1)]

    def to_core(self) -> GroundingExercise:
        return GroundingExercise(
            id=ExerciseId(self.id),
            name=self.name,
            summary=self.summary,
            modality=self.modality,
            way_in=self.way_in,
            steps=tuple(step.to_core() for step in self.steps),
            duration=timedelta(seconds=self.seconds),
            longest=timedelta(seconds=self.longest_seconds or self.seconds),
            states=frozenset(self.states),
            avoid_if=tuple(self.avoid_if),
            gentler=ExerciseId(self.gentler) if self.gentler else None,
            has_hold=self.has_hold,
            evidence=self.evidence,
            evidence_note=self.evidence_note,
            sources=tuple(Source(each.id, each.what) for each in self.source),
            reviewer=self.reviewer,
            reviewed_on=self.date,
            caution=self.caution,
            easier=self.easier,
            pattern=self.pattern.to_core() if self.pattern else None,
            easier_pattern=self.easier_pattern.to_core() if self.easier_pattern else None,
        )


class _Row(_File):
    default: Text
    second: Text
    never_first: list[Text]
    longest_seconds: Seconds | None = None
    ways: dict[OneOf[WayIn], Text]

    def to_core(self) -> StateChoices:
        longest = self.longest_seconds
        return StateChoices(
            default=ExerciseId(self.default),
            second=ExerciseId(self.second),
            never_first=tuple(self.never_first),
            cells={way_in: ExerciseId(each) for way_in, each in self.ways.items()},
            longest=timedelta(seconds=longest) if longest else None,
        )


class _Table(_File):
    default_breathing: Text
    outward: list[Text]
    reviewer: Text
    date: date
    state: dict[OneOf[State], _Row]

    def to_core(self) -> Selector:
        return Selector(
            rows={state: row.to_core() for state, row in self.state.items()},
            outward=tuple(ExerciseId(each) for each in self.outward),
            default_breathing=ExerciseId(self.default_breathing),
            reviewer=self.reviewer,
            reviewed_on=self.date,
        )


def _read_card(file: Traversable) -> GroundingExercise:
    card = _parse(file, _Card).to_core()
    for field, problem in _card_breaks(card, file.name):
        raise ContentError(file.name, field, problem)
    return card


FileModel = TypeVar("FileModel", bound=_File)


def _parse(file: Traversable, model: type[FileModel]) -> FileModel:
    try:
        return model.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(file.name, "file", f"is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ContentError(file.name, field, first["msg"]) from error


def _card_breaks(card: GroundingExercise, file_name: str) -> Iterator[tuple[str, str]]:
    if file_name != f"{card.id}.toml":
        yield "id", "is not the file's name"
    if card.longest < card.duration:
        yield "longest_seconds", "is shorter than seconds"
    if card.has_hold != (card.pattern is not None and card.pattern.has_hold):
        yield "has_hold", "does not say what the pattern does"
    if (card.modality is Modality.BREATH) != (card.pattern is not None):
        yield "pattern", "belongs to breathing cards, and to each of them"
    if card.pattern is not None and card.pattern.duration != card.duration:
        yield "pattern.rounds", "do not add up to the card's seconds"
    yield from _step_breaks(card)


def _step_breaks(card: GroundingExercise) -> Iterator[tuple[str, str]]:
    timed = [step.duration for step in card.steps if step.duration is not None]
    if sum(timed, timedelta()) != card.duration:
        yield "steps", "do not add up to the card's seconds"
    if card.pattern is not None and len(timed) != 1:
        yield "steps", "of a breathing card have exactly one with seconds, for all rounds"
    for number, step in enumerate(card.steps):
        if step.duration is not None and step.duration < FASTEST_WORDS:
            yield f"steps.{number}.seconds", "is too short to read the words"
        if card.pattern is None and any(ROUNDS in text for text in step.text.values()):
            yield f"steps.{number}.text", "counts rounds, but there is no pattern"
