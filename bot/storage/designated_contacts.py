"""Whom clients chose to be told; names and the answer about danger are encrypted for the client."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.engine import RowMapping

from bot.core.designated_contacts import DesignatedContact, SilenceMeans, TellMode
from bot.core.people import ContactLinkId, PersonId
from bot.storage.encryption import FieldCipher
from bot.storage.tables import (
    designated_contacts,
    to_instant,
    to_instant_or_none,
    to_stored,
    to_stored_or_none,
)
from bot.storage.transaction import Stored, Transaction

TABLE = "designated_contacts"
YES, NO = "yes", "no"


class SqlDesignatedContacts:
    """Rows of `designated_contacts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, contact: DesignatedContact) -> None:
        """Keep a new contact."""
        await self._transaction.insert(designated_contacts, await self._values(contact))

    async def find(self, contact: ContactLinkId) -> DesignatedContact | None:
        """Return the contact; inside `write` nobody else changes it meanwhile."""
        query = select(designated_contacts).where(designated_contacts.c.id == contact)
        row = await self._transaction.find(query)
        return (await self._to_contacts([row]))[0] if row else None

    async def list_by_client(self, client: PersonId) -> tuple[DesignatedContact, ...]:
        """Return whom the client chose, ended ones too, the oldest first."""
        return await self._list(designated_contacts.c.client_person == client)

    async def list_by_contact(self, contact: PersonId) -> tuple[DesignatedContact, ...]:
        """Return for whom the person is a contact, ended ones too, the oldest first."""
        return await self._list(designated_contacts.c.contact_person == contact)

    async def list_active(self) -> tuple[DesignatedContact, ...]:
        """Return everyone's contacts that have not ended."""
        return await self._list(designated_contacts.c.ended_at.is_(None))

    async def update(self, contact: DesignatedContact) -> None:
        """Replace what is kept of the contact."""
        chosen = update(designated_contacts).where(designated_contacts.c.id == contact.id)
        await self._transaction.change(chosen.values(**await self._values(contact)))

    async def _list(self, condition: ColumnElement[bool]) -> tuple[DesignatedContact, ...]:
        columns = designated_contacts.c
        query = select(designated_contacts).where(condition)
        rows = await self._transaction.all(query.order_by(columns.created_at, columns.id))
        return await self._to_contacts(rows)

    async def _values(self, contact: DesignatedContact) -> dict[str, Stored]:
        encrypted = await self._transaction.encrypt(
            contact.client,
            designated_contacts,
            client_name=contact.client_name,
            contact_name=contact.contact_name,
            may_be_danger=YES if contact.may_be_danger else NO,
        )
        return {
            "id": contact.id,
            "client_person": contact.client,
            "contact_person": contact.contact,
            "mode": contact.mode.value,
            "silence": contact.silence and contact.silence.value,
            "created_at": to_stored(contact.created_at),
            "accepted_at": to_stored_or_none(contact.accepted_at),
            "reachable_at": to_stored_or_none(contact.reachable_at),
            "ended_at": to_stored_or_none(contact.ended_at),
            **encrypted,
        }

    async def _to_contacts(self, rows: Sequence[RowMapping]) -> tuple[DesignatedContact, ...]:
        cipher = await self._transaction.cipher_of(rows, "client_person")
        return tuple(_to_contact(row, cipher) for row in rows)


def _to_contact(row: RowMapping, cipher: FieldCipher) -> DesignatedContact:
    client = PersonId(row["client_person"])

    def opened(column: str) -> str:
        return cipher.decrypt(client, TABLE, column, row[column])

    return DesignatedContact(
        id=ContactLinkId(row["id"]),
        client=client,
        contact=PersonId(row["contact_person"]),
        client_name=opened("client_name"),
        contact_name=opened("contact_name"),
        mode=TellMode(row["mode"]),
        silence=row["silence"] and SilenceMeans(row["silence"]),
        may_be_danger=opened("may_be_danger") == YES,
        created_at=to_instant(row["created_at"]),
        accepted_at=to_instant_or_none(row["accepted_at"]),
        reachable_at=to_instant_or_none(row["reachable_at"]),
        ended_at=to_instant_or_none(row["ended_at"]),
    )
