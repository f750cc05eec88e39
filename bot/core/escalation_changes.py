"""What can happen to an escalation, and who must then be told what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.crisis import Tier
from bot.core.crisis_episodes import EPISODE
from bot.core.designated_contacts import DesignatedContact
from bot.core.escalations import (
    Chain,
    ClosedBecause,
    EscalationStep,
    Fact,
    FactKind,
    StepOutcome,
    closing_fact,
    outcome_fact,
)


class Standing(StrEnum):
    """How an escalation stands for one contact."""

    OPEN = "open"
    YOURS = "yours"
    SOMEONE_ELSE_HAS_IT = "someone_else_has_it"
    ASKED_AGAIN = "asked_again"
    YOU_DECLINED = "you_declined"
    CLIENT_STOPPED = "client_stopped"
    WRITTEN_AGAIN = "written_again"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class TellClient:
    """The client is to be told this."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class TellContact:
    """The contact of this step is to be told how it stands, in the alert that they have.

    `since_at` is when somebody said that they have it, or when it ended.
    """

    step: EscalationStep
    standing: Standing
    since_at: datetime | None = None


News = TellClient | TellContact


@dataclass(frozen=True, slots=True)
class Change:
    """An escalation after something happened, and who must be told what, in this order."""

    chain: Chain
    news: tuple[News, ...] = ()


def settle(chain: Chain, at: datetime) -> Change:
    """Close it where nobody is left to tell and the time for an answer is over."""
    if chain.is_closed or at < chain.ends_at:
        return Change(chain)
    if chain.holder is not None:
        return _close(chain, at, ClosedBecause.ACKNOWLEDGED)
    is_silence = any(step.is_awaited for step in chain.steps)
    reason = ClosedBecause.NOBODY_ANSWERED if is_silence else ClosedBecause.NOBODY_LEFT
    return _close(chain, at, reason)


def record(chain: Chain, key: str, outcome: StepOutcome, at: datetime) -> Change:
    """Take in what became of an alert; what is known for certain is not unlearnt."""
    before = chain.get_step(key)
    is_certain = before.outcome in {StepOutcome.SENT, StepOutcome.UNREACHABLE}
    # A contact who answered has the alert: only when it was sent can still be learnt.
    is_news = outcome is StepOutcome.SENT or not before.is_answered
    if is_certain or before.outcome is outcome or not is_news:
        return Change(chain)
    step = replace(before, outcome=outcome, sent_at=at if outcome is StepOutcome.SENT else None)
    chain = _with(chain, step)
    news = _news_of_sending(chain, step)
    if outcome is StepOutcome.UNREACHABLE and chain.is_under_way:
        chain = _go_on_after(chain, step, at)
    return _settled(chain, at, news)


def acknowledge(chain: Chain, key: str, at: datetime) -> Change:
    """Take in "I've got this": the rest stops at once. A late one is kept, and answered."""
    before = chain.get_step(key)
    if before.is_acknowledged:
        return Change(chain, (_tell(chain, before),))
    # An answer shows that the alert arrived, though not when; it is never sent again.
    proven = StepOutcome.SENT if before.outcome is StepOutcome.SENT else StepOutcome.UNKNOWN
    step = replace(before, outcome=proven, acknowledged_at=at, declined_at=None)
    is_late = chain.holder is not None or chain.escalation.no_longer_listens
    chain = _with(chain, step)
    if is_late:
        return Change(chain, (_tell(chain, step),))
    others = [s for s in chain.steps if s.number != step.number and s.may_have_arrived]
    fact = Fact(FactKind.HAS_IT, step.contact, at)
    told = (_tell(chain, other) for other in others)
    return Change(chain, (_tell(chain, step), TellClient(fact), *told))


def decline(chain: Chain, key: str, at: datetime) -> Change:
    """Take in "I can't right now", or that the contact left: the next is asked at once.

    Whoever had it may decline too; then everybody else is asked again.
    """
    before, holder = chain.get_step(key), chain.holder
    if before.declined_at is not None:
        return Change(chain, (_tell(chain, before),))
    step = replace(before, declined_at=at)
    chain = _with(chain, step)
    if chain.escalation.no_longer_listens or holder not in {None, before}:
        return Change(chain, (_tell(chain, step),))
    news: list[News] = [TellClient(Fact(FactKind.CAN_NOT, step.contact, at))]
    if not chain.is_closed and holder is not None:
        chain = _handed_back(chain, at)
        awaited = (each for each in chain.steps if each.is_awaited)
        news.extend(TellContact(each, Standing.ASKED_AGAIN, at) for each in awaited)
    elif not chain.is_closed:
        chain = _go_on_after(chain, step, at)
    return _settled(chain, at, [_tell(chain, step), *news])


def stop(chain: Chain, at: datetime) -> Change:
    """Take in that the client pressed stop: nothing more leaves, and who was told is told that."""
    if chain.escalation.no_longer_listens:
        return Change(chain)
    change = _close(chain, at, ClosedBecause.CLIENT_STOPPED)
    told = (_tell(change.chain, step) for step in chain.steps if step.is_awaited)
    return replace(change, news=(*change.news, *told))


