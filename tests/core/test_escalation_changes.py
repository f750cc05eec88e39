"""Over any evening an escalation ends, alerts nobody twice, and stops once somebody has it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.crisis import Tier
from bot.core.escalation_changes import (
    Change,
    acknowledge,
    decline,
    give_way,
    record,
    settle,
    stop,
)
from bot.core.escalations import Chain, StepOutcome, alert_key
from bot.core.people import MessageId
from tests.core.escalation_examples import (
    ALI,
    ALIS,
    KIM,
    KIMS,
    MINUTE,
    NOW,
    SAM,
    SAMS,
    SENT,
    UNKNOWN,
    UNREACHABLE,
    Answer,
    opened,
)

CONTACTS = (SAM, KIM, ALI)
KEYS = (SAMS, KIMS, ALIS)


@dataclass
class Evening:
    """Plays one escalation as a service would: settle, send what is due, take in what happens."""

    chain: Chain
    outcomes: Iterator[StepOutcome]
    at: datetime = NOW
    arrived: list[str] = field(default_factory=list)
    has_it: str | None = None

    def look(self) -> None:
        """Send what is due, and see that it may be sent."""
        self.chain = settle(self.chain, self.at).chain
        for step in self.chain.due(self.at):
            assert self.has_it is None
            assert step.key not in self.arrived
            outcome = next(self.outcomes, UNREACHABLE)
            if outcome in {SENT, UNKNOWN}:
                self.arrived.append(step.key)
            self.chain = record(self.chain, step.key, outcome, self.at).chain

    def press(self, answer: Answer, key: str) -> None:
        """Let a contact answer, if they have the alert; the first to say so has it."""
        if key not in self.arrived:
            return
        self.chain = answer(self.chain, key, self.at).chain
        if answer is acknowledge:
            self.has_it = self.has_it or key
        elif self.has_it == key:
            self.has_it = None

    def wait_for_the_end(self) -> None:
        """Look whenever time may change something, until it is over."""
        for _ in range(20):
            self.look()
            next_at = self.chain.next_look_at(self.at)
            if next_at is None:
                return
            assert next_at > self.at
            self.at = next_at
        pytest.fail("The escalation did not end.")


answers = st.sampled_from([acknowledge, decline])
presses = st.tuples(answers, st.sampled_from(KEYS), st.timedeltas(timedelta(0), 15 * MINUTE))
evenings = st.builds(
    lambda count, tier, outcomes: Evening(opened(*CONTACTS[:count], tier=tier), iter(outcomes)),
    st.integers(0, 3),
    st.sampled_from([Tier.T1, Tier.T2, Tier.T3]),
    st.lists(st.sampled_from(StepOutcome), max_size=6),
)


@given(evenings, st.lists(presses, max_size=6))
def test_every_escalation_ends_and_alerts_nobody_twice(
    evening: Evening, history: list[tuple[Answer, str, timedelta]]
) -> None:
    """Whatever arrives and whatever is pressed; that somebody has it stops every alert."""
    for answer, key, gap in history:
        evening.look()
        evening.at += gap
        evening.press(answer, key)
    evening.wait_for_the_end()
    assert evening.chain.due(evening.at + timedelta(days=120)) == ()
    for key in KEYS:
        evening.press(decline, key)
    assert evening.chain.due(evening.at) == ()


@given(evenings, st.sampled_from([stop, give_way]), st.timedeltas(timedelta(0), 20 * MINUTE))
def test_nothing_leaves_after_the_client_stopped_or_wrote_again(
    evening: Evening, end: Callable[[Chain, datetime], Change], gap: timedelta
) -> None:
    evening.look()
    evening.at += gap
    evening.chain = end(evening.chain, evening.at).chain
    assert evening.chain.is_closed
    assert evening.chain.due(evening.at) == ()


snowflakes = st.integers(min_value=0, max_value=2**64 - 1)


@given(snowflakes, snowflakes, st.integers(1, 999), st.integers(1, 999))
def test_a_key_is_stable_short_and_names_one_alert(
    message: int, other: int, number: int, another: int
) -> None:
    key = alert_key(MessageId(message), number)
    assert len(key) <= 25
    is_same = (message, number) == (other, another)
    assert (key == alert_key(MessageId(other), another)) is is_same
