"""Thea's desk: the services that pair people, over the storage in memory, and what goes out."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.actions import Action
from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import CheckIn, CheckInState
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import CareLinkId, ChannelId, InvitationId, PersonId, Reader
from bot.core.screens import Menu, Screen
from bot.services.clients import ClientService
from bot.services.deliveries import Composer
from bot.services.joining import JoiningService, Ticks
from bot.services.privacy import PrivacyService
from tests.services.fakes import FakeClock, pressed, say, texts
from tests.storage import samples
from tests.storage.memory import MemoryStorage

THEA, CLEO, SAM, DANA = (PersonId(number) for number in (11, 12, 13, 14))
EVERYTHING = Ticks(check_ins=True, view=True, adult=True)
CODE = re.compile(r"\b[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}\b")


@dataclass
class FakeTherapists:
    """The operator's list; looking it up takes a moment, in which others may act."""

    listed: set[PersonId] = field(default_factory=lambda: {THEA})

    async def is_therapist(self, person: PersonId) -> bool:
        await asyncio.sleep(0)
        return person in self.listed


class Desk:
    """Everything about pairing, and the outbox as it would be sent."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.storage = MemoryStorage()
        self.therapists = FakeTherapists()
        self.woken = 0
        self.changed: list[PersonId] = []
        self.clients = ClientService(
            self.storage, texts(), self.clock, self.therapists, self.wake, lambda: "https://add.me"
        )
        self.joining = JoiningService(
            self.storage, texts(), self.clock, self.therapists, self.wake, "Door Practice"
        )
        self.privacy = PrivacyService(
            self.storage, texts(), self.clock, self.wake, self.note_change
        )

    def wake(self) -> None:
        self.woken += 1

    async def note_change(self, person: PersonId) -> None:
        self.changed.append(person)

    @property
    def composers(self) -> Mapping[str, Composer]:
        return {**self.clients.notices(), **self.joining.notices(), **self.privacy.notices()}

    async def compose(self, row: OutboxRow) -> Screen | None:
        if row.kind is OutboxKind.HELLO:
            return await self.joining.compose_hello(row)
        return await self.composers[row.reference.partition(":")[0]](row)

    async def deliver(self) -> list[tuple[PersonId, Screen]]:
        """Send all notices and hellos; return what arrived with whom."""
        arrived = []
        for row in self.waiting():
            screen = await self.compose(row)
            async with self.storage.write() as work:
                await work.outbox.mark(row.key, DeliveryOutcome.SENT, self.clock.now())
            if screen is not None:
                arrived.append((row.person, screen))
        return arrived

    async def tell(self) -> dict[PersonId, str]:
        """Send all; return what each person reads, without the neutral first line."""
        neutral = say("link_notice.first")
        arrived = await self.deliver()
        return {person: each.text.removeprefix(f"{neutral}\n") for person, each in arrived}

    def waiting(self) -> list[OutboxRow]:
        """What would go out next, check-ins left aside."""
        rows = self.storage.tables.outbox.values()
        wanted = {OutboxKind.HELLO, OutboxKind.NOTICE}
        return [each for each in rows if each.done_at is None and each.kind in wanted]

    async def invite(
        self, label: str = "blue door", name: str = "Thea P", therapist: PersonId = THEA
    ) -> str:
        """Let Thea, or another, invite somebody; return the code."""
        screen = await self.clients.invite(Reader(therapist), label, name)
        found = CODE.search(screen.text)
        assert found is not None
        return found.group()

    async def join(self, code: str, person: PersonId = CLEO, ticks: Ticks = EVERYTHING) -> Screen:
        """Let somebody open the code and press [Join] with these ticks."""
        screen = await self.joining.open(Reader(person), code)
        join = pressed(screen, say("join.join")).action
        invitation = InvitationId(join.argument(0))
        return await self.joining.join(Reader(person), invitation, ticks, ChannelId(100 + person))

    async def pair(self, person: PersonId = CLEO, label: str = "blue door") -> CareLink:
        """Invite, join, and press the button in the hello."""
        await self.join(await self.invite(label), person)
        await self.deliver()
        [link] = [each for each in self.links() if each.client == person and not each.has_ended]
        await self.joining.arrived(Reader(person), link.id)
        await self.deliver()
        return self.link(link.id)

    async def plan(self, link: CareLink) -> CheckInPlan:
        """Keep a running check-in plan for the link."""
        plan = samples.check_in_plan(self.storage, link)
        async with self.storage.write() as work:
            await work.check_in_plans.add(plan)
        return plan

    async def check_in(self, plan: CheckInPlan, state: CheckInState) -> CheckIn:
        """Keep a check-in of the plan that was due just now, with its row while it is waiting."""
        now = self.clock.now()
        kept = samples.check_in(self.storage, plan, now)
        row = OutboxRow(kept.key, plan.client, OutboxKind.CHECK_IN, kept.id, Lane.DELIVERY, now)
        async with self.storage.write() as work:
            await work.check_in_plans.update(replace(plan, next_due_at=now))
            is_waiting = state is CheckInState.SENDING
            assert await work.check_ins.claim(plan, kept, row if is_waiting else None)
            await work.check_ins.set_state(kept.id, state)
        return kept

    def links(self) -> list[CareLink]:
        return list(self.storage.tables.care_links.values())

    def link(self, link: CareLinkId) -> CareLink:
        return self.storage.tables.care_links[link]


def actions(screen: Screen) -> list[Action]:
    """Whatever can be pressed or chosen on a screen, as what would come back."""
    menus = [row for row in screen.rows if isinstance(row, Menu)]
    chosen = [
        Action(menu.action.name, (*menu.action.arguments, option.value))
        for menu in menus
        for option in menu.options
    ]
    return [*(each.action for each in screen.buttons), *chosen]
