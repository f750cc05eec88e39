"""Figures over our own labelled cases; these floors may only rise."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot.core.crisis import Category, Detection, Tier
from tests.core.crisis_bundle import in_dm

CASES = Path(__file__).parent / "crisis_cases.jsonl"


def _found(label: str) -> Iterator[tuple[str, Detection]]:
    for line in CASES.read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["label"] == label:
            yield case["text"], in_dm(case["text"])


def _missed(label: str, expected: set[str]) -> list[str]:
    return [text for text, found in _found(label) if found.tier.value not in expected]


def test_words_of_crisis_are_recognised() -> None:
    total = len(list(_found("crisis")))
    assert 1 - len(_missed("crisis", {"T1", "T2"})) / total >= 0.96


def test_ordinary_talk_and_the_mere_topic_raise_no_alarm() -> None:
    assert [text for text, found in _found("none") if found.tier.is_crisis] == []


def test_distress_gets_a_soft_offer_and_no_alarm() -> None:
    assert _missed("concern", {"T3"}) == []


def test_worry_about_somebody_else_is_recognised_as_such() -> None:
    others = [found for _, found in _found("third_party")]
    assert all(found.category is Category.THIRD_PARTY for found in others)
    assert all(found.tier is Tier.T3 for found in others)
