"""What the use cases need of a storage: nouns to read and write, inside short units of work."""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import Answer, CheckIn, CheckInState
from bot.core.consents import Consents, Scope
from bot.core.designated_contacts import DesignatedContact
from bot.core.erasures import Erasure
from bot.core.errors import HandrailError
from bot.core.escalations import Escalation, EscalationStep
from bot.core.invitations import Invitation
from bot.core.known_people import KnownPerson
from bot.core.outbox import DeliveryOutcome, OutboxKind, OutboxRow
from bot.core.people import (
    CareLinkId,
    ChannelId,
    CheckInId,
    CheckInPlanId,
    ContactLinkId,
    EscalationId,
    InvitationId,
    MessageId,
    PersonId,
)

Exported = str | int | bool | None
Export = dict[str, list[dict[str, Exported]]]


class StorageError(HandrailError):
    """The storage can't be used; the text says why and what to do."""


class StorageBusy(StorageError):
    """Somebody else holds the database; nothing was written, and trying again is safe."""


class People(Protocol):
    """Whom we know. Every change also makes an unknown person known."""

    async def find(self, person: PersonId) -> KnownPerson | None:
        """Return what is kept of the person."""

    async def remember_channel(self, person: PersonId, channel: ChannelId, at: datetime) -> None:
        """Keep the person's DM channel, which they were seen in just now."""

    async def list_channels(self) -> Mapping[PersonId, ChannelId]:
        """Return every DM channel that is kept."""

    async def forget_channels_before(self, at: datetime) -> int:
        """Forget the channels last seen before `at`, and whoever is known by nothing else."""

    async def choose_zone(self, person: PersonId, zone: str, at: datetime) -> None:
        """Keep the person's time zone."""

    async def mark_reachable(self, person: PersonId, at: datetime) -> None:
        """Note that a message is known to have arrived."""

    async def mark_unreachable(self, person: PersonId, at: datetime) -> None:
        """Note that messages no longer arrive."""

    async def confirm_adult(self, person: PersonId, at: datetime) -> None:
        """Note that the person said they are 18 or older."""


class ConsentLedger(Protocol):
    """Who agreed to what. Nothing is ever changed but the date of a withdrawal."""

    async def give(self, person: PersonId, scope: Scope, at: datetime) -> None:
        """Note consent to the current text; what was given before and still held ends with it."""

    async def withdraw(self, person: PersonId, scope: Scope, at: datetime) -> bool:
        """Take consent back; False where none was held."""

    async def of(self, person: PersonId) -> Consents:
        """Return the person's ledger, the oldest entry first."""

    async def list_people(self, scope: Scope) -> frozenset[PersonId]:
        """Return everyone who agrees to `scope` now."""


class Invitations(Protocol):
    """The codes that were given out."""

    async def add(self, invitation: Invitation) -> None:
        """Keep a new invitation."""

    async def find(self, invitation: InvitationId) -> Invitation | None:
        """Return the invitation."""

    async def find_by_code_hash(self, code_hash: str) -> Invitation | None:
        """Return the invitation of a code, however it stands."""

    async def list_by_inviter(self, inviter: PersonId) -> tuple[Invitation, ...]:
        """Return what the person gave out, the newest first."""

    async def mark_used(self, invitation: InvitationId, by: PersonId, at: datetime) -> bool:
        """Use it; True for exactly one caller ever, False where it is not open."""

    async def revoke(self, invitation: InvitationId, at: datetime) -> bool:
        """Take it back; False where it is not open any more."""

    async def delete_closed_before(self, at: datetime) -> int:
        """Delete what ran out, was used or was taken back before `at`."""

    async def count_wrong_attempt(self, person: PersonId, at: datetime, within: timedelta) -> int:
        """Count one wrong code and return how many there were since the first `within` this."""

    async def wrong_attempts(self, person: PersonId, at: datetime, within: timedelta) -> int:
        """Return the count, which is 0 again once `within` has passed since the first."""


class CareLinks(Protocol):
    """Therapists and clients."""

    async def add(self, link: CareLink) -> None:
        """Keep a new link."""

    async def find(self, link: CareLinkId) -> CareLink | None:
        """Return the link; inside `write` nobody else changes it meanwhile."""

    async def list_by_therapist(self, therapist: PersonId) -> tuple[CareLink, ...]:
        """Return the therapist's links, ended ones too, the oldest first."""

    async def list_by_client(self, client: PersonId) -> tuple[CareLink, ...]:
        """Return the client's links, ended ones too, the oldest first."""

    async def list_therapists(self) -> frozenset[PersonId]:
        """Return every therapist with a link that has not ended."""

    async def update(self, link: CareLink) -> None:
        """Replace what is kept of the link."""


