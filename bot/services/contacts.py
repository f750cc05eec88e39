"""Being a contact, and having one: how it stands, when they are told, and ending it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.core.consents import Scope
from bot.core.designated_contacts import DesignatedContact, SilenceMeans, TellMode
from bot.core.outbox import DeliveryOutcome, OutboxRow
from bot.core.people import ENGLISH, ContactLinkId, PersonId, Reader
from bot.core.screens import Placement, Screen
from bot.services.care_links import notice_row, subject_of
from bot.services.contact_choices import ContactChoices
from bot.services.contact_inviting import ACCEPTED, hello_reference, is_open_for_contact
from bot.services.contact_screens import ContactScreens
from bot.services.deliveries import Composer
from bot.services.ports import Clock
from bot.services.storage_port import Storage, UnitOfWork

REACHABLE, LEFT, REMOVED = "contact_reachable", "contact_left", "contact_removed"
UNDELIVERED = "contact_undelivered"


@dataclass(frozen=True, slots=True)
class ContactService:
    """Every change counts in memory as soon as it is kept, so that nothing leaves after a no."""

    storage: Storage
    screens: ContactScreens
    clock: Clock
    choices: ContactChoices
    wake: Callable[[], None]

    def only_in_dm(self, reader: Reader) -> Screen:
        """Return where this works."""
        return self.screens.line(reader.language, "access.only_in_dm")

    async def show(self, reader: Reader) -> Screen:
        """Return whom the reader chose, and who chose the reader."""
        now = self.clock.now()
        async with self.storage.read() as work:
            chosen = await work.contacts.list_by_client(reader.person)
            asked = await work.invitations.list_by_inviter(reader.person)
            of_others = await work.contacts.list_by_contact(reader.person)
            consents = await work.consents.of(reader.person)
        return self.screens.own(
            reader.language,
            [each for each in chosen if not each.has_ended],
            [each for each in asked if is_open_for_contact(each, now)],
            [each for each in of_others if not each.has_ended],
            has_chosen=consents.covers(Scope.CONTACT_ALERTS),
        )

    async def compose_hello(self, row: OutboxRow) -> Screen | None:
        """Return the first message to a contact; None once it is no longer wanted."""
        contact = await self._find(row)
        if contact is None or contact.has_ended:
            return None
        return self.screens.hello(ENGLISH, contact, row.key)

    async def settle_hello(
        self, work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        """Tell the client where the first message to their contact can't be delivered."""
        if outcome is not DeliveryOutcome.UNREACHABLE:
            return
        found = await work.contacts.find(ContactLinkId(subject_of(row)))
        if found is not None and row.reference == hello_reference(found.id):
            now = self.clock.now()
            told = notice_row(self.storage, found.client, UNDELIVERED, found.id, now)
            await work.outbox.add(told)

    async def arrived(self, reader: Reader, link: ContactLinkId) -> Screen:
        """Note that messages reach the contact; the client is told, and can choose now."""
        now = self.clock.now()
        async with self.storage.write() as work:
            found = await work.contacts.find(link)
            if found is None or found.contact != reader.person:
                return self._not_for_you(reader)
            if found.has_ended:
                return self.screens.line(reader.language, "contacts.gone")
            contact = found.reached(now)
            await work.people.mark_reachable(reader.person, now)
            if found.reachable_at is None:
                await work.contacts.update(contact)
                row = notice_row(self.storage, found.client, REACHABLE, link, now)
                await work.outbox.add(row)
        self.choices.update(contact)
        self.wake()
        return self.screens.about(reader.language, "contact_hello.thanks", contact.client_name)

    async def ask_danger(self, reader: Reader, link: ContactLinkId) -> Screen:
        """Return the question that comes before every choice."""
        async with self.storage.read() as work:
            found = await self._find_chosen(work, reader, link)
        if isinstance(found, Screen):
            return found
        return self.screens.danger(reader.language, found)

    async def answer_danger(
        self, reader: Reader, link: ContactLinkId, *, may_be_danger: bool
    ) -> Screen:
        """Take in the answer; after a yes nothing leaves by itself from this moment."""
        async with self.storage.write() as work:
            found = await self._find_chosen(work, reader, link)
            if isinstance(found, Screen):
                return found
            contact = found.with_danger() if may_be_danger else found.without_danger()
            await work.contacts.update(contact)
        self.choices.update(contact)
        return self.screens.when(reader.language, contact)

    async def choose(self, reader: Reader, link: ContactLinkId, mode: str, silence: str) -> Screen:
        """Take in when the contact may be told, and with it the client's consent."""
        async with self.storage.write() as work:
            found = await self._find_chosen(work, reader, link)
            if isinstance(found, Screen):
                return found
            wanted, silent = _mode(mode), _silence(silence)
            if wanted is not TellMode.ONLY_WHEN_I_PRESS and not _is_free(found):
                return Screen(self.screens.why_only_pressed(reader.language, found))
            if wanted is TellMode.ASK_FIRST and silent is None:
                return self.screens.silence(reader.language, found)
            contact = found.choose(wanted, silent)
            await work.contacts.update(contact)
            await work.consents.give(reader.person, Scope.CONTACT_ALERTS, self.clock.now())
        self.choices.put(contact)
        return self.screens.chosen(reader.language, contact)

    async def remove(self, reader: Reader, link: ContactLinkId) -> Screen:
        """End it for the client; the contact is told."""
        async with self.storage.write() as work:
            found = await self._find_chosen(work, reader, link)
            if isinstance(found, Screen):
                return found
            await self._end(work, found, told=found.contact, notice=REMOVED)
        self.choices.forget(found.client)
        self.wake()
        text = self.screens.say(reader.language, "contacts.removed", name=found.contact_name)
        return Screen(text, placement=Placement.SAME)

    async def leave(self, reader: Reader, link: ContactLinkId) -> Screen:
        """End it for the contact; the client is told."""
        async with self.storage.write() as work:
            found = await work.contacts.find(link)
            if found is None or found.contact != reader.person:
                return self._not_for_you(reader)
            if found.has_ended:
                return self.screens.line(reader.language, "contacts.gone")
            await self._end(work, found, told=found.client, notice=LEFT)
        self.choices.forget(found.client)
        self.wake()
        return self.screens.left(reader.language, found)

    def notices(self) -> Mapping[str, Composer]:
        """Return who words which notice."""
        return {
            ACCEPTED: self._compose_accepted,
            UNDELIVERED: self._compose_undelivered,
            REACHABLE: self._compose_reachable,
            LEFT: self._compose_left,
            REMOVED: self._compose_removed,
        }

    async def _end(
        self, work: UnitOfWork, contact: DesignatedContact, *, told: PersonId, notice: str
    ) -> None:
        now = self.clock.now()
        await work.contacts.update(contact.end(now))
        # What was agreed for this person must not count for the next one unasked.
        await work.consents.withdraw(contact.client, Scope.CONTACT_ALERTS, now)
        await work.outbox.cancel(hello_reference(contact.id))
        await work.outbox.add(notice_row(self.storage, told, notice, contact.id, now))

    async def _find_chosen(
        self, work: UnitOfWork, reader: Reader, link: ContactLinkId
    ) -> DesignatedContact | Screen:
        """Return the contact of this client, or what to say where there is none."""
        found = await work.contacts.find(link)
        if found is None or found.client != reader.person:
            return self._not_for_you(reader)
        return self.screens.line(reader.language, "contacts.gone") if found.has_ended else found

    def _not_for_you(self, reader: Reader) -> Screen:
        return self.screens.line(reader.language, "access.not_for_you")

    async def _find(self, row: OutboxRow) -> DesignatedContact | None:
        async with self.storage.read() as work:
            return await work.contacts.find(ContactLinkId(subject_of(row)))

    async def _compose_accepted(self, row: OutboxRow) -> Screen | None:
        contact = await self._find(row)
        # What is not true any more is not said: the next note says more.
        if contact is None or contact.has_ended or contact.reachable_at is not None:
            return None
        name = contact.contact_name
        return self.screens.notice(ENGLISH, "contact_notice.accepted", name)

    async def _compose_undelivered(self, row: OutboxRow) -> Screen | None:
        contact = await self._find(row)
        if contact is None or contact.has_ended or contact.reachable_at is not None:
            return None
        return self.screens.notice(ENGLISH, "contact_notice.undelivered", contact.contact_name)

    async def _compose_reachable(self, row: OutboxRow) -> Screen | None:
        contact = await self._find(row)
        if contact is None or contact.has_ended:
            return None
        lead = self.screens.notice(ENGLISH, "contact_notice.reachable", contact.contact_name)
        return self.screens.danger(ENGLISH, contact, lead=lead.text)

    async def _compose_left(self, row: OutboxRow) -> Screen | None:
        contact = await self._find(row)
        if contact is None:
            return None
        name = contact.contact_name
        return self.screens.notice(ENGLISH, "contact_notice.left", name, has_row=True)

    async def _compose_removed(self, row: OutboxRow) -> Screen | None:
        contact = await self._find(row)
        if contact is None:
            return None
        return self.screens.notice(ENGLISH, "contact_notice.removed", contact.client_name)


def _is_free(contact: DesignatedContact) -> bool:
    """Tell whether something automatic may be chosen."""
    return contact.reachable_at is not None and not contact.may_be_danger


def _mode(text: str) -> TellMode:
    return TellMode(text) if text in set(TellMode) else TellMode.ONLY_WHEN_I_PRESS


def _silence(text: str) -> SilenceMeans | None:
    return SilenceMeans(text) if text in set(SilenceMeans) else None
