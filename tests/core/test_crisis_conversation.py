"""What recent turns of a DM change, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.crisis import Category, Detection, Explanation, Tier
from bot.core.crisis_conversation import MOST_TURNS, REMEMBERED_FOR, Conversation, remember
from bot.core.crisis_detector import (
    DENIAL_AFTER_DISCLOSURE,
    DISTRESS_IN_RECENT_TURNS,
    RECENT_TURNS_BESIDE_DISTRESS,
)
from tests.core.crisis_bundle import in_dm

START_AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def _after(*texts: str) -> tuple[Conversation, Detection]:
    """What the last text is found to be after the others, a minute apart."""
    conversation, found, at = Conversation(), Detection(Tier.NONE), START_AT
    for text in texts:
        found = in_dm(text, conversation.as_of(at))
        conversation = remember(conversation, found, at)
        at += timedelta(minutes=1)
    return conversation, found


@pytest.mark.parametrize(
    ("texts", "tier"),
    [
        (["i cant do this anymore"], Tier.T3),
        (["i cant do this anymore", "i have the pills here"], Tier.T1),
        (["i cant do this anymore", "ok", "i have the pills here"], Tier.T1),
        (["picked up my pills"], Tier.NONE),
        (["i cant do this anymore", "picked up my pills"], Tier.T2),
        (["i want to die", "how many tylenol is too much"], Tier.T2),
        (["i feel hopeless", "goodbye everyone"], Tier.T1),
        (["i have the pills here"], Tier.T3),
        (["i have the pills here", "i have the pills here"], Tier.T3),
        (["my friend says she wants to die", "goodbye everyone"], Tier.NONE),
        (["i feel hopeless", "what time is it"], Tier.NONE),
    ],
)
def test_earlier_distress_makes_means_doses_and_farewells_count(
    texts: list[str], tier: Tier
) -> None:
    assert _after(*texts)[1].tier is tier


def test_means_and_distress_count_together_in_one_message() -> None:
    assert in_dm("i can't do this anymore. i have the pills here").tier is Tier.T1


def test_means_said_first_count_when_the_distress_follows() -> None:
    _, found = _after("i have the pills here", "i cant do this anymore")
    assert (found.tier, found.category) == (Tier.T1, Category.SUICIDE)
    assert found.explanation.conversation == RECENT_TURNS_BESIDE_DISTRESS


def test_the_explanation_says_that_recent_turns_counted() -> None:
    _, found = _after("i cant do this anymore", "i have the pills here")
    assert found.explanation.conversation == DISTRESS_IN_RECENT_TURNS


@pytest.mark.parametrize("denial", ["jk im fine", "never mind", "im ok dont worry"])
def test_a_denial_after_a_disclosure_keeps_help_at_hand(denial: str) -> None:
    _, found = _after("i took all my pills", denial)
    assert (found.tier, found.category, found.language) == (Tier.T3, Category.OVERDOSE, "en")
    assert found.explanation.conversation == DENIAL_AFTER_DISCLOSURE


def test_a_denial_takes_nothing_from_what_follows() -> None:
    assert _after("i want to die", "jk im fine", "i have the pills here")[1].tier is Tier.T1


def test_a_denial_with_nothing_to_deny_is_nothing() -> None:
    assert _after("i feel sad", "never mind")[1].tier is Tier.NONE
    assert in_dm("never mind").tier is Tier.NONE


def test_half_an_hour_later_earlier_turns_no_longer_count() -> None:
    conversation, _ = _after("i cant do this anymore")
    in_time, too_late = START_AT + REMEMBERED_FOR, START_AT + REMEMBERED_FOR + timedelta(seconds=1)
    assert in_dm("i have the pills here", conversation.as_of(in_time)).tier is Tier.T1
    assert in_dm("i have the pills here", conversation.as_of(too_late)).tier is Tier.T3


def test_only_the_latest_turns_are_kept() -> None:
    conversation, _ = _after(*["i feel sad"] * (MOST_TURNS + 5))
    assert len(conversation.turns) == MOST_TURNS


def test_a_conversation_holds_no_explanations() -> None:
    conversation, found = _after("i want to die")
    assert found.explanation.findings
    assert conversation.turns[0].detection.explanation == Explanation()
