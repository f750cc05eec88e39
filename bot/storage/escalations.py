"""Alerts and their steps; what it was about is encrypted for the client."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from bot.core.crisis import Category, Tier
from bot.core.escalations import ClosedBecause, Escalation, EscalationStep
from bot.core.outbox import DeliveryOutcome
from bot.core.people import ContactLinkId, EscalationId, PersonId
from bot.storage.encryption import FieldCipher
from bot.storage.tables import (
    escalation_steps,
    escalations,
    to_instant,
    to_instant_or_none,
    to_stored,
    to_stored_or_none,
)
from bot.storage.transaction import Stored, Transaction


class SqlEscalations:
    """Rows of `escalations` and `escalation_steps`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open(self, escalation: Escalation, steps: Collection[EscalationStep]) -> bool:
        """Keep an escalation with its steps; False, and nothing written, where it is known."""
        if await self._is_known(escalation, steps):
            return False
        try:
            await self._insert(escalation, steps)
        except IntegrityError:
            # Two workers that look at the same moment both find nothing.
            if not await self._is_known(escalation, steps):
                raise
            return False
        return True

    async def find(self, escalation: EscalationId) -> Escalation | None:
        """Return the escalation; inside `write` nobody else changes it meanwhile."""
        query = select(escalations).where(escalations.c.id == escalation)
        row = await self._transaction.find(query)
        return (await self._to_escalations([row]))[0] if row else None

    async def list_by_client(self, client: PersonId, limit: int) -> tuple[Escalation, ...]:
        """Return the client's escalations, the newest first."""
        query = select(escalations).where(escalations.c.client_person == client).limit(limit)
        return await self._list(query.order_by(escalations.c.opened_at.desc(), escalations.c.id))

    async def list_open(self) -> tuple[Escalation, ...]:
        """Return every escalation that is not closed, the oldest first."""
        query = select(escalations).where(escalations.c.closed_at.is_(None))
        return await self._list(query.order_by(escalations.c.opened_at, escalations.c.id))

    async def steps(self, escalation: EscalationId) -> tuple[EscalationStep, ...]:
        """Return its steps in their order."""
        query = select(escalation_steps).where(escalation_steps.c.escalation_id == escalation)
        rows = await self._transaction.all(query.order_by(escalation_steps.c.number))
        return tuple(_to_step(row) for row in rows)

    async def find_step(self, key: str) -> EscalationStep | None:
        """Return the step whose alert has this key; locked like `find`."""
        return await self._find_step(escalation_steps.c.key == key)

    async def add_step(self, step: EscalationStep) -> bool:
        """Keep one more step; False where its number or key is known already."""
        return await self._transaction.insert_new(escalation_steps, _to_step_values(step))

    async def update(self, escalation: Escalation) -> None:
        """Replace what is kept of the escalation."""
        chosen = update(escalations).where(escalations.c.id == escalation.id)
        await self._transaction.change(chosen.values(**await self._values(escalation)))

    async def update_step(self, step: EscalationStep) -> None:
        """Replace what is kept of the step."""
        chosen = update(escalation_steps).where(
            escalation_steps.c.escalation_id == step.escalation,
            escalation_steps.c.number == step.number,
        )
        await self._transaction.change(chosen.values(**_to_step_values(step)))

    async def _insert(self, escalation: Escalation, steps: Collection[EscalationStep]) -> None:
        async with self._transaction.connection.begin_nested():
            await self._transaction.insert(escalations, await self._values(escalation))
            for step in steps:
                await self._transaction.insert(escalation_steps, _to_step_values(step))

    async def _is_known(self, escalation: Escalation, steps: Collection[EscalationStep]) -> bool:
        keys = [step.key for step in steps]
        known = await self._find_step(escalation_steps.c.key.in_(keys))
        return known is not None or await self.find(escalation.id) is not None

    async def _find_step(self, condition: ColumnElement[bool]) -> EscalationStep | None:
        row = await self._transaction.find(select(escalation_steps).where(condition))
        return _to_step(row) if row else None

    async def _list(self, query: Select[*tuple[object, ...]]) -> tuple[Escalation, ...]:
        return await self._to_escalations(await self._transaction.all(query))

    async def _values(self, escalation: Escalation) -> dict[str, Stored]:
        category = await self._transaction.encrypt(
            escalation.client, escalations, category=escalation.category
        )
        return {
            "id": escalation.id,
            "client_person": escalation.client,
            "tier": escalation.tier.value,
            "opened_at": to_stored(escalation.opened_at),
            "closed_at": to_stored_or_none(escalation.closed_at),
            "closed_because": escalation.closed_because and escalation.closed_because.value,
            **category,
        }

    async def _to_escalations(self, rows: Sequence[RowMapping]) -> tuple[Escalation, ...]:
        cipher = await self._transaction.cipher_of(rows, "client_person")
        return tuple(_to_escalation(row, cipher) for row in rows)


def _to_escalation(row: RowMapping, cipher: FieldCipher) -> Escalation:
    client = PersonId(row["client_person"])
    return Escalation(
        id=EscalationId(row["id"]),
        client=client,
        tier=Tier(row["tier"]),
        category=Category(cipher.decrypt(client, "escalations", "category", row["category"])),
        opened_at=to_instant(row["opened_at"]),
        closed_at=to_instant_or_none(row["closed_at"]),
        closed_because=row["closed_because"] and ClosedBecause(row["closed_because"]),
    )


def _to_step_values(step: EscalationStep) -> dict[str, Stored]:
    return {
        "escalation_id": step.escalation,
        "number": step.number,
        "contact_id": step.contact,
        "key": step.key,
        "due_at": to_stored(step.due_at),
        "outcome": step.outcome and step.outcome.value,
        "sent_at": to_stored_or_none(step.sent_at),
        "acknowledged_at": to_stored_or_none(step.acknowledged_at),
        "declined_at": to_stored_or_none(step.declined_at),
    }


def _to_step(row: RowMapping) -> EscalationStep:
    return EscalationStep(
        escalation=EscalationId(row["escalation_id"]),
        number=row["number"],
        contact=ContactLinkId(row["contact_id"]),
        key=row["key"],
        due_at=to_instant(row["due_at"]),
        outcome=row["outcome"] and DeliveryOutcome(row["outcome"]),
        sent_at=to_instant_or_none(row["sent_at"]),
        acknowledged_at=to_instant_or_none(row["acknowledged_at"]),
        declined_at=to_instant_or_none(row["declined_at"]),
    )
