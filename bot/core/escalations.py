"""The alerts that follow words of crisis: who is told, who has it, and what is known of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.crisis import Category, Tier
from bot.core.crisis_episodes import EPISODE
from bot.core.designated_contacts import DesignatedContact
from bot.core.errors import HandrailError
from bot.core.outbox import DeliveryOutcome
from bot.core.people import ContactLinkId, EscalationId, MessageId, PersonId

# How long one contact has before the next is asked, and the last before the client is told.
T1_WAIT = timedelta(minutes=5)
WAIT = timedelta(minutes=15)
# An alert later than this would alarm somebody about what is long past.
STALE_AFTER = timedelta(hours=2)

# One alert is a message like any other: what can be known of it has one list of words.
StepOutcome = DeliveryOutcome


class ClosedBecause(StrEnum):
    """Why an escalation is over."""

    ACKNOWLEDGED = "acknowledged"
    CLIENT_STOPPED = "client_stopped"
    NOBODY_LEFT = "nobody_left"
    NOBODY_ANSWERED = "nobody_answered"
    WRITTEN_AGAIN = "written_again"


class UnknownAlert(HandrailError):
    """No step of this escalation has that key."""

    def __init__(self) -> None:
        super().__init__("This alert does not belong to this escalation.")


@dataclass(frozen=True, slots=True)
class Escalation:
    """One chain of alerts about one client; what was written is not part of it."""

    id: EscalationId
    client: PersonId
    tier: Tier
    category: Category
    opened_at: datetime
    closed_at: datetime | None = None
    closed_because: ClosedBecause | None = None

    @property
    def wait(self) -> timedelta:
        """Return how long each contact has before the next is asked."""
        return T1_WAIT if self.tier is Tier.T1 else WAIT

    @property
    def no_longer_listens(self) -> bool:
        """Tell whether a contact's answer is kept but changes nothing.

        So it is once the client stopped it, or wrote again and opened a new one.
        """
        ended = {ClosedBecause.CLIENT_STOPPED, ClosedBecause.WRITTEN_AGAIN}
        return self.closed_because in ended


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One alert to one contact; `key` is its nonce and stands in each of its buttons.

    The contact's last word counts: a step with both an acknowledgement and a refusal is refused.
    """

    escalation: EscalationId
    number: int
    contact: ContactLinkId
    key: str
    due_at: datetime
    outcome: StepOutcome | None = None
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    declined_at: datetime | None = None

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether the contact said "I've got this" and did not take it back."""
        return self.acknowledged_at is not None and self.declined_at is None

    @property
    def is_answered(self) -> bool:
        """Tell whether the contact pressed anything."""
        return self.acknowledged_at is not None or self.declined_at is not None

    @property
    def is_to_be_sent(self) -> bool:
        """Tell whether the alert has still to leave; what may have arrived never leaves again."""
        return not self.is_answered and self.outcome in {None, StepOutcome.TRY_LATER}

    @property
    def may_have_arrived(self) -> bool:
        """Tell whether the contact has the alert, as far as anybody can know."""
        return self.outcome in {StepOutcome.SENT, StepOutcome.UNKNOWN}

    @property
    def is_awaited(self) -> bool:
        """Tell whether the contact may still say "I've got this"."""
        return self.may_have_arrived and self.declined_at is None


@dataclass(frozen=True, slots=True)
class Chain:
    """An escalation with its steps in their order.

    Nothing here sends. Settle it (`escalation_changes.settle`) before asking what is `due`, and
    whenever `next_look_at` has come.
    """

    escalation: Escalation
    steps: tuple[EscalationStep, ...]

    @property
    def is_closed(self) -> bool:
        """Tell whether it is over; nothing of it is ever sent again."""
        return self.escalation.closed_at is not None

    @property
    def holder(self) -> EscalationStep | None:
        """Return the step of whoever said "I've got this" first."""
        held = [(s.acknowledged_at, s.number, s) for s in self.steps if s.is_acknowledged]
        return min(held, key=lambda each: each[:2])[2] if held else None

    @property
    def is_under_way(self) -> bool:
        """Tell whether somebody is still to be told or to answer, and nobody has it."""
        return not self.is_closed and self.holder is None

    @property
    def ends_at(self) -> datetime:
        """Return when it is over if nothing else happens."""
        if self.holder is not None and self.holder.acknowledged_at is not None:
            return self.holder.acknowledged_at + EPISODE
        return max(self._deadlines(), default=self.escalation.opened_at)

    def get_step(self, key: str) -> EscalationStep:
        """Return the step whose alert has this key, or raise UnknownAlert."""
        for step in self.steps:
            if step.key == key:
                return step
        raise UnknownAlert

    def due(self, at: datetime) -> tuple[EscalationStep, ...]:
        """Return the alerts that leave now, and may leave again under the same key."""
        if not self.is_under_way:
            return ()
        return tuple(
            step
            for step in self.steps
            if step.is_to_be_sent and step.due_at <= at < step.due_at + STALE_AFTER
        )

    def next_look_at(self, after: datetime) -> datetime | None:
        """Return when time alone changes something next; None once it is closed. Settle first."""
        if self.is_closed:
            return None
        waiting = (step for step in self.steps if step.is_to_be_sent and self.is_under_way)
        coming = [step.due_at for step in waiting if step.due_at > after]
        return min([*coming, max(self.ends_at, after)])

    def _deadlines(self) -> Iterator[datetime]:
        # Who was asked again, because somebody gave it back, has the whole wait again.
        given_back = [step.declined_at for step in self.steps if step.acknowledged_at is not None]
        for step in self.steps:
            if step.is_to_be_sent:
                yield step.due_at + STALE_AFTER
            elif step.is_awaited:
                asked = [step.sent_at or step.due_at, *(at for at in given_back if at is not None)]
                yield max(asked) + self.escalation.wait


def open_escalation(
    escalation: Escalation,
    contacts: Iterable[DesignatedContact],
    *,
    message: MessageId,
    first_due_at: datetime | None = None,
) -> Chain:
    """Return the chain over those of `contacts`, in their order, who agreed to be told.

    It is the client's list as it stands now: later changes do not reach it. `first_due_at` is later
    than the opening where the client is asked first. With nobody to tell, settling closes it.
    """
    first = first_due_at or escalation.opened_at
    told = [each for each in contacts if each.has_accepted and each.client == escalation.client]
    steps = (
        EscalationStep(
            escalation=escalation.id,
            number=number,
            contact=contact.id,
            key=alert_key(message, number),
            due_at=first + (number - 1) * escalation.wait,
        )
        for number, contact in enumerate(told, start=1)
    )
    return Chain(escalation, tuple(steps))


def alert_key(message: MessageId, number: int) -> str:
    """Return the key of an alert, at most 25 characters, the same whenever it is worked out.

    So an alert that left before it was recorded is known again. `message` is what the client wrote;
    where they pressed a button, the id of that press.
    """
    return f"a{number}-{message:x}"


class FactKind(StrEnum):
    """What the client may be told: only what happened, never what it may mean."""

    SENT = "sent"
    NOT_REACHED = "not_reached"
    NOT_SENT_YET = "not_sent_yet"
    MAY_HAVE_ARRIVED = "may_have_arrived"
    HAS_IT = "has_it"
    CAN_NOT = "can_not"
    STOPPED = "stopped"
    NOBODY_LEFT = "nobody_left"
    NOBODY_ANSWERED = "nobody_answered"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line for the client; `contact` is None where it is about the whole escalation."""

    kind: FactKind
    contact: ContactLinkId | None = None
    at: datetime | None = None


