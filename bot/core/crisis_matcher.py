"""Finds every phrase in a message in one pass: a word automaton, built lazily and kept bounded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.core.crisis_notation import END, START, Anchor, Gap, Node, Sequence, Word, longest
from bot.core.crisis_phrases import Phrase
from bot.core.crisis_words import HARD_BREAK, NO_BREAK, Utterance

# Cached places and steps (some tens of bytes each): more than ordinary talk needs; past it the
# cache starts afresh, so that no flood of odd messages fills a small machine.
MOST_CACHED = 300_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase and the places of the words that it names; words in its gaps are left out."""

    phrase: Phrase
    literals: tuple[int, ...]

    @property
    def first(self) -> int:
        """The place of its first word."""
        return self.literals[0]

    @property
    def last(self) -> int:
        """The place of its last word."""
        return self.literals[-1]


@dataclass(frozen=True, slots=True)
class _Pattern:
    phrase: Phrase
    tree: Sequence
    width: int


@dataclass(slots=True, eq=False)
class _State:
    """A set of places in the patterns that the words so far have led to."""

    places: frozenset[int]
    ends: tuple[int, ...]
    following: dict[str, "_State"] = field(default_factory=dict)


class _Automaton:
    """All patterns side by side: from a place, a word or any word leads to further places.

    Place 0 is where every pattern begins. Kept in few, shared containers: they are built at start.
    """

    def __init__(self, trees: Iterable[Sequence]) -> None:
        self._by_word: list[list[tuple[frozenset[str], int]]] = [[]]
        self._by_any: list[list[int]] = [[]]
        self._ends: list[list[int]] = [[]]
        self._laid: dict[tuple[frozenset[str], frozenset[int]], frozenset[int]] = {}
        for number, tree in enumerate(trees):
            for place in self._lay(tree, frozenset({0})):
                self._ends[place].append(number)
        self._laid.clear()
        self._beginnings: dict[str, list[int]] = {}
        for texts, place in self._by_word[0]:
            for text in texts:
                self._beginnings.setdefault(text, []).append(place)
        self._by_word[0] = []

    def after(self, places: frozenset[int], word: str) -> frozenset[int]:
        """Return where a word leads; an anchor takes no word, so it also leaves all as it was."""
        is_anchor = word in {START, END}
        found = set(places) if is_anchor else {0}
        found.update(self._beginnings.get(word, ()))
        for place in places:
            found.update(new for texts, new in self._by_word[place] if word in texts)
            if not is_anchor:
                found.update(self._by_any[place])
        return frozenset(found)

    def ends_at(self, places: frozenset[int]) -> tuple[int, ...]:
        """Return the numbers of the patterns that end at one of these places."""
        return tuple(sorted({number for place in places for number in self._ends[place]}))

    def _lay(self, tree: Sequence, places: frozenset[int]) -> frozenset[int]:
        for node in tree:
            places = self._lay_node(node, places)
        return places

    def _lay_node(self, node: Node, places: frozenset[int]) -> frozenset[int]:
        match node:
            case Word(texts):
                return self._lay_words(texts, places)
            case Anchor(sign):
                return self._lay_words(frozenset({sign}), places)
            case Gap(words):
                return self._lay_gap(words, places)
            case _:
                ends = (self._lay(option, places) for option in node.options)
                return frozenset().union(*ends)

    def _lay_words(self, texts: frozenset[str], places: frozenset[int]) -> frozenset[int]:
        """Lay alternatives to one place, and the same beginnings of patterns only once."""
        known = self._laid.get((texts, places))
        if known is not None:
            return known
        new = self._new_place()
        for place in places:
            self._by_word[place].append((texts, new))
        laid = self._laid[texts, places] = frozenset({new})
        return laid

    def _lay_gap(self, words: int, places: frozenset[int]) -> frozenset[int]:
        reached = set(places)
        latest: Iterable[int] = places
        for _ in range(words):
            new = self._new_place()
            for place in latest:
                self._by_any[place].append(new)
            latest = (new,)
            reached.add(new)
        return frozenset(reached)

    def _new_place(self) -> int:
        self._by_word.append([])
        self._by_any.append([])
        self._ends.append([])
        return len(self._by_word) - 1


