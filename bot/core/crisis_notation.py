"""The notation in which crisis phrases are written, read into small trees.

want to die            these words, one after the other
(die|end it all)       one of these
(really|just)?         perhaps one of these
<want>                 a named set of the language's file
~                      up to three other words
#                      a number
^  $                   the start, the end of a clause
an emoji               stands for itself
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.core.crisis_letters import fold
from bot.core.crisis_spelling import LARGE_NUMBER, NUMBER
from bot.core.errors import HandrailError

START = "^"
END = "$"
GAP_WORDS = 3
_RESERVED = frozenset("?|()<>")

_SIGN = re.compile(r"##|[()|?~^$#]|<[a-z_]+>|[^\s()|?~^$#<>]+|\S")


class NotationError(HandrailError):
    """A pattern can't be read; says where and quotes only the pattern."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word or number, any of these."""

    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The start or the end of a clause."""

    sign: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to so many words of any kind."""

    words: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; an empty one makes it optional."""

    options: tuple["Sequence", ...]


Node = Word | Anchor | Gap | Choice
Sequence = tuple[Node, ...]


def parse(pattern: str, sets: Mapping[str, Node]) -> Sequence:
    """Read a pattern as a tree; raises NotationError if it can't be read or says nothing."""
    sequence = _read(pattern, sets)
    if not sum(map(_shortest, sequence)):
        raise NotationError(f"{pattern!r} matches without any word")
    return _trimmed(sequence)


def parse_sets(patterns: Mapping[str, str]) -> Mapping[str, Node]:
    """Read named sets; a set may call those that stand before it."""
    sets: dict[str, Node] = {}
    for name, pattern in patterns.items():
        sets[name] = _choice_of([_read(pattern, sets)])
    return sets


@lru_cache(maxsize=8192)
def plain_word(written: str) -> str:
    """Fold a word as words of messages are folded."""
    return fold(written).text.replace("'", "")


def _read(pattern: str, sets: Mapping[str, Node]) -> Sequence:
    reader = _Reader(_SIGN.findall(pattern), pattern, sets)
    node = reader.choice()
    if reader.peek():
        raise NotationError(f"unexpected {reader.peek()!r} in {pattern!r}")
    return node.options[0] if isinstance(node, Choice) and len(node.options) == 1 else (node,)


def _trimmed(sequence: Sequence) -> Sequence:
    """Leave out what may be missing at either end: it would only find the same place again."""
    needed = [at for at, node in enumerate(sequence) if _says_something(node)]
    return sequence[needed[0] : needed[-1] + 1]


def _says_something(node: Node) -> bool:
    match node:
        case Choice(options):
            anchors = (part for option in options for part in option if isinstance(part, Anchor))
            return _shortest(node) > 0 or any(anchors)
        case Gap():
            return False
        case _:
            return True


def _choice_of(options: list[Sequence]) -> Node:
    """Build a choice in which all single words stand together, and choices are not nested."""
    texts: set[str] = set()
    longer: list[Sequence] = []
    for option in _flattened(options):
        match option:
            case (Word(more),):
                texts |= more
            case _:
                longer.append(option)
    if texts and not longer:
        return Word(frozenset(texts))
    words: list[Sequence] = [(Word(frozenset(texts)),)] if texts else []
    return Choice((*words, *longer))


def _flattened(options: list[Sequence]) -> Iterator[Sequence]:
    for option in options:
        match option:
            case (Choice(inner),):
                yield from inner
            case _:
                yield option


def words_in(sequence: Sequence) -> frozenset[str]:
    """Return every literal word of a tree."""
    return frozenset().union(*map(_words_in_node, sequence))


def _words_in_node(node: Node) -> frozenset[str]:
    match node:
        case Word(texts):
            return texts
        case Choice(options):
            return frozenset().union(*map(words_in, options))
        case _:
            return frozenset()


def longest(sequence: Sequence) -> int:
    """Count the most words a tree can take."""
    return sum(map(_longest_of, sequence))


def _longest_of(node: Node) -> int:
    match node:
        case Word():
            return 1
        case Anchor():
            return 0
        case Gap(words):
            return words
        case _:
            return max(map(longest, node.options))


def _shortest(node: Node) -> int:
    match node:
        case Word():
            return 1
        case Choice(options):
            return min(sum(map(_shortest, option)) for option in options)
        case _:
            return 0


_SIGNS: Mapping[str, Node] = {
    "~": Gap(GAP_WORDS),
    NUMBER: Word(frozenset({NUMBER, LARGE_NUMBER})),
    LARGE_NUMBER: Word(frozenset({LARGE_NUMBER})),
    START: Anchor(START),
    END: Anchor(END),
}


@dataclass(slots=True)
class _Reader:
    signs: list[str]
    pattern: str
    sets: Mapping[str, Node]
    at: int = 0

    def peek(self) -> str:
        return self.signs[self.at] if self.at < len(self.signs) else ""

    def take(self) -> str:
        sign = self.peek()
        self.at += 1
        return sign

    def choice(self) -> Node:
        options = [self.sequence()]
        while self.peek() == "|":
            self.take()
            options.append(self.sequence())
        return _choice_of(options)

    def sequence(self) -> Sequence:
        nodes: list[Node] = []
        while self.peek() not in {"", "|", ")"}:
            node = self.node()
            if self.peek() == "?":
                self.take()
                node = _choice_of([(node,), ()])
            nodes.append(node)
        return tuple(nodes)

    def node(self) -> Node:
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign[0] == "<" and sign[1:-1] in self.sets:
            return self.sets[sign[1:-1]]
        return _SIGNS.get(sign) or self.word(sign)

    def group(self) -> Node:
        choice = self.choice()
        if self.take() != ")":
            raise NotationError(f"a bracket is not closed in {self.pattern!r}")
        return choice

    def word(self, sign: str) -> Word:
        text = plain_word(sign)
        if not (text.isalpha() or (len(text) == 1 and text not in _RESERVED)):
            raise NotationError(f"{sign!r} is no word and no set, in {self.pattern!r}")
        return Word(frozenset({text}))
