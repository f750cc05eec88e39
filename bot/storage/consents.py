"""The ledger of consent: entries are added and ended, never rewritten."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import RowMapping

from bot.core.consents import CURRENT_VERSION, Consent, Consents, Scope
from bot.core.people import PersonId
from bot.storage.encryption import new_id
from bot.storage.tables import consents, to_instant, to_instant_or_none, to_stored
from bot.storage.transaction import Transaction


class SqlConsents:
    """Rows of `consents`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def give(self, person: PersonId, scope: Scope, at: datetime) -> None:
        """Note consent to the current text."""
        await self.withdraw(person, scope, at)
        await self._transaction.insert(
            consents,
            {
                "id": new_id(),
                "consenting_person": person,
                "scope": scope.value,
                "version": CURRENT_VERSION[scope],
                "given_at": to_stored(at),
            },
        )

    async def withdraw(self, person: PersonId, scope: Scope, at: datetime) -> bool:
        """Take consent back; False where none was held."""
        ended = await self._transaction.change(
            update(consents)
            .where(consents.c.consenting_person == person, consents.c.scope == scope.value)
            .where(consents.c.withdrawn_at.is_(None))
            .values(withdrawn_at=to_stored(at))
        )
        return ended > 0

    async def of(self, person: PersonId) -> Consents:
        """Return the person's ledger, the oldest entry first."""
        rows = await self._transaction.all(
            select(consents)
            .where(consents.c.consenting_person == person)
            .order_by(consents.c.given_at, consents.c.withdrawn_at.is_(None), consents.c.id)
        )
        return Consents(tuple(_to_consent(row) for row in rows))

    async def list_people(self, scope: Scope) -> frozenset[PersonId]:
        """Return everyone who agrees to `scope` now."""
        rows = await self._transaction.all(
            select(consents.c.consenting_person)
            .where(consents.c.scope == scope.value, consents.c.withdrawn_at.is_(None))
            .where(consents.c.version == CURRENT_VERSION[scope])
        )
        return frozenset(PersonId(row["consenting_person"]) for row in rows)


def _to_consent(row: RowMapping) -> Consent:
    return Consent(
        person=PersonId(row["consenting_person"]),
        scope=Scope(row["scope"]),
        version=row["version"],
        given_at=to_instant(row["given_at"]),
        withdrawn_at=to_instant_or_none(row["withdrawn_at"]),
    )
