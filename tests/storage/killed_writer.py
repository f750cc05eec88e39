"""A process that claims check-ins and leases them, until it is killed in the middle."""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta

from bot.storage.encryption import MasterKeys
from bot.storage.sql_storage import open_storage
from tests.storage.conftest import MASTER
from tests.storage.samples import NOW, check_in, outbox_row


async def claim_for_ever(url: str) -> None:
    storage = await open_storage(url, MasterKeys(MASTER))
    print("ready", flush=True)  # noqa: T201 - read by the test
    while True:
        async with storage.write() as unit:
            (plan,) = await unit.check_in_plans.find_due(NOW + timedelta(days=10_000), 1)
            due_at = plan.next_due_at or NOW
            sent = check_in(storage, plan, due_at)
            row = replace(outbox_row(storage, plan.client, due_at), key=sent.key, reference=sent.id)
            advanced = replace(plan, next_due_at=due_at + timedelta(minutes=1))
            await unit.check_ins.claim(advanced, sent, row)


if __name__ == "__main__":
    asyncio.run(claim_for_ever(sys.argv[1]))
