"""Trying the phrases on lines: one answer a line, whatever the line."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.scan import Json, ScanOptions, run_scan, scan_line
from bot.core.crisis import Place
from tests.core.crisis_bundle import bundled_detector

JSONL = ScanOptions(jsonl=True)


def _scan(line: bytes, options: ScanOptions | None = None) -> dict[str, Json]:
    answer = json.loads(scan_line(line, bundled_detector(), options or ScanOptions()))
    assert isinstance(answer, dict)
    return answer


def test_every_line_gets_one_answer_in_order_and_at_once() -> None:
    happened: list[str] = []

    def lines() -> Iterator[bytes]:
        for line in (b"i want to die\r\n", b"\n", b"\xff\xfe\n", b"hello"):
            happened.append("read")
            yield line

    run_scan(lines(), happened.append, bundled_detector(), ScanOptions())
    written = happened[1::2]
    assert happened[::2] == ["read"] * 4
    assert [json.loads(line)["tier"] for line in written] == ["T2", "none", "none", "none"]
    assert all(line.endswith("\n") for line in written)


def test_an_answer_names_tier_category_language_and_cues() -> None:
    assert _scan(b"i want to die") == {
        "tier": "T2",
        "category": "suicide",
        "language": "en",
        "cues": ["en.wish_to_die"],
    }


def test_the_default_place_is_a_channel() -> None:
    assert _scan(b"i am not suicidal")["tier"] == "T0"
    assert _scan(b"i am not suicidal", ScanOptions(place=Place.DM))["tier"] == "T3"


def test_an_explanation_gives_offsets_and_guards_but_no_words() -> None:
    answer = _scan(b"i am not suicidal at all", ScanOptions(explain=True))
    explanation = answer["explanation"]
    assert isinstance(explanation, list)
    assert {
        "cue": "en.suicidal",
        "category": "topic",
        "written_tier": "T2",
        "tier": "T0",
        "span": [2, 17],
        "clause": [0, 24],
        "guards": ["en.negation"],
    } in explanation


@pytest.mark.parametrize(
    "line",
    [
        b"not json: i want to die",
        b'{"message": "i want to die"}',
        b'{"text": 5}',
        b'["i want to die"]',
        b"[" * 100_000,
        b"\xc3\x28 i want to die",
    ],
)
def test_a_line_without_text_gets_an_error_that_quotes_nothing(line: bytes) -> None:
    answer = _scan(line, JSONL)
    assert answer["tier"] == "none"
    assert "error" in answer
    assert "die" not in str(answer)


def test_objects_with_a_text_are_scanned() -> None:
    assert _scan(b'\xef\xbb\xbf{"id": 1, "text": "i want to die"}\n', JSONL)["tier"] == "T2"
    assert _scan(b'{"text": "\\ud800 i want to die"}', JSONL)["tier"] == "T2"
    assert _scan(b"  \n", JSONL)["tier"] == "none"


@given(st.binary(max_size=200), st.booleans(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_line_of_bytes_fails(line: bytes, jsonl: bool, explain: bool) -> None:
    assert "tier" in _scan(line, ScanOptions(jsonl=jsonl, explain=explain))
