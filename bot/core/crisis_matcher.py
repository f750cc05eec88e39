"""Finds every phrase in a message in one pass: a word automaton, built lazily and kept bounded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.core.crisis_notation import END, START, Choice, Gap, Node, Sequence, Word, longest
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
    """All patterns side by side: from a place, a word or any word leads to further places."""

    def __init__(self, trees: Iterable[Sequence]) -> None:
        self.by_word: list[dict[str, list[int]]] = [{}]
        self.by_any: list[list[int]] = [[]]
        self.ends: list[list[int]] = [[]]
        for number, tree in enumerate(trees):
            for place in self._lay(tree, frozenset({0})):
                self.ends[place].append(number)

    def _lay(self, tree: Sequence, places: frozenset[int]) -> frozenset[int]:
        for node in tree:
            places = self._lay_node(node, places)
        return places

    def _lay_node(self, node: Node, places: frozenset[int]) -> frozenset[int]:
        match node:
            case Word(text):
                return self._lay_words([text], places)
            case Gap(words):
                return self._lay_gap(words, places)
            case Choice(options):
                words, longer = _part_words(options)
                ends = [self._lay(option, places) for option in longer]
                return frozenset().union(self._lay_words(words, places), *ends)

    def _lay_words(self, words: list[str], places: frozenset[int]) -> frozenset[int]:
        """Alternatives of one word lead to one place, which keeps the automaton small."""
        if not words:
            return frozenset()
        new = self._new_place()
        for place in places:
            following = self.by_word[place]
            for word in words:
                following.setdefault(word, []).append(new)
        return frozenset({new})

    def _lay_gap(self, words: int, places: frozenset[int]) -> frozenset[int]:
        reached = set(places)
        latest: Iterable[int] = places
        for _ in range(words):
            new = self._new_place()
            for place in latest:
                self.by_any[place].append(new)
            latest = (new,)
            reached.add(new)
        return frozenset(reached)

    def _new_place(self) -> int:
        self.by_word.append({})
        self.by_any.append([])
        self.ends.append([])
        return len(self.by_word) - 1


def _part_words(options: tuple[Sequence, ...]) -> tuple[list[str], list[Sequence]]:
    """Options of a single word, and all others."""
    words: list[str] = []
    longer: list[Sequence] = []
    for option in options:
        match option:
            case (Word(text),):
                words.append(text)
            case _:
                longer.append(option)
    return words, longer


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
        return tuple(hit for number, last in ends for hit in self._hits(number, last, utterance))

    def _note(self, state: _State, last: int, ends: dict[tuple[int, int], None]) -> None:
        for number in state.ends:
            ends[number, last] = None

    def _step(self, state: _State, word: str) -> _State:
        following = state.following.get(word)
        if following is None:
            following = self._state(self._next_places(state.places, word))
            state.following[word] = following
            self._cached += 1
        return following

    def _next_places(self, places: frozenset[int], word: str) -> frozenset[int]:
        automaton = self._automaton
        is_anchor = word in {START, END}
        found = set(places) if is_anchor else {0}
        for place in places:
            found.update(automaton.by_word[place].get(word, ()))
            if not is_anchor:
                found.update(automaton.by_any[place])
        return frozenset(found)

    def _state(self, places: frozenset[int]) -> _State:
        state = self._states.get(places)
        if state is None:
            if self._cached >= self._most_cached:
                self._forget()
            ends = sorted({number for place in places for number in self._automaton.ends[place]})
            state = self._states[places] = _State(places, tuple(ends))
            self._cached += len(places)
        return state

    def _forget(self) -> None:
        for state in self._states.values():
            state.following.clear()
        self._states = {self._resting.places: self._resting}
        self._cached = 0

    def _hits(self, number: int, last: int, utterance: Utterance) -> Iterator[Hit]:
        """The hit that starts latest, so that its words stand closest together."""
        pattern = self._patterns[number]
        firsts = range(last, max(last - pattern.width, -1), -1)
        found = (
            Hit(pattern.phrase, literals)
            for first in firsts
            for end, literals in _ways(pattern.tree, first, utterance)
            if end == last + 1
        )
        return islice(found, 1)


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
        case Word(text):
            if text in {START, END}:
                if _is_edge(text, at, utterance):
                    yield at, ()
            elif at < len(utterance.words) and utterance.words[at] == text:
                yield at + 1, (at,)
        case Gap(words):
            for taken in range(words + 1):
                yield at + taken, ()
        case Choice(options):
            for option in options:
                yield from _ways(option, at, utterance)


def _is_edge(anchor: str, at: int, utterance: Utterance) -> bool:
    if at == (0 if anchor == START else len(utterance.words)):
        return True
    return at < len(utterance.words) and utterance.breaks[at] != NO_BREAK