_OUTCOME_FACTS = {
    StepOutcome.SENT: FactKind.SENT,
    StepOutcome.UNREACHABLE: FactKind.NOT_REACHED,
    StepOutcome.TRY_LATER: FactKind.NOT_SENT_YET,
    StepOutcome.UNKNOWN: FactKind.MAY_HAVE_ARRIVED,
}
_CLOSING_FACTS = {
    ClosedBecause.CLIENT_STOPPED: FactKind.STOPPED,
    ClosedBecause.NOBODY_LEFT: FactKind.NOBODY_LEFT,
    ClosedBecause.NOBODY_ANSWERED: FactKind.NOBODY_ANSWERED,
}


def known_facts(escalation: Escalation, steps: Iterable[EscalationStep]) -> tuple[Fact, ...]:
    """Return what the client may be told, step by step, and last how it ended."""
    in_order = sorted(steps, key=lambda step: step.number)
    facts = [fact for step in in_order for fact in _facts_of(step)]
    ending = closing_fact(escalation)
    # Somebody who answered after the end makes "nobody answered" untrue.
    is_untrue = any(step.is_acknowledged for step in in_order) and not escalation.no_longer_listens
    if ending is not None and not is_untrue:
        facts.append(ending)
    return tuple(facts)


def outcome_fact(step: EscalationStep) -> Fact | None:
    """Return what is known of the sending of one alert; None before the first try ended."""
    if step.outcome is None:
        return None
    return Fact(_OUTCOME_FACTS[step.outcome], step.contact, step.sent_at)


def closing_fact(escalation: Escalation) -> Fact | None:
    """Return how it ended, where the client does not know that from a step."""
    if escalation.closed_because not in _CLOSING_FACTS:
        return None
    return Fact(_CLOSING_FACTS[escalation.closed_because], at=escalation.closed_at)


def _facts_of(step: EscalationStep) -> Iterator[Fact]:
    sending = outcome_fact(step)
    # An answer says more than a doubt whether the alert arrived.
    if sending is not None and (sending.kind is FactKind.SENT or not step.is_answered):
        yield sending
    if step.acknowledged_at is not None:
        yield Fact(FactKind.HAS_IT, step.contact, step.acknowledged_at)
    if step.declined_at is not None:
        yield Fact(FactKind.CAN_NOT, step.contact, step.declined_at)
