"""What has done its work is deleted by itself, and what is still needed stays."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.invitations import VALID_FOR, Invitation, InvitationKind
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import ChannelId, InvitationId, PersonId
from bot.services.retention import INVITATIONS_KEPT_FOR, SENT_KEPT_FOR, RetentionService
from tests.storage.memory import MemoryStorage

START = datetime(2026, 1, 1, tzinfo=UTC)
THEA, CLEO = PersonId(1), PersonId(2)


@dataclass
class MovedClock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at


async def test_old_invitations_and_sent_messages_go_and_waiting_ones_stay() -> None:
    storage, clock = MemoryStorage(), MovedClock()
    waiting = OutboxRow("waiting", CLEO, OutboxKind.NOTICE, "a:b", Lane.DELIVERY, START)
    sent = OutboxRow("sent", CLEO, OutboxKind.NOTICE, "c:d", Lane.DELIVERY, START)
    old = Invitation(
        InvitationId("old"), InvitationKind.CLIENT, THEA, "hash", "x", START, START + VALID_FOR
    )
    async with storage.write() as work:
        await work.people.remember_channel(CLEO, ChannelId(5), START)
        await work.people.remember_channel(THEA, ChannelId(6), START)
        await work.invitations.add(old)
        await work.outbox.add(waiting)
        await work.outbox.add(sent)
        await work.outbox.mark("sent", DeliveryOutcome.SENT, START)

    clock.at = START + VALID_FOR + INVITATIONS_KEPT_FOR + SENT_KEPT_FOR
    await RetentionService(storage, clock).sweep()

    async with storage.read() as work:
        assert await work.invitations.find(InvitationId("old")) is None
        assert await work.outbox.find("sent") is None
        assert await work.outbox.find("waiting") is not None


async def test_nothing_goes_before_its_time() -> None:
    storage, clock = MemoryStorage(), MovedClock()
    async with storage.write() as work:
        await work.people.remember_channel(CLEO, ChannelId(5), START)
    clock.at = START + timedelta(days=1)
    await RetentionService(storage, clock).sweep()

    async with storage.read() as work:
        assert CLEO in await work.people.list_channels()
