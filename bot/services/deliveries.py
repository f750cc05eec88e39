"""What is due goes out: claimed, leased, sent under its key, and marked with what is known."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.check_in_plans import CheckInPlan, Decision, Missed, Send, Skip, SkipReason
from bot.core.check_ins import CheckIn, CheckInState
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import CheckInId, PersonId
from bot.core.screens import Screen
from bot.services.ports import Clock
from bot.services.storage_port import Storage, StorageError, UnitOfWork

log = logging.getLogger(__name__)

PLANS_AT_ONCE = 100
# How many go out side by side; Discord takes 45 a second.
ROWS_AT_ONCE = 25
# While some of them take long, the others are looked for this often.
LOOK_AGAIN_SECONDS = 0.5
# Longer than all tries of one message, so that nobody else takes it up meanwhile.
LEASE = timedelta(seconds=120)
# Discord takes a message with a nonce it knows for the same one, for a few minutes only.
NONCE_HOLDS = timedelta(seconds=110)
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=10)
# About a day of trying.
MOST_ATTEMPTS = 150
STORAGE_PAUSE = timedelta(seconds=5)
# A check-in that nobody answered within this counts as not answered; a later answer still counts.
ANSWER_WITHIN = timedelta(days=1)
NAME_ENDS = ":"

# Makes the words of a row when it is sent; None where it is no longer wanted.
Composer = Callable[[OutboxRow], Awaitable[Screen | None]]
# Notes what became of a row, in the transaction that marks it; None where it was not wanted.
Settler = Callable[[UnitOfWork, OutboxRow, DeliveryOutcome | None], Awaitable[None]]


class Trace(StrEnum):
    """Whether a message that may have arrived is there."""

    FOUND = "found"
    NOT_THERE = "not_there"
    CANNOT_LOOK = "cannot_look"


class Sender(Protocol):
    """Sends into the DM of a person, and looks there for what was sent."""

    async def send_to(
        self, person: PersonId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        """Send once, however often it is tried."""

    async def find_sent(self, person: PersonId, key: str) -> Trace:
        """Look in the person's DM for a message of ours whose buttons carry `key`."""


def by_name(composers: Mapping[str, Composer]) -> Composer:
    """Return one composer for rows whose reference is "<name>:<id>", each name with its own.

    A name that nobody knows any more is no longer wanted.
    """

    async def compose(row: OutboxRow) -> Screen | None:
        composer = composers.get(row.reference.partition(NAME_ENDS)[0])
        return None if composer is None else await composer(row)

    return compose


async def decide(work: UnitOfWork, plan: CheckInPlan, due_at: datetime, now: datetime) -> Decision:
    """Return what is to be done about one due time, as everything stands now."""
    link = await work.care_links.find(plan.link)
    if link is None or link.has_ended:
        return Skip(SkipReason.STOPPED)
    consents = await work.consents.of(plan.client)
    return plan.decide(due_at, now=now, consents=consents)