class Matcher:
    """Finds hits in time linear in the number of words."""

    def __init__(self, phrases: Iterable[Phrase], most_cached: int = MOST_CACHED) -> None:
        self._patterns = tuple(
            _Pattern(phrase, tree, longest(tree)) for phrase in phrases for tree in phrase.patterns
        )
        self._automaton = _Automaton(pattern.tree for pattern in self._patterns)
        self._most_cached = most_cached
        self._cached = 0
        self._states: dict[frozenset[int], _State] = {}
        self._resting = self._state(frozenset({0}))

    def find(self, utterance: Utterance) -> tuple[Hit, ...]:
        """Every hit, in the order of its last word; of hits with one end, the shortest."""
        ends: dict[tuple[int, int], None] = {}
        state = self._step(self._resting, START)
        for at, (word, pause) in enumerate(zip(utterance.words, utterance.breaks, strict=True)):
            if pause != NO_BREAK and at:
                self._note(self._step(state, END), at - 1, ends)
                state = self._step(self._resting if pause == HARD_BREAK else state, START)
            state = self._step(state, word)
            self._note(state, at, ends)
        self._note(self._step(state, END), len(utterance.words) - 1, ends)
        found = (hit for number, last in ends for hit in self._hits(number, last, utterance))
        return _one_for_each_place(found)

    def _note(self, state: _State, last: int, ends: dict[tuple[int, int], None]) -> None:
        for number in state.ends:
            ends[number, last] = None

    def _step(self, state: _State, word: str) -> _State:
        following = state.following.get(word)
        if following is None:
            following = self._state(self._automaton.after(state.places, word))
            state.following[word] = following
            self._cached += 1
        return following

    def _state(self, places: frozenset[int]) -> _State:
        state = self._states.get(places)
        if state is None:
            if self._cached >= self._most_cached:
                self._forget()
            state = _State(places, self._automaton.ends_at(places))
            self._states[places] = state
            self._cached += len(places)
        return state

    def _forget(self) -> None:
        for state in self._states.values():
            state.following.clear()
        self._states = {self._resting.places: self._resting}
        self._cached = 0

    def _hits(self, number: int, last: int, utterance: Utterance) -> Iterator[Hit]:
        """Prefer the hit that names most words; of such, the one whose words stand closest."""
        pattern = self._patterns[number]
        firsts = range(last, max(last - pattern.width, -1), -1)
        found = (
            Hit(pattern.phrase, literals)
            for first in firsts
            for end, literals in _ways(pattern.tree, first, utterance)
            if end == last + 1
        )
        return islice(sorted(found, key=_most_words_first), 1)


def _one_for_each_place(found: Iterable[Hit]) -> tuple[Hit, ...]:
    """Keep one hit of a phrase where several of its patterns end on the same word."""
    best: dict[tuple[str, int], Hit] = {}
    for hit in found:
        place = hit.phrase.id, hit.last
        best[place] = min(best.get(place, hit), hit, key=_most_words_first)
    return tuple(best.values())


def _most_words_first(hit: Hit) -> tuple[int, int]:
    return -len(hit.literals), -hit.first


def _ways(tree: Sequence, at: int, utterance: Utterance) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every way to lay a tree over the words from one on: the next word's place, and literals."""
    if not tree:
        yield at, ()
        return
    for middle, before in _ways_of_node(tree[0], at, utterance):
        for end, after in _ways(tree[1:], middle, utterance):
            yield end, before + after


def _ways_of_node(
    node: Node, at: int, utterance: Utterance
) -> Iterator[tuple[int, tuple[int, ...]]]:
    match node:
        case Word(texts):
            if at < len(utterance.words) and utterance.words[at] in texts:
                yield at + 1, (at,)
        case Anchor(sign):
            if _is_edge(sign, at, utterance):
                yield at, ()
        case Gap(words):
            yield from ((at + taken, ()) for taken in range(words + 1))
        case _:
            for option in node.options:
                yield from _ways(option, at, utterance)


def _is_edge(anchor: str, at: int, utterance: Utterance) -> bool:
    if at == (0 if anchor == START else len(utterance.words)):
        return True
    return at < len(utterance.words) and utterance.breaks[at] != NO_BREAK