def tell_now(chain: Chain, at: datetime) -> Change:
    """Take in that the client does not want to wait: the next alert is due at once."""
    return Change(_brought_forward(chain, at) if chain.is_under_way else chain)


def give_way(chain: Chain, at: datetime) -> Change:
    """Close it for a new one, because the client has written again."""
    return Change(chain) if chain.is_closed else _close(chain, at, ClosedBecause.WRITTEN_AGAIN)


def standing_of(chain: Chain, step: EscalationStep) -> Standing:
    """Return how it stands for the contact of `step`."""
    if chain.escalation.closed_because is ClosedBecause.CLIENT_STOPPED:
        return Standing.CLIENT_STOPPED
    if chain.escalation.closed_because is ClosedBecause.WRITTEN_AGAIN:
        return Standing.WRITTEN_AGAIN
    if chain.holder is not None:
        is_theirs = chain.holder.number == step.number
        return Standing.YOURS if is_theirs else Standing.SOMEONE_ELSE_HAS_IT
    if step.declined_at is not None:
        return Standing.YOU_DECLINED
    return Standing.OVER if chain.is_closed else Standing.OPEN


def needs_new_alert(latest: Chain | None, tier: Tier, at: datetime, *, is_pressed: bool) -> bool:
    """Tell whether words or a press of the client open a new escalation after `latest`.

    While contacts are being told of the same, no; after somebody had it or it ended, T1 and a press
    always do. Let `latest` give way then, and begin with `in_order_of_knowing`.
    """
    if latest is None:
        return True
    settled = settle(latest, at).chain
    if settled.is_under_way:
        return tier is Tier.T1 and settled.escalation.tier is not Tier.T1
    return tier is Tier.T1 or is_pressed or at - settled.escalation.opened_at >= EPISODE


def in_order_of_knowing(
    latest: Chain | None, contacts: Iterable[DesignatedContact], at: datetime
) -> tuple[DesignatedContact, ...]:
    """Return the contacts in their order, whoever had the last alert of this episode first."""
    is_same_episode = latest is not None and at - latest.escalation.opened_at < EPISODE
    holder = latest.holder if latest is not None and is_same_episode else None
    return tuple(sorted(contacts, key=lambda each: holder is None or each.id != holder.contact))


def _news_of_sending(chain: Chain, step: EscalationStep) -> tuple[News, ...]:
    fact = outcome_fact(step)
    news: list[News] = [] if fact is None else [TellClient(fact)]
    # It was on its way while somebody else said that they have it, or while the client stopped it.
    if step.may_have_arrived and not chain.is_under_way:
        news.append(_tell(chain, step))
    return tuple(news)


def _tell(chain: Chain, step: EscalationStep) -> TellContact:
    standing = standing_of(chain, step)
    if standing in {Standing.YOURS, Standing.SOMEONE_ELSE_HAS_IT} and chain.holder is not None:
        return TellContact(step, standing, chain.holder.acknowledged_at)
    return TellContact(step, standing, chain.escalation.closed_at)


def _close(chain: Chain, at: datetime, because: ClosedBecause) -> Change:
    closed = replace(chain.escalation, closed_at=at, closed_because=because)
    fact = closing_fact(closed)
    news = () if fact is None else (TellClient(fact),)
    return Change(replace(chain, escalation=closed), news)


def _settled(chain: Chain, at: datetime, news: Iterable[News]) -> Change:
    change = settle(chain, at)
    return replace(change, news=(*news, *change.news))


def _with(chain: Chain, *changed: EscalationStep) -> Chain:
    new = {step.number: step for step in changed}
    return replace(chain, steps=tuple(new.get(step.number, step) for step in chain.steps))


def _go_on_after(chain: Chain, step: EscalationStep, at: datetime) -> Chain:
    # A late "I can't" of an early contact takes no time from the one who is asked now.
    later = (each for each in chain.steps if each.number > step.number)
    is_latest = all(each.is_to_be_sent for each in later)
    return _brought_forward(chain, at) if is_latest else chain


def _brought_forward(chain: Chain, at: datetime) -> Chain:
    return _planned_from(chain, at, [s for s in chain.steps if s.is_to_be_sent and s.due_at > at])


def _planned_from(chain: Chain, at: datetime, steps: Iterable[EscalationStep]) -> Chain:
    times = ((step, at + place * chain.escalation.wait) for place, step in enumerate(steps))
    return _with(chain, *(replace(step, due_at=due_at) for step, due_at in times))


def _handed_back(chain: Chain, at: datetime) -> Chain:
    # The others were told that somebody has it, so a late "I've got this" of theirs is asked anew.
    awaited = (step for step in chain.steps if step.is_awaited)
    freed = _with(chain, *(replace(step, acknowledged_at=None) for step in awaited))
    return _planned_from(freed, at, [step for step in freed.steps if step.is_to_be_sent])