@dataclass(frozen=True, slots=True)
class DeliveryService:
    """One pass after another over what is due; a crash at any point loses and doubles nothing.

    `settlers` are told what became of a row of their kind.
    """

    storage: Storage
    messenger: Sender
    clock: Clock
    composers: Mapping[OutboxKind, Composer]
    settlers: Mapping[OutboxKind, Settler] = field(default_factory=dict)

    async def start(self) -> None:
        """Free what an earlier process held; only for the one process that sends."""
        async with self.storage.write() as work:
            await work.outbox.release_all()

    async def run_once(self) -> datetime | None:
        """Do all that is due; return when to look again, None where nothing is to come."""
        async with asyncio.TaskGroup() as sending:
            try:
                await self._work_off(sending)
                await self._close_unanswered()
                return await self._next_at()
            except StorageError:
                log.warning("delivery.storage_failed")
                return self.clock.now() + STORAGE_PAUSE

    async def _work_off(self, sending: asyncio.TaskGroup) -> None:
        """Claim and send side by side, so that neither a backlog nor a slow one holds up others."""
        under_way: set[asyncio.Task[None]] = set()
        while True:
            has_claimed = await self._claim_due()
            rows = await self._lease_due(ROWS_AT_ONCE - len(under_way))
            under_way |= {sending.create_task(self._deliver_alone(row)) for row in rows}
            if under_way and not rows:
                _, under_way = await asyncio.wait(
                    under_way, timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
            elif not under_way and not has_claimed:
                return

    async def _claim_due(self) -> bool:
        now = self.clock.now()
        async with self.storage.read() as work:
            due_at = await work.check_in_plans.next_due_at()
        if due_at is None or due_at > now:
            return False
        async with self.storage.write() as work:
            for plan in await work.check_in_plans.find_due(now, PLANS_AT_ONCE):
                await self._claim(work, plan, now)
        return True

    async def _claim(self, work: UnitOfWork, plan: CheckInPlan, now: datetime) -> None:
        due_at = plan.next_due_at
        if due_at is None:
            return
        after, key = plan.after(due_at), self.storage.new_id()
        check_in, row = None, None
        match await decide(work, plan, due_at, now):
            case Send():
                check_in = self._new(plan, due_at, CheckInState.SENDING, key)
                kind, lane = OutboxKind.CHECK_IN, Lane.DELIVERY
                row = OutboxRow(key, plan.client, kind, check_in.id, lane, due_at)
            case Missed():
                check_in = self._new(plan, due_at, CheckInState.MISSED, key)
            case _:
                pass
        if check_in is None or not await work.check_ins.claim(after, check_in, row):
            await work.check_in_plans.update(after)

    def _new(self, plan: CheckInPlan, due_at: datetime, state: CheckInState, key: str) -> CheckIn:
        return CheckIn(CheckInId(self.storage.new_id()), plan.id, due_at, state, key)

    async def _lease_due(self, limit: int) -> tuple[OutboxRow, ...]:
        now = self.clock.now()
        async with self.storage.read() as work:
            due_at = await work.outbox.next_due_at()
        if due_at is None or due_at > now or limit == 0:
            return ()
        async with self.storage.write() as work:
            return await work.outbox.lease(now, now + LEASE, limit)

    async def _deliver_alone(self, row: OutboxRow) -> None:
        """Deliver; one that fails leaves the others alone, and comes again after its lease."""
        [failure] = await asyncio.gather(self._deliver(row), return_exceptions=True)
        if failure is not None:
            log.error("delivery.failed", exc_info=failure)

    async def _deliver(self, row: OutboxRow) -> None:
        if row.attempts > MOST_ATTEMPTS:
            await self._settle(row, DeliveryOutcome.UNKNOWN)
        elif (found := await self._find_earlier(row)) is Trace.FOUND:
            await self._settle(row, DeliveryOutcome.SENT)
        elif (screen := await self.composers[row.kind](row)) is None:
            await self._drop(row)
        elif found is Trace.CANNOT_LOOK:
            await self._retry(row)
        else:
            await self._send(row, screen)

    async def _find_earlier(self, row: OutboxRow) -> Trace:
        unsure_since_at = row.unsure_since_at
        if unsure_since_at is None or self.clock.now() - unsure_since_at < NONCE_HOLDS:
            return Trace.NOT_THERE
        return await self._look_for(row)

    async def _send(self, row: OutboxRow, screen: Screen) -> None:
        outcome = await self.messenger.send_to(row.person, screen, key=row.key, lane=row.lane)
        log.info("delivery.tried", extra={"kind": row.kind, "outcome": outcome})
        if outcome in {DeliveryOutcome.SENT, DeliveryOutcome.UNREACHABLE}:
            await self._settle(row, outcome)
        else:
            await self._retry(row)

    async def _retry(self, row: OutboxRow) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
        async with self.storage.write() as work:
            await work.outbox.retry(row.key, self.clock.now() + pause, is_unsure=True)

    async def _drop(self, row: OutboxRow) -> None:
        """Let go of a row nobody wants, once it is known whether an earlier try arrived."""
        trace = await self._look_for(row) if row.may_have_arrived else Trace.NOT_THERE
        if trace is not Trace.NOT_THERE:
            is_there = trace is Trace.FOUND
            await self._settle(row, DeliveryOutcome.SENT if is_there else DeliveryOutcome.UNKNOWN)
            return
        async with self.storage.write() as work:
            await work.outbox.retry(row.key, row.due_at)
            await work.outbox.cancel(row.reference)
            await self._tell(work, row, None)

    async def _look_for(self, row: OutboxRow) -> Trace:
        return await self.messenger.find_sent(row.person, row.key)

    async def _settle(self, row: OutboxRow, outcome: DeliveryOutcome) -> None:
        now = self.clock.now()
        async with self.storage.write() as work:
            if not await work.outbox.mark(row.key, outcome, now):
                return
            if outcome is DeliveryOutcome.UNREACHABLE:
                await work.people.mark_unreachable(row.person, now)
            await self._tell(work, row, outcome)

    async def _tell(
        self, work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        if (settler := self.settlers.get(row.kind)) is not None:
            await settler(work, row, outcome)

    async def _close_unanswered(self) -> None:
        before = self.clock.now() - ANSWER_WITHIN
        async with self.storage.read() as work:
            waiting = await work.check_ins.list_waiting(before, PLANS_AT_ONCE)
        if not waiting:
            return
        async with self.storage.write() as work:
            for each in waiting:
                await work.check_ins.set_state(each.id, CheckInState.NOT_ANSWERED)

    async def _next_at(self) -> datetime | None:
        async with self.storage.read() as work:
            times = (await work.check_in_plans.next_due_at(), await work.outbox.next_due_at())
        return min((at for at in times if at is not None), default=None)
