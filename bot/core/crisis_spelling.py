"""Recovers the words a crisis phrase knows from how they were disguised or mistyped."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NUMBER = "#"
LARGE_NUMBER = "##"
UNKNOWN = ""

_LEET = str.maketrans("0134578@$!|+€9", "oieastbasiites"[:14])
_LEET_WITH_L = str.maketrans("0134578@$!|+€9", "oleastbasllteg")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_RUN = re.compile(r"(.)\1+")
_VOWELS = "aeiou"
_SHORTEST_GLUED = 6
_SHORTEST_MISTYPED = 5
_LONGEST_GLUED = 60
_LONGEST_WORD = 14
_ONE_LETTER_WORDS = frozenset("iauey")
_LETTER_COST = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words that matter, and the disguises of the strong ones.

    A word is known if a phrase uses it. A strong word (suicide, myself) is worth a typo's doubt.
    """

    known: frozenset[str]
    variants: Mapping[str, str]
    squashed: Mapping[str, str]
    strong: re.Pattern[str] = field(default=re.compile(r"(?!)"))

    def recover(self, word: str) -> tuple[str, ...]:
        """Return the known word or words in a run of letters; one UNKNOWN if there are none."""
        if word in self.known:
            return (word,)
        if word in self.variants:
            return (self.variants[word],)
        plain = self._without_runs(word)
        if plain:
            return (plain,)
        if _SHORTEST_GLUED <= len(word) <= _LONGEST_GLUED and self.strong.search(word):
            return self._unglued(word)
        return (UNKNOWN,)

    def unmask(self, written: str) -> str:
        """Return the known word behind digits and signs used as letters, or an empty string."""
        for table in (_LEET, _LEET_WITH_L):
            letters = written.translate(table)
            if letters in self.known:
                return letters
            if letters in self.variants:
                return self.variants[letters]
        return UNKNOWN

    def split_spaced(self, letters: str) -> tuple[str, ...]:
        """Return the words in letters written apart; letters in no known word become UNKNOWN."""
        return _cheapest_split(letters.translate(_LEET), self.known)

    def _without_runs(self, word: str) -> str:
        if _LONG_RUN.search(word):
            for kept in (r"\1\1", r"\1"):
                shorter = _LONG_RUN.sub(kept, word)
                if shorter in self.known:
                    return shorter
        return self.squashed.get(squash(word), UNKNOWN)

    def _unglued(self, word: str) -> tuple[str, ...]:
        words = _cheapest_split(word, self.known)
        return (UNKNOWN,) if UNKNOWN in words else words


def build_spelling(
    known: Iterable[str], strong: Iterable[str], aliases: Mapping[str, str]
) -> Spelling:
    """Build a spelling in which strong words keep their common typos, unless those are words."""
    vocabulary = frozenset(known) | frozenset(strong)
    strong = frozenset(strong)
    variants = {
        typo: word for word in sorted(strong) for typo in _typos(word) if typo not in vocabulary
    }
    variants.update(aliases)
    return Spelling(
        known=vocabulary,
        variants=variants,
        squashed={squash(word): word for word in sorted(strong)},
        strong=re.compile("|".join(sorted(map(re.escape, strong))) or r"(?!)"),
    )


def squash(word: str) -> str:
    """Return the word with every repeated letter written once."""
    return _RUN.sub(r"\1", word)


def _typos(word: str) -> Iterable[str]:
    """Yield a longer word a letter short or with two swapped, any with a vowel starred."""
    for at in range(1, len(word)):
        if len(word) >= _SHORTEST_MISTYPED:
            yield word[:at] + word[at + 1 :]
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        if word[at] in _VOWELS:
            yield f"{word[:at]}*{word[at + 1 :]}"


def _cheapest_split(letters: str, known: frozenset[str]) -> tuple[str, ...]:
    """Fewest words; a letter that belongs to none costs as much as three."""
    costs = [0]
    steps = [0]
    for end in range(1, len(letters) + 1):
        best, length = costs[end - 1] + _LETTER_COST, 0
        for size in range(1, min(end, _LONGEST_WORD) + 1):
            cost = costs[end - size] + 1
            if cost < best and _is_word(letters[end - size : end], known):
                best, length = cost, size
        costs.append(best)
        steps.append(length)
    return _walk_back(letters, steps)


def _is_word(piece: str, known: frozenset[str]) -> bool:
    return piece in (_ONE_LETTER_WORDS if len(piece) == 1 else known)


def _walk_back(letters: str, steps: list[int]) -> tuple[str, ...]:
    words: list[str] = []
    end = len(letters)
    while end:
        size = steps[end]
        words.append(letters[end - size : end] if size else UNKNOWN)
        end -= size or 1
    return tuple(reversed(words))
