"""Asking a person to be told: a code, what it means, and their own yes or no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.designated_contacts import DesignatedContact, TellMode
from bot.core.invitations import (
    VALID_FOR,
    Invitation,
    InvitationKind,
    InvitationStanding,
    show_code,
)
from bot.core.outbox import Lane, OutboxKind, OutboxRow
from bot.core.people import ENGLISH, ContactLinkId, InvitationId, PersonId, Reader
from bot.core.screens import Placement, Screen
from bot.services.care_links import BETWEEN_WORDS, notice_row, split_words, subject_of, tidy
from bot.services.contact_screens import ContactScreens
from bot.services.deliveries import Composer
from bot.services.ports import Clock
from bot.services.storage_port import Storage, UnitOfWork

LONGEST_PERSON = 40
LONGEST_NAME = 60
ACCEPTED, REFUSED = "contact_accepted", "contact_refused"


@dataclass(frozen=True, slots=True)
class ContactInvitingService:
    """Nothing is kept of the person who is asked before they agree."""

    storage: Storage
    screens: ContactScreens
    clock: Clock
    wake: Callable[[], None]
    install_url: Callable[[], str]
    run_by: str

    def explain(self, reader: Reader) -> Screen:
        """Return how to ask a person."""
        return self.screens.line(reader.language, "contacts.how")

    async def confirm_adult(self, reader: Reader) -> Screen:
        """Note that the client is 18 or older, and go on."""
        async with self.storage.write() as work:
            await work.people.confirm_adult(reader.person, self.clock.now())
        return self.explain(reader)

    async def invite(self, reader: Reader, person: str, client_name: str) -> Screen:
        """Return a fresh code with a text to pass on; only a hash of the code is kept."""
        person, client_name = tidy(person)[:LONGEST_PERSON], tidy(client_name)[:LONGEST_NAME]
        if not person or not client_name:
            return self.screens.line(reader.language, "contacts.both_needed")
        code = self.storage.new_code()
        label = BETWEEN_WORDS.join((person, client_name))
        invitation = self._new_invitation(reader.person, code, label)
        async with self.storage.write() as work:
            known = await work.people.find(reader.person)
            if known is None or not known.is_adult:
                return self.screens.adults_only(reader.language)
            if await self._has_one(work, reader.person):
                return self.screens.line(reader.language, "contacts.one_only")
            await work.invitations.add(invitation)
        shown = show_code(code)
        return self.screens.code(reader.language, invitation, shown, self.install_url())

    async def revoke(self, reader: Reader, invitation: InvitationId) -> Screen:
        """Take a code back; what was used or has run out stays as it is."""
        async with self.storage.write() as work:
            found = await work.invitations.find(invitation)
            if found is None or found.inviter != reader.person:
                return self.screens.line(reader.language, "access.not_for_you")
            is_revoked = await work.invitations.revoke(invitation, self.clock.now())
        if not is_revoked:
            return self.screens.line(reader.language, "contacts.not_revoked")
        return self.screens.about(reader.language, "contacts.revoked", split_words(found)[0])

    async def contact_invitation(self, reader: Reader, invitation: Invitation) -> Screen:
        """Return what it means, for whoever typed the code in their own DM."""
        return self.screens.invitation(reader.language, invitation, self.run_by, is_adult=False)

    async def tick_age(self, reader: Reader, invitation: InvitationId, *, is_adult: bool) -> Screen:
        """Return the same screen with the other tick; nothing is kept by it."""
        async with self.storage.read() as work:
            found = await self._find_open(work, reader, invitation)
        if found is None:
            return self.screens.line(reader.language, "contact_invitation.closed")
        return self.screens.invitation(reader.language, found, self.run_by, is_adult=is_adult)

    async def agree(self, reader: Reader, invitation: InvitationId, *, is_adult: bool) -> Screen:
        """Make the reader a contact, once; the first message follows, and the client is told."""
        now = self.clock.now()
        async with self.storage.write() as work:
            found = await self._find_open(work, reader, invitation)
            if found is None or await self._has_contact(work, found.inviter):
                return self.screens.line(reader.language, "contact_invitation.closed")
            if not is_adult:
                hint = "contact_invitation.adult_missing"
                return self.screens.invitation(
                    reader.language, found, self.run_by, is_adult=False, hint=hint
                )
            await work.invitations.mark_used(invitation, reader.person, now)
            await self._add(work, reader.person, found, now)
        self.wake()
        placement = Placement.SAME
        return self.screens.line(reader.language, "contact_invitation.agreed", placement=placement)

    async def refuse(self, reader: Reader, invitation: InvitationId) -> Screen:
        """Take in a no; the code is used up by it, and the client is told that it is a no."""
        now = self.clock.now()
        async with self.storage.write() as work:
            found = await self._find_open(work, reader, invitation)
            if found is None or not await work.invitations.revoke(invitation, now):
                return self.screens.line(reader.language, "contact_invitation.closed")
            row = notice_row(self.storage, found.inviter, REFUSED, found.id, now)
            await work.outbox.add(row)
        self.wake()
        name = split_words(found)[1]
        return self.screens.about(reader.language, "contact_invitation.refused", name)

    def notices(self) -> Mapping[str, Composer]:
        """Return who words which notice."""
        return {REFUSED: self._compose_refused}

    async def _compose_refused(self, row: OutboxRow) -> Screen | None:
        async with self.storage.read() as work:
            found = await work.invitations.find(InvitationId(subject_of(row)))
        if found is None:
            return None
        return self.screens.notice(ENGLISH, "contact_notice.refused", split_words(found)[0])

    async def _add(
        self, work: UnitOfWork, person: PersonId, invitation: Invitation, now: datetime
    ) -> None:
        contact_name, client_name = split_words(invitation)
        contact = DesignatedContact(
            id=ContactLinkId(self.storage.new_id()),
            client=invitation.inviter,
            contact=person,
            client_name=client_name,
            contact_name=contact_name,
            mode=TellMode.ONLY_WHEN_I_PRESS,
            silence=None,
            may_be_danger=False,
            created_at=now,
            accepted_at=now,
        )
        await work.people.confirm_adult(person, now)
        await work.contacts.add(contact)
        key, reference = self.storage.new_id(), hello_reference(contact.id)
        hello = OutboxRow(key, person, OutboxKind.HELLO, reference, Lane.DELIVERY, now)
        told = notice_row(self.storage, contact.client, ACCEPTED, contact.id, now)
        for row in (hello, told):
            await work.outbox.add(row)

    def _new_invitation(self, inviter: PersonId, code: str, label: str) -> Invitation:
        now = self.clock.now()
        return Invitation(
            id=InvitationId(self.storage.new_id()),
            kind=InvitationKind.CONTACT,
            inviter=inviter,
            code_hash=self.storage.hash_code(code),
            label=label,
            created_at=now,
            expires_at=now + VALID_FOR,
        )

    async def _find_open(
        self, work: UnitOfWork, reader: Reader, invitation: InvitationId
    ) -> Invitation | None:
        found = await work.invitations.find(invitation)
        is_open = found is not None and is_open_for_contact(found, self.clock.now())
        # Nobody is their own contact, whatever way the button came to them.
        return found if is_open and found and found.inviter != reader.person else None

    async def _has_one(self, work: UnitOfWork, client: PersonId) -> bool:
        now = self.clock.now()
        asked = await work.invitations.list_by_inviter(client)
        is_asking = any(is_open_for_contact(each, now) for each in asked)
        return is_asking or await self._has_contact(work, client)

    async def _has_contact(self, work: UnitOfWork, client: PersonId) -> bool:
        contacts = await work.contacts.list_by_client(client)
        return any(not each.has_ended for each in contacts)


def is_open_for_contact(invitation: Invitation, at: datetime) -> bool:
    """Tell whether a person can still say yes or no to this."""
    is_contact = invitation.kind is InvitationKind.CONTACT
    return is_contact and invitation.standing(at) is InvitationStanding.OPEN


def hello_reference(link: ContactLinkId) -> str:
    """Return what the first message to a contact refers to."""
    return f"contact:{link}"
