"""The notation of crisis phrases, and the automaton that finds them."""

import pytest

from bot.core.crisis import Role
from bot.core.crisis_matcher import Matcher
from bot.core.crisis_notation import NotationError, parse, parse_sets, words_in
from bot.core.crisis_phrases import Phrase
from bot.core.crisis_spelling import build_spelling
from bot.core.crisis_words import read

SETS = parse_sets({"want": "want to|wanna", "wish": "<want> (die|sleep)"})


def _found(pattern: str, text: str, most_cached: int = 1000) -> list[tuple[int, ...]]:
    tree = parse(pattern, SETS)
    matcher = Matcher([Phrase("en.x", Role.CUE, "en", (tree,))], most_cached)
    utterance = read(text, build_spelling(words_in(tree), set(), {}))
    return [hit.literals for hit in matcher.find(utterance)]


@pytest.mark.parametrize(
    ("pattern", "text", "places"),
    [
        ("want to die", "i want to die", [(1, 2, 3)]),
        ("want to die", "i want to, die", [(1, 2, 3)]),
        ("want to die", "i want to. die now", []),
        ("(want to|wanna) die", "wanna die", [(0, 1)]),
        ("want (really|so badly)? to die", "want so badly to die", [(0, 1, 2, 3, 4)]),
        ("want (really)? to die", "want to die", [(0, 1, 2)]),
        ("<want> die", "want to die", [(0, 1, 2)]),
        ("<wish>", "wanna sleep", [(0, 1)]),
        ("want ~ die", "want one two three die", [(0, 4)]),
        ("want ~ die", "want one two three four die", []),
        ("~ want ~", "one two want three", [(2,)]),
        ("took # pills", "took 5 pills took 50 pills", [(0, 1, 2), (3, 4, 5)]),
        ("took ## pills", "took 5 pills took 50 pills", [(3, 4, 5)]),
        ("^ die", "i die, die", [(2,)]),
        ("^ die", "die", [(0,)]),
        ("die $", "die here, die. i die", [(2,), (4,)]),
        ("die (now|$)", "die, die now", [(0,), (1, 2)]),
        ("(^|so) (die|end it)", "so end it", [(0, 1, 2)]),
        ("took 💊", "took 💊 now", [(0, 1)]),
        ("möchte don't", "MOCHTE don\u2019t", [(0, 1)]),
        ("die", "", []),
    ],
)
def test_a_pattern_finds_what_its_notation_says(
    pattern: str, text: str, places: list[tuple[int, ...]]
) -> None:
    assert _found(pattern, text) == places


@pytest.mark.parametrize(
    "pattern",
    ["", "(die", "die)", "die||", "<nothing> die", "die?? <", "~", "(die)?", "^ $", "k9", "a.b"],
)
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(NotationError):
        parse(pattern, SETS)


def test_a_set_can_only_call_those_before_it() -> None:
    with pytest.raises(NotationError, match="no set"):
        parse_sets({"wish": "<want> die", "want": "want to"})


def test_a_full_cache_starts_afresh_and_finds_the_same() -> None:
    text = "want a die b want c d die want e f g h die want to die " * 5
    assert _found("want ~ die", text, most_cached=3) == _found("want ~ die", text)


def test_of_patterns_that_end_on_one_word_the_fullest_is_kept() -> None:
    trees = (parse("die", {}), parse("want to die", {}), parse("to die", {}))
    matcher = Matcher([Phrase("en.x", Role.CUE, "en", trees)])
    spelling = build_spelling({"want", "to", "die"}, set(), {})
    (hit,) = matcher.find(read("i want to die", spelling))
    assert (hit.first, hit.last) == (1, 3)
