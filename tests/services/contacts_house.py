"""Cleo, who chose Sam, and the services between them over fakes."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.crisis import Category, Detection, Tier
from bot.core.designated_contacts import DesignatedContact, SilenceMeans, TellMode
from bot.core.invitations import Invitation, normalise_code
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind
from bot.core.people import ContactLinkId, MessageId, PersonId, Reader
from bot.core.screens import Button, Screen
from bot.services.alert_delivery import AlertDelivery
from bot.services.alert_screens import AlertScreens
from bot.services.alerts import AlertService
from bot.services.contact_choices import ContactChoices
from bot.services.contact_inviting import ContactInvitingService
from bot.services.contact_screens import ContactScreens
from bot.services.contacts import ContactService
from bot.services.deliveries import DeliveryService, Trace, by_name
from bot.services.escalation_records import EscalationRecords
from bot.services.storage_port import StorageBusy
from tests.services.fakes import (
    CLEO,
    START,
    FakeClock,
    FakeMessenger,
    Sent,
    labels,
    pressed,
    texts,
)
from tests.storage.memory import MemoryStorage, MemoryUnitOfWork

SAM = PersonId(2)
KIM = PersonId(3)
CLEO_READS, SAM_READS, KIM_READS = Reader(CLEO), Reader(SAM), Reader(KIM)
DANGER_NOW = Detection(Tier.T1, Category.SUICIDE)
MINUTE = timedelta(minutes=1)
URL = "https://example.org/add"


@dataclass
class LockableStorage(MemoryStorage):
    """A storage that somebody else may hold until a time."""

    clock: FakeClock = field(default_factory=FakeClock)
    locked_until: datetime = START
    reads_locked: bool = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[MemoryUnitOfWork]:
        if self.clock.now() < self.locked_until:
            raise StorageBusy("held by somebody else")
        async with super().write() as work:
            yield work

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryUnitOfWork]:
        if self.reads_locked and self.clock.now() < self.locked_until:
            raise StorageBusy("held by somebody else")
        async with super().read() as work:
            yield work


@dataclass
class PickyMessenger(FakeMessenger):
    """Reaches everybody but those who are named; shows a nonce once."""

    outcomes: dict[PersonId, DeliveryOutcome] = field(default_factory=dict)

    async def send_to(
        self, person: PersonId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        assert len(key) <= 25
        outcome = self.outcomes.get(person, DeliveryOutcome.SENT)
        is_known = any(each.key == key and each.to == person for each in self.sent)
        if outcome is DeliveryOutcome.SENT and not is_known:
            self.sent.append(Sent(person, screen, key, lane))
        return outcome

    async def find_sent(self, person: PersonId, key: str) -> Trace:
        is_known = any(each.key == key and each.to == person for each in self.sent)
        return Trace.FOUND if is_known else Trace.NOT_THERE

    def read_by(self, person: PersonId) -> list[Screen]:
        return [each.screen for each in self.sent if each.to == person]


class FakeBackground:
    """Work that the test waits for when it wants to."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []

    def start(self, name: str, work: Coroutine[object, object, None]) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    async def settle(self) -> None:
        while self.tasks:
            await self.tasks.pop(0)

    async def kill(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()


class ContactsHouse:
    """One running bot; `restart` builds another over the same storage."""

    def __init__(self, before: "ContactsHouse | None" = None) -> None:
        self.clock: FakeClock = before.clock if before else FakeClock()
        self.messenger: PickyMessenger = before.messenger if before else PickyMessenger()
        self.storage: LockableStorage = (
            before.storage if before else LockableStorage(clock=self.clock)
        )
        self.background = FakeBackground()
        self.wakes = 0
        self.choices = ContactChoices(self.storage)
        self.records = EscalationRecords(self.storage, self.clock, self.wake, self.sleep)
        alert_screens = AlertScreens(texts())
        self.delivery = AlertDelivery(
            self.storage, self.messenger, self.clock, self.choices, self.records,
            self.background, alert_screens,
        )  # fmt: skip
        self.alerts = AlertService(
            self.storage, texts(), self.clock, self.choices, self.records, self.delivery
        )
        screens = ContactScreens(texts())
        self.contacts = ContactService(self.storage, screens, self.clock, self.choices, self.wake)
        self.inviting = ContactInvitingService(
            self.storage, screens, self.clock, self.wake, lambda: URL, "the practice"
        )
        notices = {
            **self.contacts.notices(), **self.inviting.notices(), **self.alerts.notices()
        }  # fmt: skip
        self.deliveries = DeliveryService(
            self.storage,
            self.messenger,
            self.clock,
            {
                OutboxKind.HELLO: self.contacts.compose_hello,
                OutboxKind.NOTICE: by_name(notices),
                OutboxKind.ALERT: self.alerts.compose_alert,
            },
            {
                OutboxKind.ALERT: self.alerts.settle_alert,
                OutboxKind.HELLO: self.contacts.settle_hello,
            },
        )

    def wake(self) -> None:
        self.wakes += 1

    async def sleep(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    async def restart(self) -> "ContactsHouse":
        """Kill what is under way, and start again."""
        await self.background.kill()
        house = ContactsHouse(self)
        await house.alerts.load()
        await house.deliveries.start()
        return house

    async def settle(self) -> None:
        """Let the background end, and let out what is due."""
        await self.background.settle()
        await self.deliveries.run_once()
        await self.background.settle()

    async def later(self, by: timedelta) -> None:
        self.clock.advance(by)
        await self.settle()

    async def is_chosen(
        self, mode: TellMode = TellMode.AUTOMATICALLY, silence: SilenceMeans | None = None
    ) -> DesignatedContact:
        """Let Sam be asked, agree and be reached, and let Cleo choose; then forget the mail."""
        contact = await self.agreed()
        await self.contacts.arrived(SAM_READS, contact.id)
        await self.contacts.answer_danger(CLEO_READS, contact.id, may_be_danger=False)
        await self.contacts.choose(CLEO_READS, contact.id, mode, silence or "")
        await self.settle()
        self.messenger.sent.clear()
        return self.chosen

    async def agreed(self) -> DesignatedContact:
        """Let Sam be asked and agree."""
        await self.asks()
        await self.inviting.agree(SAM_READS, self.invitation.id, is_adult=True)
        await self.settle()
        return self.chosen

    async def asks(self) -> str:
        """Let Cleo ask Sam; returns the code as it is written."""
        await self.inviting.confirm_adult(CLEO_READS)
        screen = await self.inviting.invite(CLEO_READS, "Sam", "Cleo")
        words = screen.text.split()
        return next(each for each in words if "-" in each and normalise_code(each))

    @property
    def invitation(self) -> Invitation:
        return list(self.storage.tables.invitations.values())[-1]

    @property
    def chosen(self) -> DesignatedContact:
        return list(self.storage.tables.contacts.values())[-1]

    async def writes(
        self, detection: Detection = DANGER_NOW, message: int = 1_175_000_000_000_000_000
    ) -> Screen | None:
        """Let Cleo write words of crisis."""
        return await self.alerts.after_crisis(
            CLEO_READS, detection, MessageId(message), self.clock.now()
        )

    async def answers(
        self, reader: Reader, alert: Screen, *, has_it: bool, link: ContactLinkId | None = None
    ) -> Screen:
        """Let the reader press a button under an alert."""
        button: Button = pressed(alert, "I've got this" if has_it else "I can't right now")
        action = button.action
        return await self.alerts.answer(
            reader, link or ContactLinkId(action.argument(0)), action.argument(1), has_it=has_it
        )


def alerts_of(house: ContactsHouse) -> list[Screen]:
    """What Sam got with the two buttons of an alert."""
    return [each for each in house.messenger.read_by(SAM) if "I've got this" in labels(each)]


def told(house: ContactsHouse) -> str:
    """The last thing Cleo was told by message."""
    return house.messenger.read_by(CLEO)[-1].text
