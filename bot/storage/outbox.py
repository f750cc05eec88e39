"""What is still to be sent, leased to whoever sends it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, or_, select, update
from sqlalchemy.engine import RowMapping

from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import MessageId, PersonId
from bot.storage.tables import (
    outbox,
    to_instant,
    to_instant_or_none,
    to_stored,
    to_stored_or_none,
)
from bot.storage.transaction import Stored, Transaction

_WAITS = outbox.c.done_at.is_(None)
_LANE_ORDER = case({lane.value: place for place, lane in enumerate(Lane)}, value=outbox.c.lane)


class SqlOutbox:
    """Rows of `outbox`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, row: OutboxRow) -> bool:
        """Keep a row; False where its key is known already."""
        return await self._transaction.insert_new(outbox, _to_values(row))

    async def find(self, key: str) -> OutboxRow | None:
        """Return the row."""
        row = await self._transaction.find(select(outbox).where(outbox.c.key == key))
        return _to_row(row) if row else None

    async def lease(self, now: datetime, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Take due rows that nobody holds, crisis first, then by due time."""
        rows = await self._transaction.all(
            select(outbox)
            .where(_WAITS, outbox.c.due_at <= to_stored(now), _is_free(now))
            .order_by(_LANE_ORDER, outbox.c.due_at, outbox.c.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        await self._transaction.change(
            update(outbox)
            .where(outbox.c.key.in_([row["key"] for row in rows]))
            .values(
                leased_until=to_stored(until),
                attempts=outbox.c.attempts + 1,
                unsure_since_at=func.coalesce(outbox.c.unsure_since_at, to_stored(now)),
            )
        )
        return tuple(_leased(_to_row(row), until) for row in rows)

    async def mark(
        self,
        key: str,
        outcome: DeliveryOutcome,
        at: datetime,
        message_id: MessageId | None = None,
    ) -> bool:
        """Note the final outcome; False where there is none to note any more."""
        return await self._change_one(
            key,
            outcome=outcome.value,
            done_at=to_stored(at),
            message_id=message_id,
            leased_until=None,
        )

    async def retry(self, key: str, due_at: datetime, *, is_unsure: bool = False) -> bool:
        """Give the row back for later."""
        values: dict[str, Stored] = {"due_at": to_stored(due_at), "leased_until": None}
        if not is_unsure:
            values["unsure_since_at"] = None
        return await self._change_one(key, **values)

    async def release_all(self) -> int:
        """Free every lease."""
        held = outbox.c.leased_until.is_not(None)
        return await self._transaction.change(
            update(outbox).where(_WAITS, held).values(leased_until=None)
        )

    async def list_unsure(self, now: datetime) -> tuple[OutboxRow, ...]:
        """Return rows nobody holds, one try of which may have arrived."""
        query = select(outbox).where(_WAITS, _is_free(now), outbox.c.unsure_since_at.is_not(None))
        rows = await self._transaction.all(query.order_by(outbox.c.unsure_since_at, outbox.c.key))
        return tuple(_to_row(row) for row in rows)

    async def cancel(self, reference: str) -> int:
        """Delete what is to be sent about `reference` and is not under way."""
        return await self._cancel(outbox.c.reference == reference)

    async def cancel_for(self, person: PersonId, kinds: Collection[OutboxKind]) -> int:
        """Delete what is to be sent to the person and is not under way."""
        of_kind = outbox.c.kind.in_([kind.value for kind in kinds])
        return await self._cancel(outbox.c.receiving_person == person, of_kind)

    async def next_due_at(self) -> datetime | None:
        """Return the earliest time at which a row is due or its lease ends."""
        at = case(
            (outbox.c.leased_until > outbox.c.due_at, outbox.c.leased_until),
            else_=outbox.c.due_at,
        )
        rows = await self._transaction.all(select(func.min(at).label("at")).where(_WAITS))
        return to_instant_or_none(rows[0]["at"])

    async def delete_done_before(self, at: datetime) -> int:
        """Delete what was done before `at`."""
        return await self._transaction.change(
            delete(outbox).where(outbox.c.done_at < to_stored(at))
        )

    async def _change_one(self, key: str, **values: Stored) -> bool:
        waiting = update(outbox).where(outbox.c.key == key, _WAITS)
        return await self._transaction.change(waiting.values(**values)) == 1

    async def _cancel(self, *conditions: ColumnElement[bool]) -> int:
        # What may have arrived is left for whoever finds out whether it did.
        untouched = outbox.c.unsure_since_at.is_(None)
        return await self._transaction.change(delete(outbox).where(_WAITS, untouched, *conditions))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= to_stored(now))


def _leased(row: OutboxRow, until: datetime) -> OutboxRow:
    return replace(row, leased_until=until, attempts=row.attempts + 1)


def _to_values(row: OutboxRow) -> dict[str, Stored]:
    return {
        "key": row.key,
        "receiving_person": row.person,
        "kind": row.kind.value,
        "reference": row.reference,
        "lane": row.lane.value,
        "due_at": to_stored(row.due_at),
        "leased_until": to_stored_or_none(row.leased_until),
        "attempts": row.attempts,
        "unsure_since_at": to_stored_or_none(row.unsure_since_at),
        "outcome": row.outcome and row.outcome.value,
        "message_id": row.message_id,
        "done_at": to_stored_or_none(row.done_at),
    }


def _to_row(row: RowMapping) -> OutboxRow:
    return OutboxRow(
        key=row["key"],
        person=PersonId(row["receiving_person"]),
        kind=OutboxKind(row["kind"]),
        reference=row["reference"],
        lane=Lane(row["lane"]),
        due_at=to_instant(row["due_at"]),
        leased_until=to_instant_or_none(row["leased_until"]),
        attempts=row["attempts"],
        unsure_since_at=to_instant_or_none(row["unsure_since_at"]),
        outcome=row["outcome"] and DeliveryOutcome(row["outcome"]),
        message_id=row["message_id"] and MessageId(row["message_id"]),
        done_at=to_instant_or_none(row["done_at"]),
    )
