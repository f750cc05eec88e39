"""Whom we know: a DM channel, a time zone and a few dates."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.engine import RowMapping

from bot.core.known_people import KnownPerson
from bot.core.people import ChannelId, PersonId
from bot.storage.tables import people, to_instant, to_instant_or_none, to_stored
from bot.storage.transaction import Stored, Transaction


class SqlPeople:
    """Rows of `people`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, person: PersonId) -> KnownPerson | None:
        """Return what is kept of the person."""
        query = select(people).where(people.c.known_person == person)
        row = await self._transaction.find(query)
        return _to_person(row) if row else None

    async def remember_channel(self, person: PersonId, channel: ChannelId, at: datetime) -> None:
        """Keep the person's DM channel."""
        await self._note(person, at, dm_channel=channel, dm_channel_at=to_stored(at))

    async def list_channels(self) -> Mapping[PersonId, ChannelId]:
        """Return every DM channel that is kept."""
        query = select(people.c.known_person, people.c.dm_channel)
        rows = await self._transaction.all(query.where(people.c.dm_channel.is_not(None)))
        return {PersonId(row["known_person"]): ChannelId(row["dm_channel"]) for row in rows}

    async def forget_channels_before(self, at: datetime) -> int:
        """Forget old channels, and whoever is known by nothing else."""
        forgotten = await self._transaction.change(
            update(people)
            .where(people.c.dm_channel_at < to_stored(at))
            .values(dm_channel=None, dm_channel_at=None)
        )
        kept = (column for column in people.c if column.nullable)
        await self._transaction.change(delete(people).where(*(column.is_(None) for column in kept)))
        return forgotten

    async def choose_zone(self, person: PersonId, zone: str, at: datetime) -> None:
        """Keep the person's time zone."""
        await self._note(person, at, zone=zone)

    async def mark_reachable(self, person: PersonId, at: datetime) -> None:
        """Note that a message is known to have arrived."""
        await self._note(person, at, reachable_at=to_stored(at), unreachable_at=None)

    async def mark_unreachable(self, person: PersonId, at: datetime) -> None:
        """Note that messages no longer arrive."""
        await self._note(person, at, unreachable_at=to_stored(at))

    async def confirm_adult(self, person: PersonId, at: datetime) -> None:
        """Note that the person said they are 18 or older."""
        await self._note(person, at, adult_confirmed_at=to_stored(at))

    async def _note(self, person: PersonId, at: datetime, **values: Stored) -> None:
        new = {"known_person": person, "created_at": to_stored(at)}
        await self._transaction.insert_new(people, new)
        known = people.c.known_person == person
        await self._transaction.change(update(people).where(known).values(**values))


def _to_person(row: RowMapping) -> KnownPerson:
    return KnownPerson(
        person=PersonId(row["known_person"]),
        created_at=to_instant(row["created_at"]),
        dm_channel=row["dm_channel"] and ChannelId(row["dm_channel"]),
        dm_channel_at=to_instant_or_none(row["dm_channel_at"]),
        zone=row["zone"],
        reachable_at=to_instant_or_none(row["reachable_at"]),
        unreachable_at=to_instant_or_none(row["unreachable_at"]),
        adult_confirmed_at=to_instant_or_none(row["adult_confirmed_at"]),
    )
