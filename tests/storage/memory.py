"""The storage in memory: what services are tested with, held to the same suite as the real ones."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.core.erasures import Erasure
from bot.core.people import PersonId
from bot.services.storage_port import Export
from bot.storage.encryption import new_code
from tests.storage.memory_care import (
    MemoryCareLinks,
    MemoryCheckInPlans,
    MemoryCheckIns,
    MemoryOutbox,
)
from tests.storage.memory_contacts import MemoryContacts, MemoryErasures, MemoryEscalations
from tests.storage.memory_export import export_from
from tests.storage.memory_people import MemoryConsents, MemoryInvitations, MemoryPeople
from tests.storage.memory_tables import Tables


@dataclass(frozen=True, slots=True)
class MemoryUnitOfWork:
    """Every noun over one set of tables."""

    people: MemoryPeople
    consents: MemoryConsents
    invitations: MemoryInvitations
    care_links: MemoryCareLinks
    check_in_plans: MemoryCheckInPlans
    check_ins: MemoryCheckIns
    outbox: MemoryOutbox
    contacts: MemoryContacts
    escalations: MemoryEscalations
    erasures: MemoryErasures


@dataclass(slots=True)
class MemoryStorage:
    """Transactions work on a copy, which takes the place of the tables at the end."""

    tables: Tables = field(default_factory=Tables)
    _ids: "count[int]" = field(default_factory=lambda: count(1))
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[MemoryUnitOfWork]:
        async with self._writing:
            changed = self.tables.copy()
            yield _unit_of(changed)
            self.tables = changed

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryUnitOfWork]:
        yield _unit_of(self.tables.frozen())

    def new_id(self) -> str:
        return f"id{next(self._ids):020}"

    def new_code(self) -> str:
        return new_code()

    def hash_code(self, code: str) -> str:
        return hashlib.sha256(code.encode()).hexdigest()

    async def erase(self, person: PersonId, at: datetime) -> None:
        async with self.write() as unit:
            unit.erasures.tables.forget(person)
            await unit.erasures.add(Erasure(str(person), at))

    async def export(self, person: PersonId) -> Export:
        return export_from(self.tables, person)

    async def close(self) -> None:
        return


def _unit_of(tables: Tables) -> MemoryUnitOfWork:
    return MemoryUnitOfWork(
        people=MemoryPeople(tables),
        consents=MemoryConsents(tables),
        invitations=MemoryInvitations(tables),
        care_links=MemoryCareLinks(tables),
        check_in_plans=MemoryCheckInPlans(tables),
        check_ins=MemoryCheckIns(tables),
        outbox=MemoryOutbox(tables),
        contacts=MemoryContacts(tables),
        escalations=MemoryEscalations(tables),
        erasures=MemoryErasures(tables),
    )
