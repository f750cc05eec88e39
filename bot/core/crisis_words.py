"""Reads a message as known words with their places and the breaks between them."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from bot.core.crisis_letters import Folded, fold
from bot.core.crisis_spelling import LARGE_NUMBER, NUMBER, UNKNOWN, Spelling

NO_BREAK = ""
SOFT_BREAK = ","
HARD_BREAK = "."

_CHUNK = re.compile(r"\n|\S+")
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_HARD = frozenset(".!?;\n")
_SOFT = frozenset(",:()[]-\u2022")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¿¡•")
_EDGE = "".join(_PUNCTUATION)
_SIGNS_AS_LETTERS = "$@"
_SHORT_IS = "'s"
_FEWEST_SPACED = 3
_FEWEST_LONE = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters, digits or one sign, its place in the original, and the break before it."""

    written: str
    start: int
    end: int
    before: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message as words that some phrase knows; every other word is UNKNOWN."""

    folded: Folded
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    breaks: tuple[str, ...]

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from first to last stand in the text as written."""
        return self.spans[first][0], self.spans[last][1]


_Recovered = tuple[tuple[str, ...], int, int, str]


@dataclass(slots=True)
class _Tokens:
    """What is being read: tokens so far and the strongest break since the last one."""

    found: list[Token]
    spelling: Spelling
    folded: Folded
    pending: str = NO_BREAK

    def add(self, written: str, start: int, end: int) -> None:
        offsets = self.folded.offsets
        self.found.append(Token(written, offsets[start], offsets[end - 1] + 1, self.pending))
        self.pending = NO_BREAK

    def pause(self, signs: str) -> None:
        if any(sign in _HARD for sign in signs):
            self.pending = HARD_BREAK
        elif self.pending == NO_BREAK and any(sign in _SOFT for sign in signs):
            self.pending = SOFT_BREAK


def read(text: str, spelling: Spelling, joiners: Container[str] = ()) -> Utterance:
    """Read any text in time linear in its length; a joiner (but) starts a new clause."""
    folded = fold(text)
    tokens = _Tokens([], spelling, folded)
    for chunk in _CHUNK.finditer(folded.text):
        _read_chunk(chunk.group(), chunk.start(), tokens)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    breaks: list[str] = []
    for recovered, start, end, before in _recover(tokens.found, spelling):
        words.extend(recovered)
        spans.extend([(start, end)] * len(recovered))
        joins = before == NO_BREAK and recovered[0] in joiners
        breaks.append(SOFT_BREAK if joins else before)
        breaks.extend([NO_BREAK] * (len(recovered) - 1))
    return Utterance(folded, tuple(words), tuple(spans), _join_lone_words(breaks))


def _read_chunk(chunk: str, start: int, tokens: _Tokens) -> None:
    if chunk.isalpha():
        tokens.add(chunk, start, start + len(chunk))
        return
    inner = chunk.lstrip(_EDGE)
    lead = chunk[: len(chunk) - len(inner)]
    core = inner.rstrip(_EDGE)
    tail = inner[len(core) :]
    begin = start + len(lead)
    if lead and lead[-1] in _SIGNS_AS_LETTERS and tokens.spelling.unmask(lead[-1] + core):
        core, begin, lead = lead[-1] + core, begin - 1, lead[:-1]
    tokens.pause(lead)
    _read_core(core, begin, tokens)
    tokens.pause(tail)


def _read_core(core: str, begin: int, tokens: _Tokens) -> None:
    letters = core.replace("'", "")
    if letters.isalpha():
        _read_contraction(core, letters, begin, tokens)
        return
    hidden = _hidden_word(letters, tokens.spelling)
    if hidden:
        tokens.add(hidden, begin, begin + len(core))
    else:
        _read_pieces(core, begin, tokens)


def _read_contraction(core: str, letters: str, begin: int, tokens: _Tokens) -> None:
    """One word (don't is dont), or two where only the first is known (husband's)."""
    stem, end = core[: -len(_SHORT_IS)], begin + len(core)
    if core.endswith(_SHORT_IS) and letters not in tokens.spelling.known and stem.isalpha():
        tokens.add(stem, begin, end - len(_SHORT_IS))
        tokens.add(letters[-1], end - 1, end)
    else:
        tokens.add(letters, begin, end)


def _hidden_word(letters: str, spelling: Spelling) -> str:
    """One word behind signs or punctuation; numbers and emoji hide nothing."""
    joined = "".join(sign for sign in letters if sign not in _PUNCTUATION)
    if not joined.isalnum() or joined.isdigit():
        return UNKNOWN
    return spelling.unmask(letters) or spelling.unmask(joined)


def _read_pieces(core: str, begin: int, tokens: _Tokens) -> None:
    previous = ""
    for piece in _PIECE.finditer(core):
        written = piece.group()
        start, end = begin + piece.start(), begin + piece.end()
        if written.isalnum() or written in tokens.spelling.known:
            tokens.add(written, start, end)
        elif written != "." or previous == ".":
            # One full stop inside a chunk may be a disguise: kill.myself
            tokens.pause(written)
        previous = written


def _recover(tokens: list[Token], spelling: Spelling) -> Iterator[_Recovered]:
    at = 0
    while at < len(tokens):
        end = _end_of_single_letters(tokens, at)
        run = tokens[at:end]
        if len(run) >= _FEWEST_SPACED and any(token.written.isalpha() for token in run):
            letters = "".join(token.written for token in run)
            yield spelling.split_spaced(letters), run[0].start, run[-1].end, run[0].before
        else:
            for token in run:
                yield _recover_one(token.written, spelling), token.start, token.end, token.before
        at = end


def _recover_one(written: str, spelling: Spelling) -> tuple[str, ...]:
    if written.isdigit():
        return (NUMBER if len(written) == 1 else LARGE_NUMBER,)
    return spelling.recover(written)


def _end_of_single_letters(tokens: list[Token], at: int) -> int:
    """Where a run of single letters ends; one token further if none starts here."""
    end = at
    while end < len(tokens) and len(tokens[end].written) == 1 and tokens[end].written.isalnum():
        end += 1
    return max(end, at + 1)


def _join_lone_words(breaks: list[str]) -> tuple[str, ...]:
    """Three or more sentences of one word each are one sentence written oddly."""
    hard = [at for at, kind in enumerate(breaks) if kind == HARD_BREAK] + [len(breaks)]
    joined = list(breaks)
    run = [0]
    for at in hard:
        if at - run[-1] <= 1:
            run.append(at)
            continue
        _soften(joined, run)
        run = [at]
    _soften(joined, run)
    return tuple(joined)


def _soften(breaks: list[str], run: list[int]) -> None:
    if len(run) > _FEWEST_LONE:
        for at in run[1:-1]:
            breaks[at] = NO_BREAK
