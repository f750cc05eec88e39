"""A process that dies in the middle of writing leaves whole transactions only."""

import asyncio
import sys
from datetime import timedelta

import pytest

from bot.storage.encryption import MasterKeys
from bot.storage.sql_storage import open_storage
from tests.storage.conftest import MASTER
from tests.storage.samples import CLEO, NOW, pair
from tests.wire.process import ROOT

# Seconds after the first write: early, and in the middle of many.
KILLED_AFTER = (0.011, 0.047, 0.093, 0.171)


@pytest.mark.slow
async def test_killed_writer_leaves_no_check_in_without_its_message(url: str) -> None:
    """Every check-in has its outbox row and counts in the plan, none is there twice."""
    storage = await open_storage(url, MasterKeys(MASTER))
    plan = await pair(storage)
    await storage.close()
    for seconds in KILLED_AFTER:
        await write_and_die(url, seconds)
    storage = await open_storage(url, MasterKeys(MASTER))
    async with storage.write() as unit:
        check_ins = await unit.check_ins.list_by_client(CLEO, 100_000)
        rows = await unit.outbox.lease(NOW + timedelta(days=10_000), NOW, 100_000)
        left = await unit.check_in_plans.find(plan.id)
    await storage.close()
    assert left is not None
    assert check_ins
    assert {each.key for each in check_ins} == {row.key for row in rows}
    minutes = [(each.due_at - NOW) // timedelta(minutes=1) for each in reversed(check_ins)]
    assert minutes == list(range(len(minutes)))
    assert left.next_due_at == NOW + timedelta(minutes=len(minutes))


async def write_and_die(url: str, after_seconds: float) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.storage.killed_writer",
        url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    await asyncio.sleep(after_seconds)
    process.kill()
    await process.communicate()
