"""Which guards (negation, past, quotation, figures of speech) lower a cue, and how far by place."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.crisis import Category, Finding, Place, Role, Tier
from bot.core.crisis_clauses import Clauses, quoted_stretches, split_clauses
from bot.core.crisis_matcher import Hit
from bot.core.crisis_phrases import Phrase
from bot.core.crisis_words import Utterance

QUOTE_MARKS = "quote_marks"
SOMEBODY_ELSE = "somebody_else"
FINDING_ROLES = frozenset({Role.CUE, Role.TOPIC, Role.FIGURE, Role.DENIAL})
_NOT_GUARDS = frozenset({Role.CUE, Role.TOPIC, Role.DENIAL, Role.ASSERTION, Role.TAKE_BACK})
_NEAR = 25  # words: further away, even in one breathless clause, a guard speaks of something else

_NEGATION_REACH = 3
_OTHERS_ACT = frozenset(
    {Category.VIOLENCE_AT_HOME, Category.CHILD_IN_DANGER, Category.ASSAULT, Category.STALKING}
)
_SOFTENING = frozenset({Role.NEGATION, Role.PAST, Role.QUOTATION, Role.SETTING})
_LONE_GUARD_MAY_LEAVE = 1


@dataclass(frozen=True, slots=True)
class Scene:
    """One message as judging a cue needs it: guards by place, clauses, and what is quoted."""

    utterance: Utterance
    clauses: Clauses
    guards: tuple[Hit, ...]
    guard_ends: tuple[int, ...]
    asserted: frozenset[int]
    about_others: frozenset[int]
    first_person: frozenset[int]
    last_take_back: int
    quoted: tuple[tuple[int, int], ...]

    def guards_near(self, cue: Hit) -> tuple[Hit, ...]:
        """Guards within reach of a cue, which keeps a long message linear."""
        first = bisect_left(self.guard_ends, cue.first - _NEAR)
        return self.guards[first : bisect_right(self.guard_ends, cue.last + _NEAR)]

    def quotes(self, start: int, end: int) -> bool:
        """Whether a stretch of the original stands between quotation marks."""
        at = bisect_right(self.quoted, (start, end)) - 1
        candidates = self.quoted[max(at, 0) : at + 2]
        return any(opening <= start and end <= closing for opening, closing in candidates)


def set_scene(utterance: Utterance, hits: tuple[Hit, ...], first_person: frozenset[str]) -> Scene:
    """Everything that judging a hit needs."""
    guards = tuple(hit for hit in hits if hit.phrase.role not in _NOT_GUARDS)
    assertions = (hit for hit in hits if hit.phrase.role is Role.ASSERTION)
    take_backs = (hit.first for hit in hits if hit.phrase.role is Role.TAKE_BACK)
    return Scene(
        utterance=utterance,
        clauses=split_clauses(utterance),
        guards=guards,
        guard_ends=tuple(guard.last for guard in guards),
        asserted=frozenset(place for hit in assertions for place in range(hit.first, hit.last + 1)),
        about_others=frozenset(
            place
            for hit in hits
            if hit.phrase.category is Category.THIRD_PARTY
            for place in hit.literals
        ),
        first_person=frozenset(
            place for place, word in enumerate(utterance.words) if word in first_person
        ),
        last_take_back=max(take_backs, default=-1),
        quoted=quoted_stretches(utterance),
    )


def judge(hit: Hit, scene: Scene, place: Place) -> Finding:
    """Return a hit as a finding, lowered by the guards in its own clause."""
    phrase = hit.phrase
    guards = tuple(_guards_on(hit, scene)) if phrase.role is Role.CUE else ()
    tier, category = _written_as(hit)
    lowered = tier
    for _, role in guards:
        lowered = lowered.lowered_to(_ceiling(role, place))
    clause = scene.clauses.bounds(hit.first, hit.last)
    return Finding(
        cue=phrase.id,
        category=_category_when(lowered, category, [role for _, role in guards]),
        language=phrase.language,
        written_tier=tier,
        tier=lowered,
        span=scene.utterance.offsets(hit.first, hit.last),
        clause=scene.utterance.offsets(*clause),
        guards=tuple(dict.fromkeys(name for name, _ in guards)),
        beside_distress=Tier.NONE if guards else phrase.beside_distress,
    )


def _written_as(hit: Hit) -> tuple[Tier, Category]:
    match hit.phrase.role:
        case Role.FIGURE:
            return Tier.T0, Category.FIGURE_OF_SPEECH
        case Role.TOPIC:
            return Tier.T0, Category.TOPIC
        case _:
            return hit.phrase.tier, hit.phrase.category


def _ceiling(role: Role, place: Place) -> Tier:
    """In a DM only a figure of speech, or somebody else as subject, can make it nothing."""
    return Tier.T3 if role in _SOFTENING and place is Place.DM else Tier.T0


def _category_when(tier: Tier, category: Category, roles: list[Role]) -> Category:
    if tier is not Tier.T0 or category in {Category.FIGURE_OF_SPEECH, Category.TOPIC}:
        return category
    figures = {Role.FIGURE, Role.SETTING}
    return Category.FIGURE_OF_SPEECH if figures.intersection(roles) else Category.TOPIC


def _guards_on(cue: Hit, scene: Scene) -> Iterator[tuple[str, Role]]:
    for guard in scene.guards_near(cue):
        if _applies(guard, cue, scene):
            yield guard.phrase.id, guard.phrase.role
    if _tells_of_somebody_else(cue, scene):
        yield SOMEBODY_ELSE, Role.OTHER_PERSON
    start, end = scene.utterance.offsets(cue.first, cue.last)
    if scene.quotes(start, end):
        yield QUOTE_MARKS, Role.QUOTATION


def _tells_of_somebody_else(cue: Hit, scene: Scene) -> bool:
    """Words of a worry about somebody else that name no first person are not one's own."""
    if cue.phrase.category is Category.THIRD_PARTY:
        return False
    places = set(cue.literals)
    return not places.isdisjoint(scene.about_others) and places.isdisjoint(scene.first_person)


