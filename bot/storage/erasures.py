"""Who asked to be forgotten, as keyed hashes."""

from sqlalchemy import select, update
from sqlalchemy.engine import RowMapping

from bot.core.erasures import Erasure
from bot.core.people import PersonId
from bot.storage.encryption import keyed_hash
from bot.storage.tables import erasures, to_instant, to_stored
from bot.storage.transaction import Stored, Transaction


def hash_person(lookup_key: bytes, person: PersonId) -> str:
    """Return what stands in the list for the person."""
    return keyed_hash(lookup_key, "person", str(person))


class SqlErasures:
    """Rows of `erasures`."""

    def __init__(self, transaction: Transaction, lookup_key: bytes) -> None:
        self._transaction = transaction
        self._lookup_key = lookup_key

    async def list_all(self) -> tuple[Erasure, ...]:
        """Return the list, the oldest first."""
        order = (erasures.c.erased_at, erasures.c.person_hash)
        rows = await self._transaction.all(select(erasures).order_by(*order))
        return tuple(_to_erasure(row) for row in rows)

    async def add(self, erasure: Erasure) -> None:
        """Enter one; of two for the same person the later stays."""
        values: dict[str, Stored] = {
            "person_hash": erasure.person_hash,
            "erased_at": to_stored(erasure.erased_at),
            "is_complete": erasure.is_complete,
        }
        await self._transaction.insert_new(erasures, values)
        await self._transaction.change(
            update(erasures)
            .where(erasures.c.person_hash == erasure.person_hash)
            .where(erasures.c.erased_at <= to_stored(erasure.erased_at))
            .values(**values)
        )

    async def find(self, person: PersonId) -> Erasure | None:
        """Return the person's last erasure."""
        named = erasures.c.person_hash == hash_person(self._lookup_key, person)
        row = await self._transaction.find(select(erasures).where(named))
        return _to_erasure(row) if row else None


def _to_erasure(row: RowMapping) -> Erasure:
    return Erasure(row["person_hash"], to_instant(row["erased_at"]), row["is_complete"])
