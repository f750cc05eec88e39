"""How an alert leaves: sent from memory, recorded after, in the outbox where it has to wait."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.consents import Scope
from bot.core.crisis import Category
from bot.core.designated_contacts import DesignatedContact, SilenceMeans, TellMode
from bot.core.escalation_changes import Change, TellClient, record, settle, stop
from bot.core.escalations import Chain, ClosedBecause, EscalationStep
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import ENGLISH, PersonId
from bot.core.screens import Screen
from bot.services.alert_screens import AlertScreens
from bot.services.care_links import subject_of
from bot.services.contact_choices import ContactChoices
from bot.services.deliveries import Composer
from bot.services.escalation_records import Background, EscalationRecords
from bot.services.ports import Clock, Messenger
from bot.services.storage_port import Storage, UnitOfWork

log = logging.getLogger(__name__)

FACTS, SILENCE = "alert_facts", "alert_silence"
# In front of an alert's key: the message that tells the client what became of it.
TO_CLIENT = "c"


@dataclass(frozen=True, slots=True)
class AlertDelivery:
    """Sends alerts, and tells the client what is known of them."""

    storage: Storage
    messenger: Messenger
    clock: Clock
    choices: ContactChoices
    records: EscalationRecords
    background: Background
    screens: AlertScreens

    async def send(self, contact: DesignatedContact, chain: Chain) -> None:
        """Send the alert if the contact is still one, and tell the client what became of it."""
        step = chain.steps[0]
        current = self.choices.find(contact.client)
        if current is None or current.id != contact.id:
            self.call_off(chain)
            return
        screen = self.screens.alert(contact, chain, step)
        outcome = await self.messenger.send_to(
            contact.contact, screen, key=step.key, lane=Lane.CRISIS
        )
        log.info("alert.tried", extra={"tier": chain.escalation.tier, "outcome": outcome})
        await self._take_in(contact, chain, step, outcome)

    def send_soon(self, contact: DesignatedContact, chain: Chain) -> None:
        """Send the alert while a press is answered."""
        self.background.start("send_alert", self.send(contact, chain))

    def send_unless_stopped(self, contact: DesignatedContact, chain: Chain) -> None:
        """Send the alert when it is due, also where the storage takes nothing until then."""
        self.background.start("wait_for_answer", self._wait(contact, chain))

    def save(self, chain: Chain, *rows: OutboxRow) -> None:
        """Record the chain and what is to be sent, as soon as the storage takes it."""
        self.background.start("save_alert", self._write(chain, rows))

    def call_off(self, chain: Chain) -> None:
        """Stop the chain and what of it waits in the outbox."""
        chain = stop(chain, self.clock.now()).chain
        self.records.keep(chain)
        keys = [step.key for step in chain.steps]
        self.background.start("call_off_alert", self._write(chain, called_off=keys))

    def news_rows(self, change: Change, key: str) -> Iterator[OutboxRow]:
        """Return the note to the client, where a change is to be told them."""
        if any(isinstance(news, TellClient) for news in change.news):
            yield self._notice(change.chain.escalation.client, FACTS, key, self.clock.now())

    async def compose(self, row: OutboxRow) -> Screen | None:
        """Return the alert of an outbox row, if it is still to leave."""
        async with self.storage.read() as work:
            chain = await self.records.find_stored(work, row.reference)
            if chain is None or not chain.due(self.clock.now()):
                return None
            step = chain.get_step(row.reference)
            contact = await work.contacts.find(step.contact)
            consents = await work.consents.of(chain.escalation.client)
        is_agreed = consents.covers(Scope.CONTACT_ALERTS)
        if contact is None or not is_agreed or not _may_still_leave(contact, chain):
            return None
        return self.screens.alert(contact, chain, step)

    async def settle(
        self, work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        """Note what became of an alert that went out through the outbox."""
        chain = await self.records.find_stored(work, row.reference)
        if chain is None:
            return
        change = self._settled(chain, row.reference, outcome)
        self.records.keep(change.chain)
        await self.records.write(work, change.chain)
        for each in (*self.news_rows(change, row.reference), *self._silence_rows(change.chain)):
            await work.outbox.add(each)

    def notices(self) -> Mapping[str, Composer]:
        """Return who words which notice."""
        return {FACTS: self._compose_facts, SILENCE: self._compose_silence}

    def _settled(self, chain: Chain, key: str, outcome: DeliveryOutcome | None) -> Change:
        now = self.clock.now()
        if outcome is not None:
            return record(chain, key, outcome, now)
        change = settle(chain, now)
        # Not wanted any more: it is over, so that a later alert is not held up by it.
        is_waiting = chain.get_step(key).is_to_be_sent and not change.chain.is_closed
        return stop(chain, now) if is_waiting else change

    async def _take_in(
        self,
        contact: DesignatedContact,
        chain: Chain,
        step: EscalationStep,
        outcome: DeliveryOutcome,
    ) -> None:
        # The contact, or the client, may have pressed something meanwhile.
        latest = await self.records.find(contact.client, step.key) or chain
        change = record(latest, step.key, outcome, self.clock.now())
        self.records.keep(change.chain)
        rows, called_off = tuple(self._silence_rows(change.chain)), [step.key]
        if outcome is DeliveryOutcome.TRY_LATER:
            rows, called_off = (*rows, _alert_row(contact, step)), []
        self.background.start("save_alert", self._write(change.chain, rows, called_off))
        told = self.screens.facts(ENGLISH, contact, change.chain)
        key = f"{TO_CLIENT}{step.key}"
        await self.messenger.send_to(contact.client, told, key=key, lane=Lane.CRISIS)

    async def _wait(self, contact: DesignatedContact, chain: Chain) -> None:
        step = chain.steps[0]
        if await self.records.save(chain, [_alert_row(contact, step)], until=step.due_at):
            return
        latest = self.records.latest(contact.client)
        if latest is not None and latest.due(self.clock.now()):
            await self.send(contact, latest)

    async def _write(
        self, chain: Chain, rows: Iterable[OutboxRow] = (), called_off: Iterable[str] = ()
    ) -> None:
        await self.records.save(chain, rows, called_off=called_off)

    def _silence_rows(self, chain: Chain) -> Iterator[OutboxRow]:
        """Return the note that tells the client later that nobody answered."""
        if chain.is_under_way and chain.steps[0].may_have_arrived:
            client = chain.escalation.client
            yield self._notice(client, SILENCE, chain.steps[0].key, chain.ends_at)

    def _notice(self, client: PersonId, name: str, key: str, due_at: datetime) -> OutboxRow:
        reference = f"{name}:{key}"
        new_key = self.storage.new_id()
        return OutboxRow(new_key, client, OutboxKind.NOTICE, reference, Lane.CRISIS, due_at)

    async def _compose_facts(self, row: OutboxRow) -> Screen | None:
        key = subject_of(row)
        async with self.storage.read() as work:
            chain = await self.records.find_stored(work, key)
            if chain is None:
                return None
            contact = await work.contacts.find(chain.get_step(key).contact)
        return None if contact is None else self.screens.facts(ENGLISH, contact, chain)

    async def _compose_silence(self, row: OutboxRow) -> Screen | None:
        async with self.storage.read() as work:
            chain = await self.records.find_stored(work, subject_of(row))
        if chain is None:
            return None
        chain = settle(chain, self.clock.now()).chain
        if chain.escalation.closed_because is not ClosedBecause.NOBODY_ANSWERED:
            return None
        self.records.keep(chain)
        self.save(chain)
        return await self._compose_facts(row)


def _may_still_leave(contact: DesignatedContact, chain: Chain) -> bool:
    """Tell whether what the client chose still lets an alert leave that had to wait."""
    is_pressed = chain.escalation.category is Category.NONE
    is_silenced = contact.mode is TellMode.ASK_FIRST and contact.silence is SilenceMeans.DO_NOT_TELL
    is_automatic = contact.may_be_told_automatically and not is_silenced
    return contact.has_accepted and (is_pressed or is_automatic)


def _alert_row(contact: DesignatedContact, step: EscalationStep) -> OutboxRow:
    return OutboxRow(
        step.key, contact.contact, OutboxKind.ALERT, step.key, Lane.CRISIS, step.due_at
    )
