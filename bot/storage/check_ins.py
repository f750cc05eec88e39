"""What became of each check-in; the pressed button is encrypted for the client."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.engine import RowMapping

from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import Answer, CheckIn, CheckInState
from bot.core.outbox import OutboxRow
from bot.core.people import CareLinkId, CheckInId, CheckInPlanId, PersonId
from bot.storage.encryption import FieldCipher
from bot.storage.outbox import SqlOutbox
from bot.storage.tables import (
    check_in_plans,
    check_ins,
    to_instant,
    to_instant_or_none,
    to_stored,
    to_stored_or_none,
)
from bot.storage.transaction import Stored, Transaction


class SqlCheckIns:
    """Rows of `check_ins`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def claim(self, plan: CheckInPlan, check_in: CheckIn, row: OutboxRow | None) -> bool:
        """Write the check-in, its outbox row and the plan's next due time, all or nothing."""
        if not await self._is_next(plan.id, check_in.due_at):
            return False
        values = await self._values(plan.client, check_in)
        if not await self._transaction.insert_new(check_ins, values):
            return False
        await self._transaction.change(
            update(check_in_plans)
            .where(check_in_plans.c.id == plan.id)
            .values(next_due_at=to_stored_or_none(plan.next_due_at))
        )
        if row is not None:
            await SqlOutbox(self._transaction).add(row)
        return True

    async def find(self, check_in: CheckInId) -> CheckIn | None:
        """Return the check-in; inside `write` nobody else changes it meanwhile."""
        return await self._find(check_ins.c.id == check_in)

    async def find_by_key(self, key: str) -> CheckIn | None:
        """Return the check-in whose message has this key."""
        return await self._find(check_ins.c.key == key)

    async def list_by_plan(self, plan: CheckInPlanId, limit: int) -> tuple[CheckIn, ...]:
        """Return the latest check-ins of a plan, the newest first."""
        return await self._latest(check_ins.c.plan_id == plan, limit)

    async def list_by_link(self, link: CareLinkId, limit: int) -> tuple[CheckIn, ...]:
        """Return the latest check-ins of a care link, the newest first."""
        plans = select(check_in_plans.c.id).where(check_in_plans.c.link_id == link)
        return await self._latest(check_ins.c.plan_id.in_(plans), limit)

    async def list_by_client(self, client: PersonId, limit: int) -> tuple[CheckIn, ...]:
        """Return the latest check-ins of a client, the newest first."""
        return await self._latest(check_ins.c.client_person == client, limit)

    async def list_waiting(self, sent_before: datetime, limit: int) -> tuple[CheckIn, ...]:
        """Return check-ins that are still `SENT` and were sent before that."""
        return await self._list(
            select(check_ins)
            .where(check_ins.c.state == CheckInState.SENT.value)
            .where(check_ins.c.sent_at < to_stored(sent_before))
            .order_by(check_ins.c.sent_at, check_ins.c.id)
            .limit(limit)
        )

    async def set_state(
        self, check_in: CheckInId, state: CheckInState, *, sent_at: datetime | None = None
    ) -> bool:
        """Note what became of it; False where it was answered already."""
        values: dict[str, Stored] = {"state": state.value}
        if sent_at is not None:
            values["sent_at"] = to_stored(sent_at)
        unanswered = (check_ins.c.id == check_in, check_ins.c.answered_at.is_(None))
        changed = await self._transaction.change(
            update(check_ins).where(*unanswered).values(**values)
        )
        return changed == 1

    async def answer(self, check_in: CheckInId, answer: Answer, at: datetime) -> bool:
        """Note the first answer; False where there was one before."""
        row = await self._transaction.find(select(check_ins).where(check_ins.c.id == check_in))
        if row is None or row["answered_at"] is not None:
            return False
        client = PersonId(row["client_person"])
        encrypted = await self._transaction.encrypt(client, check_ins, answer=answer.value)
        values = {"state": CheckInState.ANSWERED.value, "answered_at": to_stored(at), **encrypted}
        chosen = update(check_ins).where(check_ins.c.id == check_in)
        await self._transaction.change(chosen.values(**values))
        return True

    async def delete_before(self, due_before: datetime) -> int:
        """Delete what was due before that."""
        old = check_ins.c.due_at < to_stored(due_before)
        return await self._transaction.change(delete(check_ins).where(old))

    async def _is_next(self, plan: CheckInPlanId, due_at: datetime) -> bool:
        query = select(check_in_plans.c.next_due_at).where(check_in_plans.c.id == plan)
        row = await self._transaction.find(query)
        return row is not None and row["next_due_at"] == to_stored(due_at)

    async def _find(self, condition: ColumnElement[bool]) -> CheckIn | None:
        row = await self._transaction.find(select(check_ins).where(condition))
        return (await self._to_check_ins([row]))[0] if row else None

    async def _latest(self, condition: ColumnElement[bool], limit: int) -> tuple[CheckIn, ...]:
        query = select(check_ins).where(condition).limit(limit)
        return await self._list(query.order_by(check_ins.c.due_at.desc(), check_ins.c.id))

    async def _list(self, query: Select[*tuple[object, ...]]) -> tuple[CheckIn, ...]:
        return await self._to_check_ins(await self._transaction.all(query))

    async def _to_check_ins(self, rows: Sequence[RowMapping]) -> tuple[CheckIn, ...]:
        answered = [row for row in rows if row["answer"] is not None]
        cipher = await self._transaction.cipher_of(answered, "client_person")
        return tuple(_to_check_in(row, cipher) for row in rows)

    async def _values(self, client: PersonId, check_in: CheckIn) -> dict[str, Stored]:
        answer: dict[str, bytes] = {}
        if check_in.answer is not None:
            answer = await self._transaction.encrypt(
                client, check_ins, answer=check_in.answer.value
            )
        return {
            "id": check_in.id,
            "plan_id": check_in.plan,
            "client_person": client,
            "due_at": to_stored(check_in.due_at),
            "state": check_in.state.value,
            "key": check_in.key,
            "sent_at": to_stored_or_none(check_in.sent_at),
            "answered_at": to_stored_or_none(check_in.answered_at),
            **answer,
        }


def _to_check_in(row: RowMapping, cipher: FieldCipher) -> CheckIn:
    answer = row["answer"] and Answer(
        cipher.decrypt(PersonId(row["client_person"]), "check_ins", "answer", row["answer"])
    )
    return CheckIn(
        id=CheckInId(row["id"]),
        plan=CheckInPlanId(row["plan_id"]),
        due_at=to_instant(row["due_at"]),
        state=CheckInState(row["state"]),
        key=row["key"],
        sent_at=to_instant_or_none(row["sent_at"]),
        answered_at=to_instant_or_none(row["answered_at"]),
        answer=answer,
    )
