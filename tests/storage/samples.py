"""Thea and her client Cleo, Sam whom Cleo chose, and everything between them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import Answer, CheckIn, CheckInState
from bot.core.consents import Scope
from bot.core.crisis import Category, Tier
from bot.core.designated_contacts import DesignatedContact, SilenceMeans, TellMode
from bot.core.escalations import Escalation, EscalationStep
from bot.core.invitations import VALID_FOR, Invitation, InvitationKind
from bot.core.outbox import Lane, OutboxKind, OutboxRow
from bot.core.people import (
    CareLinkId,
    ChannelId,
    CheckInId,
    CheckInPlanId,
    ContactLinkId,
    EscalationId,
    InvitationId,
    PersonId,
)
from bot.core.recurrence import Schedule
from bot.services.storage_port import Storage

NOW = datetime(2026, 3, 10, 20, 30, 0, 123456, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

THEA = PersonId(1_200_000_000_000_000_001)
CLEO = PersonId(1_200_000_000_000_000_002)
SAM = PersonId(1_200_000_000_000_000_003)
DANA = PersonId(1_200_000_000_000_000_004)
THERE = ChannelId(1_300_000_000_000_000_001)

LABEL, NAME, WORDS, SAMS_NAME, CLEOS_NAME = "blue door", "Thea P", "How is it?", "my brother", "Cle"


def invitation(storage: Storage, code: str = "ABCDEFGH", inviter: PersonId = THEA) -> Invitation:
    return Invitation(
        InvitationId(storage.new_id()),
        InvitationKind.CLIENT,
        inviter,
        storage.hash_code(code),
        LABEL,
        NOW,
        NOW + VALID_FOR,
    )


def care_link(storage: Storage, client: PersonId = CLEO, therapist: PersonId = THEA) -> CareLink:
    return CareLink(CareLinkId(storage.new_id()), therapist, client, LABEL, NAME, NOW)


def check_in_plan(storage: Storage, link: CareLink) -> CheckInPlan:
    return CheckInPlan(
        id=CheckInPlanId(storage.new_id()),
        link=link.id,
        client=link.client,
        therapist=link.therapist,
        schedule=Schedule(
            "Europe/Lisbon", time(9, 30), "FREQ=DAILY", date(2026, 3, 10), date(2026, 5, 1)
        ),
        template="",
        words=WORDS,
        created_at=NOW,
        accepted_at=NOW,
        next_due_at=NOW,
    )


def check_in(storage: Storage, plan: CheckInPlan, due_at: datetime = NOW) -> CheckIn:
    return CheckIn(
        CheckInId(storage.new_id()), plan.id, due_at, CheckInState.SENDING, storage.new_id()
    )


def outbox_row(storage: Storage, person: PersonId = CLEO, due_at: datetime = NOW) -> OutboxRow:
    return OutboxRow(
        storage.new_id(), person, OutboxKind.CHECK_IN, storage.new_id(), Lane.DELIVERY, due_at
    )


def contact(storage: Storage, client: PersonId = CLEO, person: PersonId = SAM) -> DesignatedContact:
    return DesignatedContact(
        id=ContactLinkId(storage.new_id()),
        client=client,
        contact=person,
        client_name=CLEOS_NAME,
        contact_name=SAMS_NAME,
        mode=TellMode.ASK_FIRST,
        silence=SilenceMeans.DO_NOT_TELL,
        may_be_danger=False,
        created_at=NOW,
    )


def escalation(storage: Storage, client: PersonId = CLEO) -> Escalation:
    return Escalation(EscalationId(storage.new_id()), client, Tier.T1, Category.SUICIDE, NOW)


def alert(
    storage: Storage, of: Escalation, to: DesignatedContact, number: int = 1
) -> EscalationStep:
    return EscalationStep(of.id, number, to.id, storage.new_id(), NOW)


async def pair(
    storage: Storage, client: PersonId = CLEO, therapist: PersonId = THEA
) -> CheckInPlan:
    """Keep a care link with one check-in plan that is due now; return the plan."""
    link = care_link(storage, client, therapist)
    plan = check_in_plan(storage, link)
    async with storage.write() as unit:
        await unit.care_links.add(link)
        await unit.check_in_plans.add(plan)
    return plan


async def send_check_in(storage: Storage, plan: CheckInPlan) -> CheckIn:
    """Claim what is due of the plan, with its outbox row; the next is due a day later."""
    due_at = plan.next_due_at or NOW
    sent = check_in(storage, plan, due_at)
    row = replace(outbox_row(storage, plan.client, due_at), key=sent.key, reference=sent.id)
    async with storage.write() as unit:
        await unit.check_ins.claim(replace(plan, next_due_at=due_at + DAY), sent, row)
    return sent


async def tell(storage: Storage, client: PersonId = CLEO, person: PersonId = SAM) -> EscalationStep:
    """Keep a contact and an escalation with one alert to it."""
    chosen, opened = contact(storage, client, person), escalation(storage, client)
    step = alert(storage, opened, chosen)
    async with storage.write() as unit:
        await unit.contacts.add(chosen)
        await unit.escalations.open(opened, [step])
    return step


async def live_a_little(storage: Storage, client: PersonId = CLEO) -> None:
    """Put the client, Thea and Sam into every table."""
    sent = await send_check_in(storage, await pair(storage, client))
    step = await tell(storage, client)
    given = invitation(storage, f"CODE{client}")
    async with storage.write() as unit:
        await unit.people.remember_channel(client, THERE, NOW)
        await unit.consents.give(client, Scope.CHECK_INS, NOW)
        await unit.invitations.add(given)
        await unit.invitations.mark_used(given.id, client, NOW)
        await unit.invitations.count_wrong_attempt(client, NOW, HOUR)
        await unit.check_ins.answer(sent.id, Answer.NEED_HELP, NOW)
        await unit.outbox.add(outbox_row(storage, SAM))
        await unit.escalations.update_step(replace(step, sent_at=NOW, acknowledged_at=NOW))
