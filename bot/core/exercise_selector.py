"""Which grounding exercise fits a state and a way in, and the rules that no table may break."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase

from bot.core.errors import HandrailError
from bot.core.grounding_exercises import (
    UNREVIEWED,
    BodyState,
    ExerciseId,
    GroundingExercise,
    Modality,
    State,
    WayIn,
    in_language,
)
from bot.core.people import ENGLISH, Language

SELECTOR = "selector"
"""Where a rule break of the table itself is found."""

FITS: Mapping[State, frozenset[BodyState]] = {
    State.TOO_MUCH: frozenset({BodyState.HYPER, BodyState.PANIC}),
    State.TOO_FAR_AWAY: frozenset({BodyState.DISS, BodyState.HYPO}),
    State.STUCK_IN_A_MEMORY: frozenset({BodyState.FLASH}),
    State.CANT_SLEEP: frozenset({BodyState.SLEEP}),
    # A strong urge is a keyed-up body too: paced breathing and cool water are taught for both.
    State.STRONG_URGE: frozenset({BodyState.URGE, BodyState.ANGER, BodyState.HYPER}),
}

# Attention turned inward can pull a traumatised person further in: the room comes before breath.
OUTWARD_FIRST = frozenset({State.TOO_FAR_AWAY, State.STUCK_IN_A_MEMORY})
OUTWARD_WAYS = frozenset({WayIn.EYES, WayIn.HANDS_OR_FEET})


class UnknownExercise(HandrailError):
    """No card has that id."""

    def __init__(self) -> None:
        super().__init__("No exercise has that name; pick one from the list.")


@dataclass(frozen=True, slots=True)
class StateChoices:
    """One row of the selector: what is offered in a state, in the order in which it is offered.

    `never_first` are id patterns such as `br-*`; `longest` limits every card offered here.
    A way in that `cells` does not have is hidden.
    """

    default: ExerciseId
    second: ExerciseId
    never_first: tuple[str, ...]
    cells: Mapping[WayIn, ExerciseId]
    longest: timedelta | None = None

    @property
    def offered(self) -> tuple[ExerciseId, ...]:
        """Every card of the row, the default first, none twice."""
        return tuple(dict.fromkeys((self.default, self.second, *self.cells.values())))


@dataclass(frozen=True, slots=True)
class Selector:
    """The reviewed table. `outward` are short cards that face the room, for anyone at any time."""

    rows: Mapping[State, StateChoices]
    outward: tuple[ExerciseId, ...]
    default_breathing: ExerciseId
    reviewer: str
    reviewed_on: date

    @property
    def is_reviewed(self) -> bool:
        """Whether a clinician has signed the table."""
        return self.reviewer != UNREVIEWED


@dataclass(frozen=True, slots=True)
class RuleBreak:
    """What is wrong, and in which field of which card (or of the `SELECTOR`)."""

    where: str
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class ExerciseLibrary:
    """All cards, and the answers to "which one now"; total once `rule_breaks` finds nothing."""

    all: tuple[GroundingExercise, ...]
    selector: Selector

    def find(self, exercise_id: str) -> GroundingExercise | None:
        """Return the card with that id, if there is one."""
        return next((card for card in self.all if card.id == exercise_id), None)

    def get(self, exercise_id: str) -> GroundingExercise:
        """Return the card with that id, or raise UnknownExercise."""
        card = self.find(exercise_id)
        if card is None:
            raise UnknownExercise
        return card

    def search(self, text: str, language: Language = ENGLISH) -> tuple[GroundingExercise, ...]:
        """Return the cards with `text` in name, id or summary: names that begin so come first."""
        wanted = text.strip().casefold()
        found = [card for card in self.all if wanted in _searchable(card, language)]
        return tuple(sorted(found, key=lambda card: not _name(card, language).startswith(wanted)))

    def ways_in(self, state: State) -> tuple[WayIn, ...]:
        """Return what the second tap may offer, always in the same order."""
        cells = self.selector.rows[state].cells
        return tuple(way_in for way_in in WayIn if way_in in cells)

    def default_for(self, state: State) -> GroundingExercise:
        """Return what is offered when the person does not choose a way in."""
        return self.get(self.selector.rows[state].default)

    def select(self, state: State, way_in: WayIn) -> GroundingExercise:
        """Return the card for these two taps; for a hidden way in, the state's default."""
        row = self.selector.rows[state]
        return self.get(row.cells.get(way_in, row.default))

    def gentler_than(self, exercise: GroundingExercise) -> GroundingExercise:
        """Return the card's gentler twin, or another short card that faces the room."""
        others = (each for each in self.selector.outward if each != exercise.id)
        return self.get(exercise.gentler or next(others))

    def another_kind(
        self,
        exercise: GroundingExercise,
        state: State | None = None,
        tried: Iterable[ExerciseId] = (),
    ) -> GroundingExercise:
        """Return a card of a different kind that fits the state, an untried one if there is one.

        Without a state it is a short card that faces the room.
        """
        offered = self.selector.rows[state].offered if state else self.selector.outward
        cards = [self.get(each) for each in offered]
        other_kind = [card for card in cards if card.modality is not exercise.modality]
        done = set(tried)
        return min(other_kind, key=lambda card: card.id in done)

    def breathing(self) -> tuple[GroundingExercise, ...]:
        """Return the breathing cards: the default first, those with a hold last."""
        cards = (card for card in self.all if card.pattern is not None)
        first = self.selector.default_breathing
        return tuple(sorted(cards, key=lambda card: (card.id != first, card.has_hold, card.id)))