class CheckInPlans(Protocol):
    """The schedule: what is due next stands in each plan."""

    async def add(self, plan: CheckInPlan) -> None:
        """Keep a new plan."""

    async def find(self, plan: CheckInPlanId) -> CheckInPlan | None:
        """Return the plan; inside `write` nobody else changes it meanwhile."""

    async def list_by_link(self, link: CareLinkId) -> tuple[CheckInPlan, ...]:
        """Return the plans of one link, the oldest first."""

    async def list_by_client(self, client: PersonId) -> tuple[CheckInPlan, ...]:
        """Return the client's plans, the oldest first."""

    async def list_by_therapist(self, therapist: PersonId) -> tuple[CheckInPlan, ...]:
        """Return the therapist's plans, the oldest first."""

    async def update(self, plan: CheckInPlan) -> None:
        """Replace what is kept of the plan."""

    async def find_due(self, now: datetime, limit: int) -> tuple[CheckInPlan, ...]:
        """Return plans that are due, the longest first; inside `write` no one else gets them."""

    async def next_due_at(self) -> datetime | None:
        """Return the earliest due time of any plan."""


class CheckIns(Protocol):
    """What became of each check-in."""

    async def claim(self, plan: CheckInPlan, check_in: CheckIn, row: OutboxRow | None) -> bool:
        """Write the check-in, its outbox row and the plan's next due time, all or nothing.

        `plan` already holds the next due time. False, and nothing written, where the check-in's
        due time is no longer what the stored plan is waiting for: it was claimed, or the plan was
        paused, stopped or deleted. Without `row` the check-in is only recorded, as when missed.
        """

    async def find(self, check_in: CheckInId) -> CheckIn | None:
        """Return the check-in; inside `write` nobody else changes it meanwhile."""

    async def find_by_key(self, key: str) -> CheckIn | None:
        """Return the check-in whose message has this key."""

    async def list_by_plan(self, plan: CheckInPlanId, limit: int) -> tuple[CheckIn, ...]:
        """Return the latest check-ins of a plan, the newest first."""

    async def list_by_link(self, link: CareLinkId, limit: int) -> tuple[CheckIn, ...]:
        """Return the latest check-ins of a care link, the newest first."""

    async def list_by_client(self, client: PersonId, limit: int) -> tuple[CheckIn, ...]:
        """Return the latest check-ins of a client, the newest first."""

    async def list_waiting(self, sent_before: datetime, limit: int) -> tuple[CheckIn, ...]:
        """Return check-ins that are still `SENT` and were sent before that."""

    async def set_state(
        self, check_in: CheckInId, state: CheckInState, *, sent_at: datetime | None = None
    ) -> bool:
        """Note what became of it; False where it was answered already, which is never undone."""

    async def answer(self, check_in: CheckInId, answer: Answer, at: datetime) -> bool:
        """Note the first answer; False where there was one before."""

    async def delete_before(self, due_before: datetime) -> int:
        """Delete what was due before that."""


