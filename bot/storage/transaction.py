"""One open transaction: the few ways in which every noun asks and changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Delete, Select, Table, Update, insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import PersonId
from bot.storage.encryption import FieldCipher
from bot.storage.inserting import insert_into
from bot.storage.person_keys import PersonKeys

Stored = str | int | bool | bytes | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection with the keys of people; valid until its unit of work ends."""

    connection: AsyncConnection
    keys: PersonKeys
    is_writing: bool

    async def all(self, query: Select[*tuple[object, ...]]) -> Sequence[RowMapping]:
        """Return every row."""
        return (await self.connection.execute(query)).mappings().all()

    async def find(self, query: Select[*tuple[object, ...]]) -> RowMapping | None:
        """Return the first row; while writing nobody else changes it before the end."""
        # SQLite has one writer and ignores the lock.
        query = query.with_for_update() if self.is_writing else query
        return (await self.connection.execute(query.limit(1))).mappings().first()

    async def insert(self, table: Table, values: Mapping[str, Stored]) -> None:
        """Add a row that must be new."""
        await self.connection.execute(insert(table).values(**values))

    async def insert_new(self, table: Table, values: Mapping[str, Stored]) -> bool:
        """Add a row; False, and nothing added, where one like it is there."""
        statement = insert_into(self.connection, table).values(**values).on_conflict_do_nothing()
        return (await self.connection.execute(statement)).rowcount == 1

    async def put(self, table: Table, key: str, values: Mapping[str, Stored]) -> None:
        """Add a row, or change the given values of the row with the same `key`."""
        changed = {name: value for name, value in values.items() if name != key}
        statement = insert_into(self.connection, table).values(**values)
        await self.connection.execute(
            statement.on_conflict_do_update(index_elements=[key], set_=changed)
        )

    async def change(self, statement: Update | Delete) -> int:
        """Run an update or a delete; return how many rows it met."""
        return (await self.connection.execute(statement)).rowcount

    async def encrypt(self, person: PersonId, table: Table, **texts: str) -> dict[str, bytes]:
        """Return the columns, encrypted for the person."""
        cipher = await self.keys.to_write(person)
        return {
            column: cipher.encrypt(person, table.name, column, text)
            for column, text in texts.items()
        }

    async def cipher_of(self, rows: Iterable[RowMapping], *owners: str) -> FieldCipher:
        """Return a cipher for whoever the rows name in the `owners` columns."""
        return await self.keys.to_read({PersonId(row[owner]) for row in rows for owner in owners})
