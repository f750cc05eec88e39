"""Escalations as they stand: in memory first, and in the storage as soon as it takes them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain as joined
from itertools import repeat
from typing import Protocol

from bot.core.escalation_changes import settle
from bot.core.escalations import Chain
from bot.core.outbox import OutboxRow
from bot.core.people import PersonId
from bot.core.recent import Recent
from bot.services.ports import Clock
from bot.services.storage_port import Storage, StorageBusy, StorageError, UnitOfWork

log = logging.getLogger(__name__)

CLIENTS_REMEMBERED = 10_000
PAUSES = (0.2, 0.5, 1.0, 2.0)
LONGEST_PAUSE = 5.0
TRIED_FOR = timedelta(hours=2)


class Background(Protocol):
    """Where work is done that nobody waits for."""

    def start(self, name: str, work: Coroutine[object, object, None]) -> None:
        """Start the work; what it raises is logged under its name."""


@dataclass(frozen=True, slots=True)
class EscalationRecords:
    """The latest escalation of each client; a locked storage holds nothing up."""

    storage: Storage
    clock: Clock
    wake: Callable[[], None]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _latest: Recent[PersonId, Chain] = field(
        default_factory=lambda: Recent[PersonId, Chain](CLIENTS_REMEMBERED)
    )

    async def load(self) -> None:
        """Remember what is under way, and close what ended meanwhile; before the gateway opens."""
        async with self.storage.read() as work:
            open_now = [
                Chain(each, await work.escalations.steps(each.id))
                for each in await work.escalations.list_open()
            ]
        settled = [settle(chain, self.clock.now()).chain for chain in open_now]
        for chain in settled:
            self.keep(chain)
        await self._close([chain for chain in settled if chain.is_closed])

    def latest(self, client: PersonId) -> Chain | None:
        """Return the client's latest escalation as it stands now."""
        found = self._latest.find(client)
        return None if found is None else settle(found, self.clock.now()).chain

    def keep(self, chain: Chain) -> None:
        """Remember the chain, unless a newer one is known."""
        known = self._latest.find(chain.escalation.client)
        is_newer = known is None or chain.escalation.opened_at >= known.escalation.opened_at
        if is_newer or (known is not None and known.escalation.id == chain.escalation.id):
            self._latest.put(chain.escalation.client, chain)

    async def find(self, client: PersonId, key: str) -> Chain | None:
        """Return the client's chain with this alert, from memory where it is the latest."""
        latest = self.latest(client)
        if latest is not None and _has(latest, key):
            return latest
        try:
            async with self.storage.read() as work:
                found = await self.find_stored(work, key)
        except StorageError:
            log.warning("alert.not_looked_up")
            return None
        return found if found is not None and found.escalation.client == client else None

    async def find_stored(self, work: UnitOfWork, key: str) -> Chain | None:
        """Return the chain with this alert; what memory knows of it counts first."""
        step = await work.escalations.find_step(key)
        escalation = None if step is None else await work.escalations.find(step.escalation)
        if escalation is None:
            return None
        latest = self.latest(escalation.client)
        if latest is not None and latest.escalation.id == escalation.id:
            return latest
        return Chain(escalation, await work.escalations.steps(escalation.id))

    async def save(
        self,
        chain: Chain,
        rows: Iterable[OutboxRow] = (),
        *,
        called_off: Iterable[str] = (),
        until: datetime | None = None,
    ) -> bool:
        """Write the chain, what is to be sent and what no longer is, however long that takes.

        False where a busy storage did not take it by `until`, or within two hours.
        """
        rows, called_off = tuple(rows), tuple(called_off)
        for pause in joined(PAUSES, repeat(LONGEST_PAUSE)):
            try:
                await self._write(chain, rows, called_off)
            except StorageBusy:
                if self.clock.now() >= (until or chain.escalation.opened_at + TRIED_FOR):
                    break
                await self.sleep(pause)
            else:
                self.wake()
                return True
        log.warning("alert.not_recorded")
        return False

    async def write(self, work: UnitOfWork, chain: Chain) -> None:
        """Write the chain as memory knows it; nothing of people who were erased meanwhile."""
        latest = self._latest.find(chain.escalation.client)
        if latest is not None and latest.escalation.id == chain.escalation.id:
            chain = latest
        for step in chain.steps:
            if await work.contacts.find(step.contact) is None:
                return
        if await work.escalations.open(chain.escalation, chain.steps):
            return
        await work.escalations.update(chain.escalation)
        for step in chain.steps:
            await work.escalations.update_step(step)

    async def _close(self, chains: list[Chain]) -> None:
        if not chains:
            return
        try:
            async with self.storage.write() as work:
                for chain in chains:
                    await self.write(work, chain)
        except StorageBusy:
            # Memory knows that they are over; the next start closes them.
            log.warning("alert.not_closed")

    async def _write(
        self, chain: Chain, rows: tuple[OutboxRow, ...], called_off: tuple[str, ...]
    ) -> None:
        async with self.storage.write() as work:
            await self.write(work, chain)
            for reference in called_off:
                await work.outbox.cancel(reference)
            for row in rows:
                await work.outbox.add(row)


def _has(chain: Chain, key: str) -> bool:
    return any(step.key == key for step in chain.steps)
