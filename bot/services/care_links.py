"""What every change to a care link shares: its words, its ending, and who is told of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bot.core.actions import Action
from bot.core.care_links import CareLink, EndReason
from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import CheckIn, CheckInState
from bot.core.consents import Scope
from bot.core.invitations import Invitation
from bot.core.known_people import KnownPerson
from bot.core.outbox import Lane, OutboxKind, OutboxRow
from bot.core.people import ENGLISH, CareLinkId, PersonId
from bot.core.screens import Button, Weight
from bot.services.ports import Texts
from bot.services.storage_port import Storage, UnitOfWork

# An invitation keeps one text: the label and, on a second line, the name that the client reads.
BETWEEN_WORDS = "\n"
# What a client agrees to because of a therapist; with the last link it is over.
PAIRED = (Scope.CHECK_INS, Scope.THERAPIST_VIEW)
# More are never on their way for one plan.
MOST_UNDER_WAY = 100


class ClientStanding(StrEnum):
    """How it stands between a therapist and one client."""

    NOT_REACHABLE = "not_reachable"
    LINKED = "linked"
    UNDELIVERED = "undelivered"
    ENDED = "ended"


class Counted(StrEnum):
    """What a therapist is told of check-ins, as numbers."""

    SENT = "sent"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    UNDELIVERED = "undelivered"
    MISSED = "missed"
    UNSURE = "unsure"


COUNTED_AS: Mapping[CheckInState, tuple[Counted, ...]] = {
    CheckInState.SENT: (Counted.SENT, Counted.NOT_ANSWERED),
    CheckInState.NOT_ANSWERED: (Counted.SENT, Counted.NOT_ANSWERED),
    CheckInState.ANSWERED: (Counted.SENT, Counted.ANSWERED),
    CheckInState.UNREACHABLE: (Counted.UNDELIVERED,),
    CheckInState.MISSED: (Counted.MISSED,),
    CheckInState.UNKNOWN: (Counted.UNSURE,),
}


def count_check_ins(check_ins: Iterable[CheckIn]) -> Mapping[Counted, int]:
    """Return how many there are of each kind; one that was called off is not counted."""
    return Counter(how for each in check_ins for how in COUNTED_AS.get(each.state, ()))


def standing_of(link: CareLink, known: KnownPerson | None) -> ClientStanding:
    """Return how a link stands, by what is known of messages to its client."""
    if link.has_ended:
        return ClientStanding.ENDED
    if not link.is_reachable:
        return ClientStanding.NOT_REACHABLE
    if known is not None and known.unreachable_at is not None:
        return ClientStanding.UNDELIVERED
    return ClientStanding.LINKED


def tidy(words: str) -> str:
    """Return typed words on one line, without what would end a block of code."""
    return " ".join(words.replace("`", "'").split())


def split_words(invitation: Invitation) -> tuple[str, str]:
    """Return the therapist's label for the client, and the name that the client reads."""
    label, _, name = invitation.label.partition(BETWEEN_WORDS)
    return label, name


def moment(at: datetime, style: str = "f") -> str:
    """Return the mark that Discord shows as a time in the reader's own zone."""
    return f"<t:{int(at.timestamp())}:{style}>"


def hello_reference(link: CareLinkId) -> str:
    """Return what the first message to a client refers to."""
    return f"link:{link}"


def subject_of(row: OutboxRow) -> str:
    """Return the id of what a message is about."""
    return row.reference.partition(":")[2]


def notice_row(storage: Storage, told: PersonId, name: str, about: str, at: datetime) -> OutboxRow:
    """Return the row of a notice; `name` finds the composer, `about` is an id."""
    reference = f"{name}:{about}"
    key = storage.new_id()
    return OutboxRow(key, told, OutboxKind.NOTICE, reference, Lane.DELIVERY, at)


def help_under(texts: Texts, row: OutboxRow) -> tuple[Button, ...]:
    """Return [Help now] with the key of its message, by which that message is found again."""
    help_now = Action.of("help.open", row.key)
    return (Button(texts.say(ENGLISH, "row.help"), help_now, Weight.HELP),)


def clients_under(texts: Texts, row: OutboxRow) -> tuple[Button, ...]:
    """Return [My clients] with the key of its message."""
    return (Button(texts.say(ENGLISH, "client.open"), Action.of("client.page", 0, row.key)),)


async def find_subject(storage: Storage, row: OutboxRow) -> CareLink | None:
    """Return the care link that a message is about, while it is kept."""
    async with storage.read() as work:
        return await work.care_links.find(CareLinkId(subject_of(row)))


async def end_link(
    work: UnitOfWork, link: CareLink, because: EndReason, *, at: datetime, by: PersonId
) -> None:
    """End the link and all that depended on it: plans, what was to be sent, and consents.

    A consent to check-ins or to being seen by a therapist does not outlive the last therapist, so
    that it never counts for the next one unasked.
    """
    await work.care_links.update(link.end(at, because))
    await stop_check_ins(work, await work.check_in_plans.list_by_link(link.id), at=at, by=by)
    await work.outbox.cancel(hello_reference(link.id))
    links = await work.care_links.list_by_client(link.client)
    if all(each.has_ended for each in links):
        for scope in PAIRED:
            await work.consents.withdraw(link.client, scope, at)


async def stop_check_ins(
    work: UnitOfWork, plans: Iterable[CheckInPlan], *, at: datetime, by: PersonId
) -> None:
    """Stop the plans for good and call off what is not under way yet."""
    for plan in plans:
        await work.check_in_plans.update(plan.stop(at, by))
        for each in await work.check_ins.list_by_plan(plan.id, MOST_UNDER_WAY):
            is_waiting = each.state is CheckInState.SENDING
            # What is under way tells itself what became of it.
            if is_waiting and await work.outbox.cancel(each.id):
                await work.check_ins.set_state(each.id, CheckInState.WITHDRAWN)
