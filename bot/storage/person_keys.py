"""The data key of each person, kept encrypted in a place of its own and unwrapped in memory."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.people import PersonId
from bot.core.recent import Recent
from bot.storage.encryption import KEY_BYTES, VERSION, FieldCipher, MasterKeys, Wrapped
from bot.storage.engine import Database, begin
from bot.storage.inserting import insert_into
from bot.storage.tables import lookup_keys, person_keys

KEYS_IN_MEMORY = 10_000
# Below the number of parameters that either database takes in one statement.
AT_ONCE = 500
LOOKUP = "lookup"


@dataclass(frozen=True, slots=True)
class _Known:
    wrapped: bytes
    key: AESGCM


class PersonKeys:
    """Hands out ciphers; a key is made when something is first encrypted for its person."""

    def __init__(self, engine: AsyncEngine, database: Database, masters: MasterKeys) -> None:
        self._engine = engine
        self._database = database
        self._masters = masters
        self._known: Recent[PersonId, _Known] = Recent(KEYS_IN_MEMORY)

    async def to_read(self, people: Collection[PersonId]) -> FieldCipher:
        """Return a cipher that opens what these people's keys closed."""
        keys = {person: self._known.find(person) for person in people}
        missing = [person for person, known in keys.items() if known is None]
        if missing:
            async with begin(self._engine, self._database) as connection:
                keys |= dict(await self._fetch(connection, missing))
        return FieldCipher({person: known.key for person, known in keys.items() if known})

    async def to_write(self, person: PersonId) -> FieldCipher:
        """Return a cipher for new fields of the person, making the key where there is none.

        It asks the database each time: another process may have erased the person meanwhile, and
        what is encrypted with a key that is gone could never be read again.
        """
        async with begin(self._engine, self._database) as connection:
            found = await self._fetch(connection, [person])
            if not found:
                await self._make(connection, person)
                found = await self._fetch(connection, [person])
        return FieldCipher({owner: known.key for owner, known in found})

    async def delete(self, person: PersonId) -> None:
        """Delete the person's key; nothing that was encrypted with it can be read again."""
        self._known.forget(person)
        owned = person_keys.c.owning_person == person
        async with begin(self._engine, self._database) as connection:
            await connection.execute(delete(person_keys).where(owned))

    async def list_people(self) -> frozenset[PersonId]:
        """Return everyone who has a key."""
        async with begin(self._engine, self._database) as connection:
            rows = await connection.execute(select(person_keys.c.owning_person))
            return frozenset(PersonId(row.owning_person) for row in rows)

    async def lookup_key(self) -> bytes:
        """Return the key of all keyed hashes, the same for as long as the database lives.

        Raises StorageError where the master key is not the one that this database was made with.
        """
        async with begin(self._engine, self._database) as connection:
            wrapped = self._masters.wrap(token_bytes(KEY_BYTES), LOOKUP)
            await connection.execute(
                insert_into(connection, lookup_keys)
                .values(name=LOOKUP, master=wrapped.master, wrapped=wrapped.data)
                .on_conflict_do_nothing()
            )
            row = (await connection.execute(select(lookup_keys))).one()
            return self._masters.unwrap(Wrapped(row.master, row.wrapped), LOOKUP)

    async def rewrap(self) -> int:
        """Put every key under the current master key; return how many were under an older one."""
        async with begin(self._engine, self._database) as connection:
            row = (await connection.execute(select(lookup_keys))).one()
            again = self._rewrap(Wrapped(row.master, row.wrapped), LOOKUP)
            await connection.execute(
                update(lookup_keys).values(master=again.master, wrapped=again.data)
            )
            return await self._rewrap_people(connection)

    async def _rewrap_people(self, connection: AsyncConnection) -> int:
        old = person_keys.c.master != self._masters.current
        rows = (await connection.execute(select(person_keys).where(old).with_for_update())).all()
        for row in rows:
            again = self._rewrap(Wrapped(row.master, row.wrapped), _purpose(row.owning_person))
            await connection.execute(
                update(person_keys)
                .where(person_keys.c.owning_person == row.owning_person)
                .values(master=again.master, wrapped=again.data)
            )
        return len(rows)

    def _rewrap(self, wrapped: Wrapped, purpose: str) -> Wrapped:
        return self._masters.wrap(self._masters.unwrap(wrapped, purpose), purpose)

    async def _fetch(
        self, connection: AsyncConnection, people: list[PersonId]
    ) -> list[tuple[PersonId, _Known]]:
        found = []
        for some in _in_portions(people):
            chosen = select(person_keys).where(person_keys.c.owning_person.in_(some))
            for row in await connection.execute(chosen):
                person = PersonId(row.owning_person)
                wrapped = Wrapped(row.master, row.wrapped)
                found.append((person, self._remember(person, wrapped)))
        return found

    async def _make(self, connection: AsyncConnection, person: PersonId) -> None:
        wrapped = self._masters.wrap(token_bytes(KEY_BYTES), _purpose(person))
        await connection.execute(
            insert_into(connection, person_keys)
            .values(
                owning_person=person,
                version=VERSION,
                master=wrapped.master,
                wrapped=wrapped.data,
            )
            .on_conflict_do_nothing()
        )

    def _remember(self, person: PersonId, wrapped: Wrapped) -> _Known:
        known = self._known.find(person)
        if known is not None and known.wrapped == wrapped.data:
            return known
        known = _Known(wrapped.data, AESGCM(self._masters.unwrap(wrapped, _purpose(person))))
        self._known.put(person, known)
        return known


def _purpose(person: PersonId) -> str:
    return f"person|{person}"


def _in_portions(people: list[PersonId]) -> Iterable[list[PersonId]]:
    return (people[at : at + AT_ONCE] for at in range(0, len(people), AT_ONCE))
