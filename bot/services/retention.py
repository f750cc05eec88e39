"""What is deleted by itself, because it has done its work."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot.core.known_people import CHANNEL_KEPT_FOR
from bot.services.ports import Clock
from bot.services.storage_port import Storage, StorageError

log = logging.getLogger(__name__)

CHECK_INS_KEPT_FOR = timedelta(days=90)
INVITATIONS_KEPT_FOR = timedelta(days=30)
SENT_KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RetentionService:
    """Deletes what is older than its time; plans, links, consents and contacts stay."""

    storage: Storage
    clock: Clock

    async def sweep(self) -> None:
        """Delete once; what can't be deleted now is deleted the next time."""
        now = self.clock.now()
        try:
            async with self.storage.write() as work:
                count = await work.check_ins.delete_before(now - CHECK_INS_KEPT_FOR)
                count += await work.invitations.delete_closed_before(now - INVITATIONS_KEPT_FOR)
                count += await work.outbox.delete_done_before(now - SENT_KEPT_FOR)
                count += await work.people.forget_channels_before(now - CHANNEL_KEPT_FOR)
        except StorageError:
            log.warning("retention.storage_failed")
            return
        log.info("retention.swept", extra={"count": count})
