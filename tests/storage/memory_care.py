"""Care links, check-in plans, check-ins and the outbox in memory."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import Answer, CheckIn, CheckInState
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import CareLinkId, CheckInId, CheckInPlanId, MessageId, PersonId
from tests.storage.memory_tables import Tables, keep


@dataclass(frozen=True, slots=True)
class MemoryCareLinks:
    tables: Tables

    async def add(self, link: CareLink) -> None:
        self.tables.care_links[link.id] = link

    async def find(self, link: CareLinkId) -> CareLink | None:
        return self.tables.care_links.get(link)

    async def list_by_therapist(self, therapist: PersonId) -> tuple[CareLink, ...]:
        return self._list(lambda link: link.therapist == therapist)

    async def list_by_client(self, client: PersonId) -> tuple[CareLink, ...]:
        return self._list(lambda link: link.client == client)

    async def list_therapists(self) -> frozenset[PersonId]:
        links = self.tables.care_links.values()
        return frozenset(link.therapist for link in links if not link.has_ended)

    async def update(self, link: CareLink) -> None:
        if link.id in self.tables.care_links:
            self.tables.care_links[link.id] = link

    def _list(self, wanted: Callable[[CareLink], bool]) -> tuple[CareLink, ...]:
        found = filter(wanted, self.tables.care_links.values())
        return tuple(sorted(found, key=lambda link: (link.created_at, link.id)))


@dataclass(frozen=True, slots=True)
class MemoryCheckInPlans:
    tables: Tables

    async def add(self, plan: CheckInPlan) -> None:
        self.tables.plans[plan.id] = plan

    async def find(self, plan: CheckInPlanId) -> CheckInPlan | None:
        return self.tables.plans.get(plan)

    async def list_by_link(self, link: CareLinkId) -> tuple[CheckInPlan, ...]:
        return self._list(lambda plan: plan.link == link)

    async def list_by_client(self, client: PersonId) -> tuple[CheckInPlan, ...]:
        return self._list(lambda plan: plan.client == client)

    async def list_by_therapist(self, therapist: PersonId) -> tuple[CheckInPlan, ...]:
        return self._list(lambda plan: plan.therapist == therapist)

    async def update(self, plan: CheckInPlan) -> None:
        if plan.id in self.tables.plans:
            self.tables.plans[plan.id] = plan

    async def find_due(self, now: datetime, limit: int) -> tuple[CheckInPlan, ...]:
        due = sorted((at, plan.id) for plan in self._all() if (at := plan.next_due_at))
        return tuple(self.tables.plans[plan] for at, plan in due if at <= now)[:limit]

    async def next_due_at(self) -> datetime | None:
        return min((at for plan in self._all() if (at := plan.next_due_at)), default=None)

    def _all(self) -> Iterable[CheckInPlan]:
        return self.tables.plans.values()

    def _list(self, wanted: Callable[[CheckInPlan], bool]) -> tuple[CheckInPlan, ...]:
        return tuple(
            sorted(filter(wanted, self._all()), key=lambda plan: (plan.created_at, plan.id))
        )


@dataclass(frozen=True, slots=True)
class MemoryCheckIns:
    tables: Tables

    async def claim(self, plan: CheckInPlan, check_in: CheckIn, row: OutboxRow | None) -> bool:
        kept = self.tables.plans.get(plan.id)
        if kept is None or kept.next_due_at != check_in.due_at or self._is_known(check_in):
            return False
        self.tables.check_ins[check_in.id] = check_in
        self.tables.plans[plan.id] = replace(kept, next_due_at=plan.next_due_at)
        if row is not None:
            await MemoryOutbox(self.tables).add(row)
        return True

    async def find(self, check_in: CheckInId) -> CheckIn | None:
        return self.tables.check_ins.get(check_in)

    async def find_by_key(self, key: str) -> CheckIn | None:
        return next((each for each in self._all() if each.key == key), None)

    async def list_by_plan(self, plan: CheckInPlanId, limit: int) -> tuple[CheckIn, ...]:
        return self._latest(lambda each: each.plan == plan, limit)

    async def list_by_link(self, link: CareLinkId, limit: int) -> tuple[CheckIn, ...]:
        return self._latest(lambda each: self.tables.plans[each.plan].link == link, limit)

    async def list_by_client(self, client: PersonId, limit: int) -> tuple[CheckIn, ...]:
        return self._latest(lambda each: self.tables.plans[each.plan].client == client, limit)

    async def list_waiting(self, sent_before: datetime, limit: int) -> tuple[CheckIn, ...]:
        waiting = sorted(
            (each.sent_at, each.id)
            for each in self._all()
            if each.state is CheckInState.SENT and each.sent_at and each.sent_at < sent_before
        )
        return tuple(self.tables.check_ins[check_in] for _, check_in in waiting[:limit])

    async def set_state(
        self, check_in: CheckInId, state: CheckInState, *, sent_at: datetime | None = None
    ) -> bool:
        found = self.tables.check_ins.get(check_in)
        if found is None or found.answered_at is not None:
            return False
        changed = replace(found, state=state, sent_at=sent_at or found.sent_at)
        self.tables.check_ins[check_in] = changed
        return True

    async def answer(self, check_in: CheckInId, answer: Answer, at: datetime) -> bool:
        found = self.tables.check_ins.get(check_in)
        if found is None or found.answered_at is not None:
            return False
        answered = replace(found, state=CheckInState.ANSWERED, answered_at=at, answer=answer)
        self.tables.check_ins[check_in] = answered
        return True

    async def delete_before(self, due_before: datetime) -> int:
        return keep(self.tables.check_ins, lambda row: row.due_at >= due_before)

    def _all(self) -> Iterable[CheckIn]:
        return self.tables.check_ins.values()

    def _is_known(self, check_in: CheckIn) -> bool:
        return any(
            (each.plan, each.due_at) == (check_in.plan, check_in.due_at) for each in self._all()
        )

    def _latest(self, wanted: Callable[[CheckIn], bool], limit: int) -> tuple[CheckIn, ...]:
        found = sorted(filter(wanted, self._all()), key=lambda each: each.due_at, reverse=True)
        return tuple(found[:limit])


@dataclass(frozen=True, slots=True)
class MemoryOutbox:
    tables: Tables

    async def add(self, row: OutboxRow) -> bool:
        if row.key in self.tables.outbox:
            return False
        self.tables.outbox[row.key] = row
        return True

    async def find(self, key: str) -> OutboxRow | None:
        return self.tables.outbox.get(key)

    async def lease(self, now: datetime, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        due = [row for row in self._waiting() if row.due_at <= now and _is_free(row, now)]
        due.sort(key=lambda row: (list(Lane).index(row.lane), row.due_at, row.key))
        leased = [
            replace(row, leased_until=until, attempts=row.attempts + 1) for row in due[:limit]
        ]
        for row in leased:
            self._put(replace(row, unsure_since_at=row.unsure_since_at or now))
        return tuple(leased)

    async def mark(
        self,
        key: str,
        outcome: DeliveryOutcome,
        at: datetime,
        message_id: MessageId | None = None,
    ) -> bool:
        return self._change(
            key,
            lambda row: replace(
                row, outcome=outcome, done_at=at, message_id=message_id, leased_until=None
            ),
        )

    async def retry(self, key: str, due_at: datetime, *, is_unsure: bool = False) -> bool:
        return self._change(
            key,
            lambda row: replace(
                row,
                due_at=due_at,
                leased_until=None,
                unsure_since_at=row.unsure_since_at if is_unsure else None,
            ),
        )

    async def release_all(self) -> int:
        held = [row for row in self._waiting() if row.leased_until is not None]
        for row in held:
            self._put(replace(row, leased_until=None))
        return len(held)

    async def list_unsure(self, now: datetime) -> tuple[OutboxRow, ...]:
        unsure = [
            (row.unsure_since_at, row.key)
            for row in self._waiting()
            if row.unsure_since_at is not None and _is_free(row, now)
        ]
        return tuple(self.tables.outbox[key] for _, key in sorted(unsure))

    async def cancel(self, reference: str) -> int:
        return self._cancel(lambda row: row.reference == reference)

    async def cancel_for(self, person: PersonId, kinds: Collection[OutboxKind]) -> int:
        return self._cancel(lambda row: row.person == person and row.kind in kinds)

    async def next_due_at(self) -> datetime | None:
        times = (max(row.due_at, row.leased_until or row.due_at) for row in self._waiting())
        return min(times, default=None)

    async def delete_done_before(self, at: datetime) -> int:
        return keep(self.tables.outbox, lambda row: row.done_at is None or row.done_at >= at)

    def _waiting(self) -> list[OutboxRow]:
        return [row for row in self.tables.outbox.values() if row.done_at is None]

    def _put(self, row: OutboxRow) -> None:
        self.tables.outbox[row.key] = row

    def _change(self, key: str, change: Callable[[OutboxRow], OutboxRow]) -> bool:
        row = self.tables.outbox.get(key)
        if row is None or row.done_at is not None:
            return False
        self._put(change(row))
        return True

    def _cancel(self, wanted: Callable[[OutboxRow], bool]) -> int:
        return keep(
            self.tables.outbox,
            lambda row: (
                row.done_at is not None or row.unsure_since_at is not None or not wanted(row)
            ),
        )


def _is_free(row: OutboxRow, now: datetime) -> bool:
    return row.leased_until is None or row.leased_until <= now