def rule_breaks(library: ExerciseLibrary) -> Iterator[RuleBreak]:
    """Yield whatever would lead a person to a missing or a wrong card."""
    for card in library.all:
        yield from _gentler_breaks(library, card)
    yield from _list_breaks(library)
    for state in State:
        yield from _row_breaks(library, state)


def _gentler_breaks(library: ExerciseLibrary, card: GroundingExercise) -> Iterator[RuleBreak]:
    if card.gentler is None:
        if card.has_hold:
            yield RuleBreak(card.id, "gentler", "a card with a hold needs a twin without one")
        return
    twin = library.find(card.gentler)
    if twin is None:
        yield RuleBreak(card.id, "gentler", f"there is no card {card.gentler}")
    elif twin.has_hold:
        yield RuleBreak(card.id, "gentler", f"{twin.id} has a breath hold")
    elif _comes_back(library, card):
        yield RuleBreak(card.id, "gentler", "leads back to this card")


def _comes_back(library: ExerciseLibrary, card: GroundingExercise) -> bool:
    step, seen = card.gentler, set[ExerciseId]()
    while step is not None and step not in seen:
        seen.add(step)
        twin = library.find(step)
        step = twin.gentler if twin else None
    return card.id in seen


def _list_breaks(library: ExerciseLibrary) -> Iterator[RuleBreak]:
    selector = library.selector
    breathing = library.find(selector.default_breathing)
    if breathing is None or breathing.pattern is None or breathing.has_hold:
        yield RuleBreak(SELECTOR, "default_breathing", "is not a breathing card without a hold")
    outward = [library.find(each) for each in selector.outward]
    if any(card is None or card.way_in not in OUTWARD_WAYS for card in outward):
        yield RuleBreak(SELECTOR, "outward", "has a card that does not face the room")
    if _kinds(outward) < 2:  # noqa: PLR2004 - with two kinds there is always another kind
        yield RuleBreak(SELECTOR, "outward", "needs cards of two kinds")


def _row_breaks(library: ExerciseLibrary, state: State) -> Iterator[RuleBreak]:
    field = f"state.{state}"
    row = library.selector.rows.get(state)
    if row is None:
        yield RuleBreak(SELECTOR, field, "is missing")
        return
    if set(row.cells) != set(WayIn) - ({WayIn.BREATH} if state in OUTWARD_FIRST else set()):
        yield RuleBreak(
            SELECTOR, f"{field}.ways", "needs every way in, breath only where it is safe"
        )
    for name, exercise_id in _named_choices(row):
        yield from _choice_breaks(library, state, f"{field}.{name}", exercise_id)
    for way_in, exercise_id in row.cells.items():
        card = library.find(exercise_id)
        if card is not None and card.way_in is not way_in:
            yield RuleBreak(SELECTOR, f"{field}.ways.{way_in}", f"{card.id} begins elsewhere")
    if _kinds(library.find(each) for each in row.offered) < 2:  # noqa: PLR2004 - see above
        yield RuleBreak(SELECTOR, field, "needs cards of two kinds")


def _named_choices(row: StateChoices) -> Iterator[tuple[str, ExerciseId]]:
    yield "default", row.default
    yield "second", row.second
    for way_in, exercise_id in row.cells.items():
        yield f"ways.{way_in}", exercise_id


def _choice_breaks(
    library: ExerciseLibrary, state: State, field: str, exercise_id: ExerciseId
) -> Iterator[RuleBreak]:
    card = library.find(exercise_id)
    problem = f"there is no card {exercise_id}" if card is None else _misfit(library, state, card)
    if card is not None and problem is None and field.endswith(".default"):
        problem = _inward_default(state, card)
    if problem is not None:
        yield RuleBreak(SELECTOR, field, problem)


def _misfit(library: ExerciseLibrary, state: State, card: GroundingExercise) -> str | None:
    row = library.selector.rows[state]
    if card.has_hold:
        return f"{card.id} has a breath hold, which is never chosen for a person"
    if any(fnmatchcase(card.id, pattern) for pattern in row.never_first):
        return f"{card.id} is in never_first"
    # A breath lasts longer than usual only when the person asks for it.
    lasts = card.duration if card.pattern else card.longest
    if row.longest is not None and lasts > row.longest:
        return f"{card.id} takes too long here"
    if not card.states & FITS[state]:
        return f"{card.id} is not for this state"
    if state in OUTWARD_FIRST and card.modality is Modality.BREATH:
        return f"{card.id} turns inward"
    return None


def _inward_default(state: State, card: GroundingExercise) -> str | None:
    if state in OUTWARD_FIRST and card.way_in not in OUTWARD_WAYS:
        return f"{card.id} does not face the room"
    return None


def _kinds(cards: Iterable[GroundingExercise | None]) -> int:
    return len({card.modality for card in cards if card is not None})


def _name(card: GroundingExercise, language: Language) -> str:
    return in_language(card.name, language).casefold()


def _searchable(card: GroundingExercise, language: Language) -> str:
    summary = in_language(card.summary, language).casefold()
    return f"{_name(card, language)}\n{card.id}\n{summary}"
