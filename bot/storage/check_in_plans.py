"""The schedule: plans as they were agreed, and when each is due next."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import RowMapping

from bot.core.check_in_plans import CheckInPlan
from bot.core.people import CareLinkId, CheckInPlanId, PersonId
from bot.core.recurrence import Schedule
from bot.storage.encryption import FieldCipher
from bot.storage.tables import (
    check_in_plans,
    to_instant,
    to_instant_or_none,
    to_stored,
    to_stored_or_none,
)
from bot.storage.transaction import Stored, Transaction


class SqlCheckInPlans:
    """Rows of `check_in_plans`; own words are encrypted for the client."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, plan: CheckInPlan) -> None:
        """Keep a new plan."""
        await self._transaction.insert(check_in_plans, await self._values(plan))

    async def find(self, plan: CheckInPlanId) -> CheckInPlan | None:
        """Return the plan; inside `write` nobody else changes it meanwhile."""
        query = select(check_in_plans).where(check_in_plans.c.id == plan)
        row = await self._transaction.find(query)
        return (await self._to_plans([row]))[0] if row else None

    async def list_by_link(self, link: CareLinkId) -> tuple[CheckInPlan, ...]:
        """Return the plans of one link, the oldest first."""
        return await self._list(check_in_plans.c.link_id == link)

    async def list_by_client(self, client: PersonId) -> tuple[CheckInPlan, ...]:
        """Return the client's plans, the oldest first."""
        return await self._list(check_in_plans.c.client_person == client)

    async def list_by_therapist(self, therapist: PersonId) -> tuple[CheckInPlan, ...]:
        """Return the therapist's plans, the oldest first."""
        return await self._list(check_in_plans.c.therapist_person == therapist)

    async def update(self, plan: CheckInPlan) -> None:
        """Replace what is kept of the plan."""
        chosen = update(check_in_plans).where(check_in_plans.c.id == plan.id)
        await self._transaction.change(chosen.values(**await self._values(plan)))

    async def find_due(self, now: datetime, limit: int) -> tuple[CheckInPlan, ...]:
        """Return plans that are due, the longest first; inside `write` no one else gets them."""
        due_at = check_in_plans.c.next_due_at
        query = select(check_in_plans).where(due_at <= to_stored(now))
        query = query.order_by(due_at, check_in_plans.c.id).limit(limit)
        if self._transaction.is_writing:
            query = query.with_for_update(skip_locked=True)
        return await self._to_plans(await self._transaction.all(query))

    async def next_due_at(self) -> datetime | None:
        """Return the earliest due time of any plan."""
        rows = await self._transaction.all(select(func.min(check_in_plans.c.next_due_at)))
        return to_instant_or_none(rows[0]["min_1"])

    async def _list(self, condition: ColumnElement[bool]) -> tuple[CheckInPlan, ...]:
        query = select(check_in_plans).where(condition)
        order = query.order_by(check_in_plans.c.created_at, check_in_plans.c.id)
        return await self._to_plans(await self._transaction.all(order))

    async def _values(self, plan: CheckInPlan) -> dict[str, Stored]:
        words = await self._transaction.encrypt(plan.client, check_in_plans, words=plan.words)
        return {
            "id": plan.id,
            "link_id": plan.link,
            "client_person": plan.client,
            "therapist_person": plan.therapist,
            "template": plan.template,
            "created_at": to_stored(plan.created_at),
            "accepted_at": to_stored_or_none(plan.accepted_at),
            "paused_until": to_stored_or_none(plan.paused_until),
            "is_paused_open_ended": plan.is_paused_open_ended,
            "stopped_at": to_stored_or_none(plan.stopped_at),
            "stopped_by_person": plan.stopped_by,
            "next_due_at": to_stored_or_none(plan.next_due_at),
            **_schedule_values(plan.schedule),
            **words,
        }

    async def _to_plans(self, rows: Sequence[RowMapping]) -> tuple[CheckInPlan, ...]:
        cipher = await self._transaction.cipher_of(rows, "client_person")
        return tuple(_to_plan(row, cipher) for row in rows)


def _schedule_values(schedule: Schedule) -> dict[str, str | None]:
    return {
        "zone": schedule.zone,
        "time_local": schedule.time_local.isoformat(),
        "rule": schedule.rule,
        "anchor_local": schedule.anchor_local.isoformat(),
        "until_local": schedule.until_local.isoformat() if schedule.until_local else None,
    }


def _to_schedule(row: RowMapping) -> Schedule:
    return Schedule(
        zone=row["zone"],
        time_local=time.fromisoformat(row["time_local"]),
        rule=row["rule"],
        anchor_local=date.fromisoformat(row["anchor_local"]),
        until_local=row["until_local"] and date.fromisoformat(row["until_local"]),
    )


def _to_plan(row: RowMapping, cipher: FieldCipher) -> CheckInPlan:
    client = PersonId(row["client_person"])
    return CheckInPlan(
        id=CheckInPlanId(row["id"]),
        link=CareLinkId(row["link_id"]),
        client=client,
        therapist=PersonId(row["therapist_person"]),
        schedule=_to_schedule(row),
        template=row["template"],
        words=cipher.decrypt(client, "check_in_plans", "words", row["words"]),
        created_at=to_instant(row["created_at"]),
        accepted_at=to_instant_or_none(row["accepted_at"]),
        paused_until=to_instant_or_none(row["paused_until"]),
        is_paused_open_ended=row["is_paused_open_ended"],
        stopped_at=to_instant_or_none(row["stopped_at"]),
        stopped_by=row["stopped_by_person"] and PersonId(row["stopped_by_person"]),
        next_due_at=to_instant_or_none(row["next_due_at"]),
    )
