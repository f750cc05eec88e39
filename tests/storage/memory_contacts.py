"""Designated contacts, escalations and erasures in memory."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.core.designated_contacts import DesignatedContact
from bot.core.erasures import Erasure
from bot.core.escalations import Escalation, EscalationStep
from bot.core.people import ContactLinkId, EscalationId, PersonId
from tests.storage.memory_tables import Tables


@dataclass(frozen=True, slots=True)
class MemoryContacts:
    tables: Tables

    async def add(self, contact: DesignatedContact) -> None:
        self.tables.contacts[contact.id] = contact

    async def find(self, contact: ContactLinkId) -> DesignatedContact | None:
        return self.tables.contacts.get(contact)

    async def list_by_client(self, client: PersonId) -> tuple[DesignatedContact, ...]:
        return self._list(lambda each: each.client == client)

    async def list_by_contact(self, contact: PersonId) -> tuple[DesignatedContact, ...]:
        return self._list(lambda each: each.contact == contact)

    async def list_active(self) -> tuple[DesignatedContact, ...]:
        return self._list(lambda each: each.ended_at is None)

    async def update(self, contact: DesignatedContact) -> None:
        if contact.id in self.tables.contacts:
            self.tables.contacts[contact.id] = contact

    def _list(self, wanted: Callable[[DesignatedContact], bool]) -> tuple[DesignatedContact, ...]:
        found = filter(wanted, self.tables.contacts.values())
        return tuple(sorted(found, key=lambda each: (each.created_at, each.id)))


@dataclass(frozen=True, slots=True)
class MemoryEscalations:
    tables: Tables

    async def open(self, escalation: Escalation, steps: Collection[EscalationStep]) -> bool:
        known = any(step.key in self.tables.steps for step in steps)
        if known or escalation.id in self.tables.escalations:
            return False
        self.tables.escalations[escalation.id] = escalation
        self.tables.steps |= {step.key: step for step in steps}
        return True

    async def find(self, escalation: EscalationId) -> Escalation | None:
        return self.tables.escalations.get(escalation)

    async def list_by_client(self, client: PersonId, limit: int) -> tuple[Escalation, ...]:
        found = [each for each in self.tables.escalations.values() if each.client == client]
        return tuple(sorted(found, key=lambda each: each.opened_at, reverse=True)[:limit])

    async def list_open(self) -> tuple[Escalation, ...]:
        found = [each for each in self.tables.escalations.values() if each.closed_at is None]
        return tuple(sorted(found, key=lambda each: (each.opened_at, each.id)))

    async def steps(self, escalation: EscalationId) -> tuple[EscalationStep, ...]:
        found = [each for each in self.tables.steps.values() if each.escalation == escalation]
        return tuple(sorted(found, key=lambda each: each.number))

    async def find_step(self, key: str) -> EscalationStep | None:
        return self.tables.steps.get(key)

    async def add_step(self, step: EscalationStep) -> bool:
        numbers = {each.number for each in await self.steps(step.escalation)}
        if step.key in self.tables.steps or step.number in numbers:
            return False
        self.tables.steps[step.key] = step
        return True

    async def update(self, escalation: Escalation) -> None:
        if escalation.id in self.tables.escalations:
            self.tables.escalations[escalation.id] = escalation

    async def update_step(self, step: EscalationStep) -> None:
        if step.key in self.tables.steps:
            self.tables.steps[step.key] = step


@dataclass(frozen=True, slots=True)
class MemoryErasures:
    tables: Tables

    async def list_all(self) -> tuple[Erasure, ...]:
        return tuple(sorted(self.tables.erasures.values(), key=lambda each: each.erased_at))

    async def add(self, erasure: Erasure) -> None:
        kept = self.tables.erasures.get(erasure.person_hash)
        if kept is None or kept.erased_at <= erasure.erased_at:
            self.tables.erasures[erasure.person_hash] = erasure

    async def find(self, person: PersonId) -> Erasure | None:
        return self.tables.erasures.get(str(person))
