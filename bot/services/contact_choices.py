"""Whom consenting clients chose, in memory, so that an alert needs no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.core.consents import Scope
from bot.core.designated_contacts import DesignatedContact
from bot.core.people import ContactLinkId, PersonId
from bot.core.recent import Recent
from bot.services.storage_port import Storage

CLIENTS_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class ContactChoices:
    """Only contacts who agreed, of clients who consent; `refresh` after whatever changes either."""

    storage: Storage
    _by_client: Recent[PersonId, DesignatedContact] = field(
        default_factory=lambda: Recent[PersonId, DesignatedContact](CLIENTS_REMEMBERED)
    )
    _clients: Recent[ContactLinkId, PersonId] = field(
        default_factory=lambda: Recent[ContactLinkId, PersonId](CLIENTS_REMEMBERED)
    )

    _chosen_by: Recent[PersonId, frozenset[PersonId]] = field(
        default_factory=lambda: Recent[PersonId, frozenset[PersonId]](CLIENTS_REMEMBERED)
    )

    async def load(self) -> None:
        """Remember every choice; before the gateway opens."""
        async with self.storage.read() as work:
            consenting = await work.consents.list_people(Scope.CONTACT_ALERTS)
            contacts = await work.contacts.list_active()
        for contact in contacts:
            if contact.client in consenting:
                self._remember(contact.client, [contact])

    async def refresh(self, person: PersonId) -> None:
        """Take in what was kept, withdrawn or erased of `person`, as a client and as a contact."""
        clients = {person} | (self._chosen_by.find(person) or frozenset())
        # Whatever was taken back must not count for another moment.
        for client in clients:
            self.forget(client)
        for client in clients:
            await self._look_up(client)

    def put(self, contact: DesignatedContact) -> None:
        """Take in what a consenting client has chosen just now."""
        self._remember(contact.client, [contact])

    def update(self, contact: DesignatedContact) -> None:
        """Take in what changed about a contact, where the client consents."""
        if self.find_link(contact.id) is not None:
            self.put(contact)

    def forget(self, client: PersonId) -> None:
        """Forget the client's choice at once; nothing more leaves by it."""
        self._by_client.forget(client)

    def find(self, client: PersonId) -> DesignatedContact | None:
        """Return whom the client chose, and who agreed."""
        return self._by_client.find(client)

    def find_link(self, link: ContactLinkId) -> DesignatedContact | None:
        """Return the contact with this id."""
        client = self._clients.find(link)
        contact = None if client is None else self._by_client.find(client)
        return contact if contact is not None and contact.id == link else None

    async def _look_up(self, client: PersonId) -> None:
        async with self.storage.read() as work:
            contacts = await work.contacts.list_by_client(client)
            consents = await work.consents.of(client)
        if consents.covers(Scope.CONTACT_ALERTS):
            self._remember(client, contacts)

    def _remember(self, client: PersonId, contacts: Iterable[DesignatedContact]) -> None:
        for contact in contacts:
            if contact.has_accepted:
                self._by_client.put(client, contact)
                self._clients.put(contact.id, client)
                others = self._chosen_by.find(contact.contact) or frozenset()
                self._chosen_by.put(contact.contact, others | {client})
