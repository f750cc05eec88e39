"""Where clauses begin and end, and which stretches of a message are somebody's quoted words."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.core.crisis_words import HARD_BREAK, NO_BREAK, Utterance

_DOUBLE_MARK = re.compile(r'"')
_SINGLE_OPENING = re.compile(r"(?<!\w)'(?=\w)")
_SINGLE_CLOSING = re.compile(r"(?<=\w)'(?!\w)")
_LONGEST_QUOTE = 200
_QUOTED_LINE = re.compile(r"^> .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of one message as places of first words, the sentence each belongs to marked."""

    starts: tuple[int, ...]
    begin_sentence: tuple[bool, ...]
    length: int

    def bounds(self, first: int, last: int) -> tuple[int, int]:
        """First and last word of the clause, or clauses, in which these words stand."""
        return self.starts[self.index(first)], self._end(self.index(last))

    def index(self, word: int) -> int:
        """Return the number of the clause that a word belongs to."""
        return bisect_right(self.starts, word) - 1

    def are_neighbours(self, one: int, other: int) -> bool:
        """Whether two words stand in clauses next to each other, in one sentence."""
        first, second = sorted((self.index(one), self.index(other)))
        return second - first == 1 and not self.begin_sentence[second]

    def _end(self, clause: int) -> int:
        return (self.starts[clause + 1] if clause + 1 < len(self.starts) else self.length) - 1


def split_clauses(utterance: Utterance) -> Clauses:
    """Return the clauses of an utterance; breaks of any strength end one."""
    starts = [at for at, pause in enumerate(utterance.breaks) if not at or pause != NO_BREAK]
    sentences = tuple(utterance.breaks[at] == HARD_BREAK for at in starts)
    return Clauses(tuple(starts), sentences, len(utterance.words))


def quoted_stretches(utterance: Utterance) -> tuple[tuple[int, int], ...]:
    """Stretches of the original between quotation marks or in quoted lines, in order, disjoint."""
    folded = utterance.folded
    stretches: list[tuple[int, int]] = []
    for start, end in sorted(_marked(folded.text)):
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return tuple((folded.offsets[start], folded.offsets[end - 1] + 1) for start, end in stretches)


def _marked(text: str) -> Iterator[tuple[int, int]]:
    doubles = [mark.start() for mark in _DOUBLE_MARK.finditer(text)]
    yield from _short(zip(doubles[::2], doubles[1::2], strict=False))
    yield from _short(_single_quoted(text))
    for line in _QUOTED_LINE.finditer(text):
        yield line.span()


def _single_quoted(text: str) -> Iterator[tuple[int, int]]:
    closings = [mark.start() for mark in _SINGLE_CLOSING.finditer(text)]
    for opening in _SINGLE_OPENING.finditer(text):
        next_closing = bisect_right(closings, opening.start())
        if next_closing < len(closings):
            yield opening.start(), closings[next_closing]


def _short(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out marks far apart (inches, an apostrophe): they enclose nobody's words."""
    for opening, closing in pairs:
        if closing - opening <= _LONGEST_QUOTE:
            yield opening, closing + 1