class Outbox(Protocol):
    """What is still to be sent, and what became of it."""

    async def add(self, row: OutboxRow) -> bool:
        """Keep a row; False where its key is known already."""

    async def find(self, key: str) -> OutboxRow | None:
        """Return the row."""

    async def lease(self, now: datetime, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Take due rows that nobody holds, crisis first, then by due time; use inside `write`.

        The rows come with the lease and one more attempt. `may_have_arrived` tells of the tries
        before this one, so it is False for a first try.
        """

    async def mark(
        self,
        key: str,
        outcome: DeliveryOutcome,
        at: datetime,
        message_id: MessageId | None = None,
    ) -> bool:
        """Note the final outcome; False where there is none to note any more."""

    async def retry(self, key: str, due_at: datetime, *, is_unsure: bool = False) -> bool:
        """Give the row back for later; `is_unsure` where this try may have arrived."""

    async def release_all(self) -> int:
        """Free every lease: right only at the start of the one process that sends."""

    async def list_unsure(self, now: datetime) -> tuple[OutboxRow, ...]:
        """Return rows nobody holds, one try of which may have arrived."""

    async def cancel(self, reference: str) -> int:
        """Delete what is to be sent about `reference` and is not under way."""

    async def cancel_for(self, person: PersonId, kinds: Collection[OutboxKind]) -> int:
        """Delete what is to be sent to the person and is not under way."""

    async def next_due_at(self) -> datetime | None:
        """Return the earliest time at which a row is due or its lease ends."""

    async def delete_done_before(self, at: datetime) -> int:
        """Delete what was done before `at`."""


class DesignatedContacts(Protocol):
    """Whom clients chose to be told."""

    async def add(self, contact: DesignatedContact) -> None:
        """Keep a new contact."""

    async def find(self, contact: ContactLinkId) -> DesignatedContact | None:
        """Return the contact; inside `write` nobody else changes it meanwhile."""

    async def list_by_client(self, client: PersonId) -> tuple[DesignatedContact, ...]:
        """Return whom the client chose, ended ones too, the oldest first."""

    async def list_by_contact(self, contact: PersonId) -> tuple[DesignatedContact, ...]:
        """Return for whom the person is a contact, ended ones too, the oldest first."""

    async def list_active(self) -> tuple[DesignatedContact, ...]:
        """Return everyone's contacts that have not ended."""

    async def update(self, contact: DesignatedContact) -> None:
        """Replace what is kept of the contact."""


class Escalations(Protocol):
    """Alerts, each step with what is known of it."""

    async def open(self, escalation: Escalation, steps: Collection[EscalationStep]) -> bool:
        """Keep an escalation with its steps; False, and nothing written, where it is known."""

    async def find(self, escalation: EscalationId) -> Escalation | None:
        """Return the escalation; inside `write` nobody else changes it meanwhile."""

    async def list_by_client(self, client: PersonId, limit: int) -> tuple[Escalation, ...]:
        """Return the client's escalations, the newest first."""

    async def list_open(self) -> tuple[Escalation, ...]:
        """Return every escalation that is not closed, the oldest first."""

    async def steps(self, escalation: EscalationId) -> tuple[EscalationStep, ...]:
        """Return its steps in their order."""

    async def find_step(self, key: str) -> EscalationStep | None:
        """Return the step whose alert has this key; locked like `find`."""

    async def add_step(self, step: EscalationStep) -> bool:
        """Keep one more step; False where its number or key is known already."""

    async def update(self, escalation: Escalation) -> None:
        """Replace what is kept of the escalation."""

    async def update_step(self, step: EscalationStep) -> None:
        """Replace what is kept of the step."""


class Erasures(Protocol):
    """Who asked to be forgotten, as keyed hashes; a restore forgets them again."""

    async def list_all(self) -> tuple[Erasure, ...]:
        """Return the list, the oldest first."""

    async def add(self, erasure: Erasure) -> None:
        """Enter one; of two for the same person the later stays."""

    async def find(self, person: PersonId) -> Erasure | None:
        """Return the person's last erasure."""


class UnitOfWork(Protocol):
    """Every noun, seen and changed together. Never talk to Discord while one is open."""

    @property
    def people(self) -> People:
        """Whom we know."""

    @property
    def consents(self) -> ConsentLedger:
        """Who agreed to what."""

    @property
    def invitations(self) -> Invitations:
        """Codes."""

    @property
    def care_links(self) -> CareLinks:
        """Therapists and clients."""

    @property
    def check_in_plans(self) -> CheckInPlans:
        """What is to come."""

    @property
    def check_ins(self) -> CheckIns:
        """What became of it."""

    @property
    def outbox(self) -> Outbox:
        """What is to be sent."""

    @property
    def contacts(self) -> DesignatedContacts:
        """Whom clients chose."""

    @property
    def escalations(self) -> Escalations:
        """Alerts."""

    @property
    def erasures(self) -> Erasures:
        """Who asked to be forgotten."""


class Storage(Protocol):
    """Where everything is kept. Raises StorageError, and StorageBusy where waiting helps."""

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open one short transaction: kept whole at the end, undone whole on any error."""

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a view to read from, beside any writing; changing anything through it fails."""

    def new_id(self) -> str:
        """Return a random url-safe id of 22 characters, for any of our own ids and keys."""

    def new_code(self) -> str:
        """Return a random invitation code."""

    def hash_code(self, code: str) -> str:
        """Return the keyed hash under which a normalised code is kept."""

    async def erase(self, person: PersonId, at: datetime) -> None:
        """Delete every row that names the person, their key, and what the files still held.

        Not inside a unit of work. What stays is one line in the list of erasures.
        """

    async def export(self, person: PersonId) -> Export:
        """Return everything about the person in readable form, without other people's ids."""

    async def close(self) -> None:
        """Let go of the database."""
