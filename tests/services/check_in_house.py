"""Thea and her client Cleo, with check-ins over the storage in memory and a DM that remembers."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import CheckIn
from bot.core.consents import Scope
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind
from bot.core.people import CareLinkId, CheckInPlanId, PersonId, Reader
from bot.core.screens import Screen
from bot.core.zones import Zones
from bot.services.check_in_planning import CheckInPlanningService, PlanOrder
from bot.services.check_ins import CheckInService
from bot.services.deliveries import DeliveryService, Trace, by_name
from bot.services.own_check_ins import OwnCheckInService
from bot.services.storage_port import Storage
from tests.services.fakes import FakeClock, House, texts
from tests.storage.memory import MemoryStorage

THEA, CLEO, DANA = PersonId(1), PersonId(2), PersonId(3)
NONCE_IS_KNOWN_FOR = timedelta(minutes=3)
ZONES = Zones(["Europe/Berlin", "Europe/London", "America/New_York"])


@dataclass
class Dms:
    """Everybody's DM; a nonce that is still known shows nothing again."""

    clock: FakeClock
    outcome: DeliveryOutcome = DeliveryOutcome.SENT
    can_look: bool = True
    closed: set[PersonId] = field(default_factory=set)
    stalls: bool = False
    stalled: asyncio.Event = field(default_factory=asyncio.Event)
    stalls_after_it_arrived: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    shown: list[tuple[PersonId, str, Screen]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    _nonces: dict[str, datetime] = field(default_factory=dict)

    async def send_to(
        self, person: PersonId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        self.tried.append(key)
        if person in self.closed:
            return DeliveryOutcome.UNREACHABLE
        if self.outcome is DeliveryOutcome.SENT and (
            self.stalls_after_it_arrived or not self.stalls
        ):
            self._show(person, screen, key)
        if self.stalls:
            self.stalled.set()
            await asyncio.Event().wait()
        return self.outcome

    async def find_sent(self, person: PersonId, key: str) -> Trace:
        if not self.can_look:
            return Trace.CANNOT_LOOK
        is_there = any((to, named) == (person, key) for to, named, _ in self.shown)
        return Trace.FOUND if is_there else Trace.NOT_THERE

    def to(self, person: PersonId) -> list[Screen]:
        return [screen for to, _, screen in self.shown if to == person]

    def _show(self, person: PersonId, screen: Screen, key: str) -> None:
        known_at = self._nonces.get(key)
        if known_at is None or self.clock.now() - known_at > NONCE_IS_KNOWN_FOR:
            self.shown.append((person, key, screen))
            self.arrived.set()
            self._nonces[key] = self.clock.now()


@dataclass
class Listed:
    """Who is a therapist."""

    people: set[PersonId] = field(default_factory=lambda: {THEA})

    async def is_therapist(self, person: PersonId) -> bool:
        return person in self.people


class CheckInHouse:
    """The services of check-ins; `deliveries` can be made anew, as after a restart."""

    def __init__(self, storage: Storage | None = None) -> None:
        self.clock = FakeClock()
        self.storage = storage or MemoryStorage()
        self.dms = Dms(self.clock)
        self.therapists = Listed()
        self.woken = 0
        help_service = House().help
        self.check_ins = CheckInService(self.storage, texts(), help_service, self.clock)
        self.planning = CheckInPlanningService(
            self.storage, texts(), self.clock, self.therapists, ZONES, self.check_ins, self.wake
        )
        self.own = OwnCheckInService(self.storage, texts(), self.clock, self.check_ins, self.wake)
        self.deliveries = self.build_deliveries()

    def build_deliveries(self) -> DeliveryService:
        notices = by_name({**self.check_ins.notices(), **self.own.notices()})
        return DeliveryService(
            self.storage,
            self.dms,
            self.clock,
            composers={OutboxKind.CHECK_IN: self.check_ins.compose, OutboxKind.NOTICE: notices},
            settlers={
                OutboxKind.CHECK_IN: self.check_ins.settle,
                OutboxKind.NOTICE: self.own.settle_notice,
            },
        )

    def wake(self) -> None:
        self.woken += 1

    @property
    def thea(self) -> Reader:
        return Reader(THEA)

    @property
    def cleo(self) -> Reader:
        return Reader(CLEO)

    async def pair(
        self, client: PersonId = CLEO, label: str = "blue door", *, zone: str | None = None
    ) -> CareLink:
        """Let Thea and a client be linked, with consent to check-ins, and reachable."""
        now = self.clock.now()
        link_id = CareLinkId(self.storage.new_id())
        link = CareLink(link_id, THEA, client, label, "Thea P", now, reachable_at=now)
        async with self.storage.write() as work:
            await work.care_links.add(link)
            await work.consents.give(client, Scope.CHECK_INS, now)
            if zone is not None:
                await work.people.choose_zone(client, zone, now)
        return link

    async def propose(self, link: CareLink, **order: str) -> CheckInPlan:
        """Let Thea propose a plan: every day at 13:00 in London, which is in an hour."""
        typed = {"days": "every day", "time": "13:00", "zone": "London"} | order
        known = {each.id for each in await self.plans()}
        await self.planning.schedule(self.thea, PlanOrder(link.id, **typed), in_dm=True)
        [plan] = [each for each in await self.plans() if each.id not in known]
        return plan

    async def agree(self, link: CareLink, **order: str) -> CheckInPlan:
        """Let a plan be proposed and accepted, without the messages about that."""
        plan = await self.propose(link, **order)
        accepted = plan.accept(self.clock.now())
        async with self.storage.write() as work:
            await work.check_in_plans.update(accepted)
        return accepted

    async def plans(self) -> tuple[CheckInPlan, ...]:
        async with self.storage.read() as work:
            return await work.check_in_plans.list_by_therapist(THEA)

    async def plan(self, plan: CheckInPlanId) -> CheckInPlan:
        [found] = [each for each in await self.plans() if each.id == plan]
        return found

    async def sent_check_ins(self, link: CareLink) -> tuple[CheckIn, ...]:
        async with self.storage.read() as work:
            return await work.check_ins.list_by_link(link.id, 100)

    async def withdraw(self, client: PersonId = CLEO) -> None:
        async with self.storage.write() as work:
            await work.consents.withdraw(client, Scope.CHECK_INS, self.clock.now())

    async def end(self, link: CareLink) -> None:
        async with self.storage.write() as work:
            await work.care_links.update(replace(link, ended_at=self.clock.now()))

    async def run(self) -> datetime | None:
        return await self.deliveries.run_once()

    async def run_after(self, by: timedelta) -> datetime | None:
        self.clock.advance(by)
        return await self.run()

    async def run_and_be_killed(self, *, arrived: bool) -> None:
        """Start a run that ends with its process, while Discord has not answered yet."""
        self.dms.stalls, self.dms.stalls_after_it_arrived = True, arrived
        running = asyncio.get_running_loop().create_task(self.run())
        await self.dms.stalled.wait()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        self.dms.stalls = False
        await self.restart()

    async def restart(self) -> None:
        self.deliveries = self.build_deliveries()
        await self.deliveries.start()
