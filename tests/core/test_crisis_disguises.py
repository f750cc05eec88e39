"""Changes of case, spacing, letters and signs do not hide a phrase."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.crisis_letters import fold
from bot.core.crisis_spelling import build_spelling
from bot.core.crisis_words import read
from tests.core.crisis_bundle import in_channel

PHRASES = st.sampled_from(
    ["i want to die", "i am going to kill myself", "i feel suicidal", "i took all my pills"]
)
LOOK_ALIKES = str.maketrans("aeiocpxysk", "аеіосрхуѕк")
INVISIBLE = st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff", "\u0336", "\u0301", "\xad"])


def _shift(text: str, first: int) -> str:
    """Letters of another alphabet with the same order, such as full-width ones."""
    return "".join(chr(first + ord(c) - ord("a")) if c.isalpha() else c for c in text)


def _as_always(disguised: str, phrase: str) -> None:
    assert in_channel(disguised).tier is in_channel(phrase).tier
    assert in_channel(disguised).tier.is_crisis


@given(PHRASES, st.data())
@settings(max_examples=60, deadline=None)
def test_case_does_not_hide_a_phrase(phrase: str, data: st.DataObject) -> None:
    upper = data.draw(st.lists(st.booleans(), min_size=len(phrase), max_size=len(phrase)))
    pairs = zip(phrase, upper, strict=True)
    _as_always("".join(c.upper() if up else c for c, up in pairs), phrase)


@given(PHRASES, st.data())
@settings(max_examples=60, deadline=None)
def test_invisible_characters_do_not_hide_a_phrase(phrase: str, data: st.DataObject) -> None:
    marks = data.draw(st.lists(INVISIBLE | st.just(""), min_size=len(phrase), max_size=len(phrase)))
    pairs = zip(phrase, marks, strict=True)
    _as_always("".join(c + mark for c, mark in pairs), phrase)


@given(PHRASES, st.text(alphabet="aeiocpxysk"))
@settings(max_examples=60, deadline=None)
def test_look_alike_letters_do_not_hide_a_phrase(phrase: str, replaced: str) -> None:
    table = {code: like for code, like in LOOK_ALIKES.items() if chr(code) in replaced}
    _as_always(phrase.translate(table), phrase)


@given(PHRASES, st.sampled_from([0xFF41, 0x1D41A, 0x1D4EA, 0x24D0, 0x1F150, 0x1F170, 0x1F1E6]))
def test_fancy_alphabets_do_not_hide_a_phrase(phrase: str, first: int) -> None:
    _as_always(_shift(phrase, first), phrase)


@given(PHRASES, st.sampled_from(["  ", "\t", "\u00a0", "\u3000", " , ", "\n", ". "]))
def test_odd_spacing_does_not_hide_a_phrase(phrase: str, space: str) -> None:
    _as_always(phrase.replace(" ", space), phrase)


@given(PHRASES, st.sampled_from([" ", ".", "-", "_", "*", "/", "  "]))
def test_letters_written_apart_do_not_hide_a_phrase(phrase: str, between: str) -> None:
    _as_always(" ".join(between.join(word) for word in phrase.split()), phrase)


@given(PHRASES, st.integers(min_value=3, max_value=8))
def test_drawn_out_letters_do_not_hide_a_phrase(phrase: str, times: int) -> None:
    *most, last = phrase.split()
    drawn_out = last[:-1] + last[-1] * times
    _as_always(" ".join([*most, drawn_out]), phrase)


@pytest.mark.parametrize(
    "text",
    [
        "i w4nt t0 d13",
        "k!ll my$elf",
        "i feel $uicidal",
        "i want to k1ll mys3lf",
        "suic*dal thoughts again",
        "wanttodie",
        "iwanttokillmyself",
        "kill.myself tonight",
        "i feel su-i-ci-dal",
        "kil myself",
        "i feel suicdal",
        "i feel s u 1 c i d a l",
        "took all my 💊",
        "i want to 🔫 myself",
        "i want to die!!!",
        "i WANT to diiiiie",
        "qqq k i l l m y s e l f",
    ],
)
def test_disguises_that_people_use(text: str) -> None:
    assert in_channel(text).tier.is_crisis


@pytest.mark.parametrize(
    "text",
    [
        "the soldier studied in india",
        "1 2 3 4 5 6",
        "a b c d e",
        "$$$ @ ##",
        "die Katze schläft",
        "x",
    ],
)
def test_ordinary_words_are_not_taken_for_disguises(text: str) -> None:
    assert not in_channel(text).cues


def test_every_folded_letter_remembers_where_it_stood() -> None:
    folded = fold("É\u200b½ß")
    assert folded.text == "e1\u20442ss"
    assert list(folded.offsets) == [0, 2, 2, 2, 3, 3]


def test_words_are_read_with_their_places_and_breaks() -> None:
    spelling = build_spelling({"husband", "hits", "me", "dont", "💊"}, {"suicide"}, {"lol": "me"})
    read_as = read("My husband's 12 xx,yy 5mg hits... me! lol don't 💊 (su1cide)", spelling)
    words = " ".join(word or "_" for word in read_as.words)
    assert words == "_ husband _ ## _ _ # _ hits me me dont 💊 suicide"
    assert "".join(pause or "_" for pause in read_as.breaks) == "_____,___..__,"


def test_a_joiner_begins_a_clause() -> None:
    spelling = build_spelling({"but", "die"}, set(), {})
    assert read("x but die", spelling, {"but"}).breaks == ("", ",", "")


def test_without_strong_words_nothing_is_guessed() -> None:
    spelling = build_spelling({"die", "want"}, set(), {})
    assert spelling.recover("wanttodie") == ("",)
    assert spelling.recover("dieeee") == ("die",)
    assert spelling.recover("zzzz") == ("",)
