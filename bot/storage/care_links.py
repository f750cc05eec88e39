"""Therapists and clients; the label is encrypted for the therapist, the name for the client."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.engine import RowMapping

from bot.core.care_links import CareLink, EndReason
from bot.core.people import CareLinkId, PersonId
from bot.storage.encryption import FieldCipher
from bot.storage.tables import (
    care_links,
    to_instant,
    to_instant_or_none,
    to_stored,
    to_stored_or_none,
)
from bot.storage.transaction import Stored, Transaction


class SqlCareLinks:
    """Rows of `care_links`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, link: CareLink) -> None:
        """Keep a new link."""
        await self._transaction.insert(care_links, await self._values(link))

    async def find(self, link: CareLinkId) -> CareLink | None:
        """Return the link; inside `write` nobody else changes it meanwhile."""
        row = await self._transaction.find(select(care_links).where(care_links.c.id == link))
        return (await self._to_links([row]))[0] if row else None

    async def list_by_therapist(self, therapist: PersonId) -> tuple[CareLink, ...]:
        """Return the therapist's links, ended ones too, the oldest first."""
        return await self._list(care_links.c.therapist_person == therapist)

    async def list_by_client(self, client: PersonId) -> tuple[CareLink, ...]:
        """Return the client's links, ended ones too, the oldest first."""
        return await self._list(care_links.c.client_person == client)

    async def list_therapists(self) -> frozenset[PersonId]:
        """Return every therapist with a link that has not ended."""
        query = select(care_links.c.therapist_person).distinct()
        rows = await self._transaction.all(query.where(care_links.c.ended_at.is_(None)))
        return frozenset(PersonId(row["therapist_person"]) for row in rows)

    async def update(self, link: CareLink) -> None:
        """Replace what is kept of the link."""
        chosen = update(care_links).where(care_links.c.id == link.id)
        await self._transaction.change(chosen.values(**await self._values(link)))

    async def _list(self, condition: ColumnElement[bool]) -> tuple[CareLink, ...]:
        query = select(care_links).where(condition)
        rows = await self._transaction.all(query.order_by(care_links.c.created_at, care_links.c.id))
        return await self._to_links(rows)

    async def _values(self, link: CareLink) -> dict[str, Stored]:
        label = await self._transaction.encrypt(link.therapist, care_links, label=link.label)
        name = await self._transaction.encrypt(
            link.client, care_links, therapist_name=link.therapist_name
        )
        return {
            "id": link.id,
            "therapist_person": link.therapist,
            "client_person": link.client,
            "created_at": to_stored(link.created_at),
            "reachable_at": to_stored_or_none(link.reachable_at),
            "ended_at": to_stored_or_none(link.ended_at),
            "ended_because": link.ended_because and link.ended_because.value,
            **label,
            **name,
        }

    async def _to_links(self, rows: Sequence[RowMapping]) -> tuple[CareLink, ...]:
        cipher = await self._transaction.cipher_of(rows, "therapist_person", "client_person")
        return tuple(_to_link(row, cipher) for row in rows)


def _to_link(row: RowMapping, cipher: FieldCipher) -> CareLink:
    therapist, client = PersonId(row["therapist_person"]), PersonId(row["client_person"])
    return CareLink(
        id=CareLinkId(row["id"]),
        therapist=therapist,
        client=client,
        label=cipher.decrypt(therapist, "care_links", "label", row["label"]),
        therapist_name=cipher.decrypt(
            client, "care_links", "therapist_name", row["therapist_name"]
        ),
        created_at=to_instant(row["created_at"]),
        reachable_at=to_instant_or_none(row["reachable_at"]),
        ended_at=to_instant_or_none(row["ended_at"]),
        ended_because=row["ended_because"] and EndReason(row["ended_because"]),
    )
