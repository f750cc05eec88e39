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
    """One literal word, a number, or an anchor."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to so many words of any kind."""

    words: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; an empty one makes it optional."""

    options: tuple["Sequence", ...]


Node = Word | Gap | Choice
Sequence = tuple[Node, ...]


def parse(pattern: str, sets: Mapping[str, Choice]) -> Sequence:
    """Read a pattern as a tree; raises NotationError if it can't be read or says nothing."""
    choice = _read(pattern, sets)
    if not _shortest(choice):
        raise NotationError(f"{pattern!r} matches without any word")
    return choice.options[0] if len(choice.options) == 1 else (choice,)


def plain_word(written: str) -> str:
    """Fold a word as words of messages are folded."""
    return fold(written).text.replace("'", "")


def parse_sets(patterns: Mapping[str, str]) -> Mapping[str, Choice]:
    """Read named sets; a set may call those that stand before it."""
    sets: dict[str, Choice] = {}
    for name, pattern in patterns.items():
        sets[name] = _read(pattern, sets)
    return sets


def _read(pattern: str, sets: Mapping[str, Choice]) -> Choice:
    reader = _Reader(_SIGN.findall(pattern), pattern, sets)
    choice = reader.choice()
    if reader.peek():
        raise NotationError(f"unexpected {reader.peek()!r} in {pattern!r}")
    return choice


def words_in(sequence: Sequence) -> Iterator[str]:
    """Every literal word of a tree."""
    for node in sequence:
        if isinstance(node, Word):
            yield node.text
        elif isinstance(node, Choice):
            for option in node.options:
                yield from words_in(option)


def longest(sequence: Sequence) -> int:
    """The most words a tree can take."""
    return sum(_longest_of(node) for node in sequence)


def _longest_of(node: Node) -> int:
    match node:
        case Word(text):
            return 0 if text in {START, END} else 1
        case Gap(words):
            return words
        case Choice(options):
            return max(longest(option) for option in options)


def _shortest(node: Node) -> int:
    match node:
        case Word(text):
            return 0 if text in {START, END} else 1
        case Gap():
            return 0
        case Choice(options):
            return min(sum(map(_shortest, option)) for option in options)


_SIGNS: Mapping[str, Node] = {
    "~": Gap(GAP_WORDS),
    NUMBER: Choice(((Word(NUMBER),), (Word(LARGE_NUMBER),))),
    LARGE_NUMBER: Word(LARGE_NUMBER),
    START: Word(START),
    END: Word(END),
}


@dataclass(slots=True)
class _Reader:
    signs: list[str]
    pattern: str
    sets: Mapping[str, Choice]
    at: int = 0

    def peek(self) -> str:
        return self.signs[self.at] if self.at < len(self.signs) else ""

    def take(self) -> str:
        sign = self.peek()
        self.at += 1
        return sign

    def choice(self) -> Choice:
        options = [self.sequence()]
        while self.peek() == "|":
            self.take()
            options.append(self.sequence())
        return Choice(tuple(options))

    def sequence(self) -> Sequence:
        nodes: list[Node] = []
        while self.peek() not in {"", "|", ")"}:
            node = self.node()
            if self.peek() == "?":
                self.take()
                node = Choice(((node,), ()))
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
        return Word(text)
