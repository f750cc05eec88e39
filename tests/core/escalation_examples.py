"""Cleo's contacts, and short ways to say what happens to her escalation."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.core.crisis import Category, Tier
from bot.core.designated_contacts import DesignatedContact, TellMode
from bot.core.escalation_changes import (
    Change,
    Standing,
    TellClient,
    TellContact,
    record,
    settle,
)
from bot.core.escalations import (
    Chain,
    Escalation,
    FactKind,
    StepOutcome,
    alert_key,
    known_facts,
    open_escalation,
)
from bot.core.people import ContactLinkId, EscalationId, MessageId, PersonId

NOW = datetime(2026, 11, 26, 23, 41, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLEO = PersonId(1)
MESSAGE = MessageId(1_175_000_000_000_000_000)
SENT, UNREACHABLE = StepOutcome.SENT, StepOutcome.UNREACHABLE
TRY_LATER, UNKNOWN = StepOutcome.TRY_LATER, StepOutcome.UNKNOWN
Answer = Callable[[Chain, str, datetime], Change]


def a_contact(name: str) -> DesignatedContact:
    """Return a contact of Cleo's who agreed."""
    return DesignatedContact(
        id=ContactLinkId(name),
        client=CLEO,
        contact=PersonId(2),
        client_name="Cleo",
        contact_name=name,
        mode=TellMode.AUTOMATICALLY,
        silence=None,
        may_be_danger=False,
        created_at=NOW,
        accepted_at=NOW,
        reachable_at=NOW,
    )


SAM, KIM, ALI = a_contact("Sam"), a_contact("Kim"), a_contact("Ali")
SAMS, KIMS, ALIS = (alert_key(MESSAGE, number) for number in (1, 2, 3))


def opened(
    *contacts: DesignatedContact, tier: Tier = Tier.T1, first_due_at: datetime | None = None
) -> Chain:
    """Return an escalation over `contacts`, opened now."""
    escalation = Escalation(EscalationId("e"), CLEO, tier, Category.SUICIDE, NOW)
    return open_escalation(escalation, contacts, message=MESSAGE, first_due_at=first_due_at)


def sent(chain: Chain, *keys: str) -> Chain:
    """Return the chain after these alerts were sent now."""
    for key in keys:
        chain = record(chain, key, SENT, NOW).chain
    return chain


def told(change: Change) -> list[FactKind]:
    """Return what the client is told."""
    return [news.fact.kind for news in change.news if isinstance(news, TellClient)]


def told_contacts(change: Change) -> dict[str, Standing]:
    """Return what each contact is told."""
    heard = (news for news in change.news if isinstance(news, TellContact))
    return {news.step.contact: news.standing for news in heard}


def due(chain: Chain, at: datetime) -> list[str]:
    """Return who is alerted then."""
    return [step.contact for step in settle(chain, at).chain.due(at)]


def kinds(chain: Chain) -> list[tuple[FactKind, str | None]]:
    """Return the facts without their times."""
    return [(fact.kind, fact.contact) for fact in known_facts(chain.escalation, chain.steps)]