def _applies(guard: Hit, cue: Hit, scene: Scene) -> bool:
    role = guard.phrase.role
    if guard.phrase.language != cue.phrase.language or role in _not_counting(cue.phrase):
        return False
    if role is Role.FIGURE:
        return not set(guard.literals).isdisjoint(cue.literals)
    if role not in _APPLIES or not set(guard.literals).isdisjoint(cue.literals):
        return False
    return _shares_clause(guard, cue, scene) and _APPLIES[role](guard, cue, scene)


def _not_counting(cue: Phrase) -> frozenset[Role]:
    """Where somebody else acts, or is worried about, that person is rightly the subject."""
    if cue.category is Category.THIRD_PARTY:
        return cue.unguarded_by | {Role.OTHER_PERSON, Role.SETTING}
    if cue.category in _OTHERS_ACT:
        return cue.unguarded_by | {Role.OTHER_PERSON}
    return cue.unguarded_by


def _shares_clause(guard: Hit, cue: Hit, scene: Scene) -> bool:
    """Let a guard that is a whole clause ("years ago, ...") speak for its neighbours too."""
    first, last = scene.clauses.bounds(cue.first, cue.last)
    if first <= guard.first and guard.last <= last:
        return True
    own_first, own_last = scene.clauses.bounds(guard.first, guard.last)
    is_lone = own_last - own_first + 1 - len(guard.literals) <= _LONE_GUARD_MAY_LEAVE
    return is_lone and (
        scene.clauses.are_neighbours(guard.last, first)
        or scene.clauses.are_neighbours(last, guard.first)
    )


def _negates(guard: Hit, cue: Hit, scene: Scene) -> bool:
    """Count a negation shortly before what it denies, unless it asserts or is taken back."""
    after = [place for place in cue.literals if place > guard.last]
    if not after or after[0] - guard.last - 1 > _NEGATION_REACH:
        return False
    return scene.last_take_back < cue.last and not _is_asserted(guard, scene)


def _is_asserted(guard: Hit, scene: Scene) -> bool:
    """Inside a phrase that only sounds like a guard: not gonna lie, no joke."""
    return scene.asserted.issuperset(guard.literals)


def _is_unasserted(guard: Hit, _cue: Hit, scene: Scene) -> bool:
    return not _is_asserted(guard, scene)


def _is_subject(guard: Hit, cue: Hit, scene: Scene) -> bool:
    """Somebody else stands inside the cue, or right before one that does not begin with I."""
    before = guard.last == cue.first - 1 and cue.first not in scene.first_person
    return before or cue.first < guard.first < cue.last


_APPLIES = {
    Role.NEGATION: _negates,
    Role.PAST: _is_unasserted,
    Role.QUOTATION: _is_unasserted,
    Role.SETTING: _is_unasserted,
    Role.OTHER_PERSON: _is_subject,
}
