"""Telling the person whom the client chose: decided from memory, sent first, recorded after."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.crisis import Category, Detection, Tier
from bot.core.designated_contacts import (
    AskFirst,
    DesignatedContact,
    SilenceMeans,
    TellNow,
    decide_alert,
)
from bot.core.escalation_changes import (
    acknowledge,
    decline,
    give_way,
    needs_new_alert,
    tell_now,
)
from bot.core.escalations import STALE_AFTER, Chain, Escalation, alert_key, open_escalation
from bot.core.outbox import DeliveryOutcome, OutboxRow
from bot.core.people import ContactLinkId, EscalationId, MessageId, PersonId, Reader
from bot.core.recent import Recent
from bot.core.screens import Button, Screen
from bot.services.alert_delivery import AlertDelivery
from bot.services.alert_screens import AlertScreens
from bot.services.contact_choices import ContactChoices
from bot.services.deliveries import Composer
from bot.services.escalation_records import EscalationRecords
from bot.services.ports import Clock, Texts
from bot.services.storage_port import Storage, StorageError, UnitOfWork

log = logging.getLogger(__name__)

CLIENTS_REMEMBERED = 10_000
# What stands for a press of the client, where no words were read.
PRESSED = Detection(Tier.T2, Category.NONE)


@dataclass(frozen=True, slots=True)
class AlertService:
    """Everything about an alert but how it leaves; needs no storage to decide."""

    storage: Storage
    texts: Texts
    clock: Clock
    choices: ContactChoices
    records: EscalationRecords
    delivery: AlertDelivery
    _asked: Recent[PersonId, AskFirst] = field(
        default_factory=lambda: Recent[PersonId, AskFirst](CLIENTS_REMEMBERED)
    )

    async def load(self) -> None:
        """Remember choices and what is under way; before the gateway opens."""
        await self.choices.load()
        await self.records.load()

    async def after_crisis(
        self, reader: Reader, detection: Detection, message_id: MessageId, at: datetime
    ) -> Screen | None:
        """Do what the client chose for these words, once they were answered themselves.

        An alert that goes out by itself has been tried when this returns. A screen is the question
        to the client, to be sent now. `at` is when the words were written.
        """
        contact = self.choices.find(reader.person)
        if contact is None or self.clock.now() - at >= STALE_AFTER:
            return None
        tier, category = detection.tier, detection.category
        match decide_alert(contact, tier, category, consents_cover=True, at=at):
            case TellNow():
                chain = self._open(contact, message_id, at, detection)
                if chain is not None:
                    await self.delivery.send(contact, chain)
                return None
            case AskFirst() as asked:
                return self._ask(reader, contact, detection, message_id, asked.on_silence)
            case _:
                return None

    def tell_button(self, reader: Reader) -> Button | None:
        """Return the button that tells the client's person, where there is one; from memory."""
        contact = self.choices.find(reader.person)
        return None if contact is None else self._screens.tell_button(reader.language, contact)

    def tell(self, reader: Reader, press: MessageId) -> Screen:
        """Tell the client's person because the client pressed; `press` is the press's id."""
        contact = self.choices.find(reader.person)
        if contact is None:
            return self._screens.nobody(reader.language)
        latest = self._latest(contact)
        if latest is not None and latest.is_under_way:
            return self._hurry(reader, contact, latest)
        return self._tell(reader, contact, press)

    async def say_yes(self, reader: Reader, message_id: MessageId, press: MessageId) -> Screen:
        """Take in [Tell Sam] under the question; also long after it was asked."""
        contact = self.choices.find(reader.person)
        if contact is None:
            return self._screens.nobody(reader.language)
        chain = await self.records.find(reader.person, alert_key(message_id, 1))
        if chain is None:
            return self._tell(reader, contact, message_id)
        if chain.is_under_way:
            return self._hurry(reader, contact, chain)
        if chain.escalation.no_longer_listens:
            return self._tell(reader, contact, press)
        return self._screens.facts(reader.language, contact, chain)

    async def say_no(self, reader: Reader, message_id: MessageId) -> Screen:
        """Take in [Don't] under the question; what has left already is said to have left."""
        contact = self.choices.find(reader.person)
        if contact is None:
            return self._screens.nobody(reader.language)
        chain = await self.records.find(reader.person, alert_key(message_id, 1))
        if chain is not None and not chain.steps[0].is_to_be_sent:
            return self._screens.facts(reader.language, contact, chain)
        if chain is not None:
            self.delivery.call_off(chain)
        return self._screens.not_told(reader.language, contact, message_id)

    async def answer(
        self, reader: Reader, link: ContactLinkId, key: str, *, has_it: bool
    ) -> Screen:
        """Take in [I've got this] or [I can't right now] of the contact, and of nobody else."""
        contact = self.choices.find_link(link) or await self._find_stored(link)
        if contact is None or contact.contact != reader.person:
            return Screen(self.texts.say(reader.language, "access.not_for_you"))
        chain = await self.records.find(contact.client, key) or self._opened_by_answer(contact, key)
        if chain is None or all(step.contact != link for step in chain.steps):
            return self._screens.is_over(reader.language, contact)
        take_in = acknowledge if has_it else decline
        change = take_in(chain, key, self.clock.now())
        self.records.keep(change.chain)
        self.delivery.save(change.chain, *self.delivery.news_rows(change, key))
        return self._screens.standing(reader.language, contact, change.chain, key)

    async def compose_alert(self, row: OutboxRow) -> Screen | None:
        """Return the alert of an outbox row, if it is still to leave."""
        return await self.delivery.compose(row)

    async def settle_alert(
        self, work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        """Note what became of an alert that went out through the outbox."""
        await self.delivery.settle(work, row, outcome)

    def notices(self) -> Mapping[str, Composer]:
        """Return who words which notice."""
        return self.delivery.notices()

    @property
    def _screens(self) -> AlertScreens:
        return self.delivery.screens

    def _latest(self, contact: DesignatedContact) -> Chain | None:
        """Return the client's latest chain, where it was about this same person."""
        latest = self.records.latest(contact.client)
        is_same = latest is not None and any(each.contact == contact.id for each in latest.steps)
        return latest if is_same else None

    def _open(
        self,
        contact: DesignatedContact,
        message_id: MessageId,
        at: datetime,
        detection: Detection,
        first_due_at: datetime | None = None,
    ) -> Chain | None:
        """Return a new chain, or None where the same was told already."""
        latest, is_pressed = self._latest(contact), detection is PRESSED
        if not needs_new_alert(latest, detection.tier, at, is_pressed=is_pressed):
            return None
        if latest is not None:
            if latest.steps[0].key == alert_key(message_id, 1):
                return None
            self.delivery.save(give_way(latest, at).chain)
        escalation = Escalation(
            EscalationId(self.storage.new_id()),
            contact.client,
            detection.tier,
            detection.category,
            at,
        )
        chain = open_escalation(
            escalation, [contact], message=message_id, first_due_at=first_due_at
        )
        self.records.keep(chain)
        return chain

    def _ask(
        self,
        reader: Reader,
        contact: DesignatedContact,
        detection: Detection,
        message_id: MessageId,
        on_silence: SilenceMeans,
    ) -> Screen | None:
        now, latest = self.clock.now(), self._latest(contact)
        before = self._asked.find(reader.person)
        is_waiting = before is not None and now < before.until_at
        if is_waiting or (latest is not None and latest.is_under_way):
            return None
        asked = AskFirst(now, on_silence)
        self._asked.put(reader.person, asked)
        if on_silence is SilenceMeans.TELL:
            chain = self._open(contact, message_id, now, detection, asked.until_at)
            if chain is None:
                return None
            self.delivery.send_unless_stopped(contact, chain)
        return self._screens.ask(reader.language, contact, asked, message_id)

    def _tell(self, reader: Reader, contact: DesignatedContact, message_id: MessageId) -> Screen:
        chain = self._open(contact, message_id, self.clock.now(), PRESSED)
        if chain is None:
            return self._hurry(reader, contact, self._latest(contact))
        self.delivery.send_soon(contact, chain)
        return self._screens.sending(reader.language, contact)

    def _hurry(self, reader: Reader, contact: DesignatedContact, chain: Chain | None) -> Screen:
        """Send at once what waits for the end of the question; else say how it stands."""
        now = self.clock.now()
        if chain is None:
            return self._screens.nobody(reader.language)
        if not chain.is_under_way or chain.due(now) or not chain.steps[0].is_to_be_sent:
            return self._screens.facts(reader.language, contact, chain)
        chain = tell_now(chain, now).chain
        self.records.keep(chain)
        self.delivery.send_soon(contact, chain)
        return self._screens.sending(reader.language, contact)

    def _opened_by_answer(self, contact: DesignatedContact, key: str) -> Chain | None:
        """Return the chain of an alert that arrived but could not be recorded."""
        try:
            message = MessageId(int(key.partition("-")[2], 16))
        except ValueError:
            return None
        if key != alert_key(message, 1) or not contact.has_accepted:
            return None
        now, new_id = self.clock.now(), EscalationId(self.storage.new_id())
        escalation = Escalation(new_id, contact.client, Tier.T1, Category.NONE, now)
        return open_escalation(escalation, [contact], message=message)

    async def _find_stored(self, link: ContactLinkId) -> DesignatedContact | None:
        try:
            async with self.storage.read() as work:
                return await work.contacts.find(link)
        except StorageError:
            log.warning("alert.not_looked_up")
            return None
