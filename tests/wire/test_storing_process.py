"""The real process with a real database: one run at a time; kill -9 loses and doubles nothing."""

import asyncio
import random
import re

import pytest

from tests.wire.conftest import Launch
from tests.wire.discord_server import WireDiscord, until
from tests.wire.process import OURS, BotProcess
from tests.wire.state import Message, User

STORING = {
    "HANDRAIL_MASTER_KEY": "5a" * 32,
    "HANDRAIL_STATEMENT_ACCEPTED": "yes",
    "HANDRAIL_RUN_BY": "A practice, practice@example.org",
}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
HELLO = "arrived"


async def start(discord: WireDiscord, launch: Launch, thea: User) -> BotProcess:
    process = await launch(OURS, **STORING, HANDRAIL_THERAPISTS=str(thea.id))
    await process.ready(discord)
    return process


async def join(discord: WireDiscord, thea: User, cleo: User) -> None:
    """Thea invites, Cleo ticks everything and joins; the hello is to be sent then."""
    await discord.slash(thea, "client invite", options={"label": "blue door", "name": "Thea"})
    found = CODE.search(discord.from_bot(thea)[-1].content)
    assert found is not None
    await discord.slash(cleo, "join", options={"code": found[0]})
    for label in ("Check-ins: no", "Numbers: no", "I am 18 or over: no", "Join"):
        await discord.click(discord.from_bot(cleo)[-1], label)


def hellos(discord: WireDiscord, cleo: User) -> list[Message]:
    return [each for each in discord.from_bot(cleo) if HELLO in str(each.components)]


async def test_second_run_on_the_same_database_is_refused_in_one_line(
    discord: WireDiscord, launch: Launch
) -> None:
    thea = discord.user("Thea")
    first = await start(discord, launch, thea)
    second = await launch(OURS, **STORING, HANDRAIL_THERAPISTS=str(thea.id))

    assert await second.ended() == 1
    assert f"(process {first.pid})" in second.errors
    assert "Traceback" not in second.printed


async def test_wrong_master_key_stops_the_start_in_one_line(
    discord: WireDiscord, launch: Launch
) -> None:
    thea = discord.user("Thea")
    first = await start(discord, launch, thea)
    await first.terminate()
    second = await launch(OURS, **(STORING | {"HANDRAIL_MASTER_KEY": "6b" * 32}))

    assert await second.ended() == 1
    assert "HANDRAIL_MASTER_KEY does not fit this database" in second.errors
    assert "Traceback" not in second.printed


@pytest.mark.parametrize("seed", range(4))
async def test_hello_arrives_once_however_often_the_process_is_killed(
    discord: WireDiscord, launch: Launch, seed: int
) -> None:
    thea, cleo = discord.user("Thea"), discord.user("Cleo")
    chance = random.Random(seed)  # noqa: S311 - when to kill, nothing secret
    discord.faults.delay("POST", "/channels/*/messages", seconds=0.1)
    process = await start(discord, launch, thea)
    await join(discord, thea, cleo)
    for _ in range(3):
        await asyncio.sleep(chance.uniform(0, 0.4))
        await process.kill()
        process = await start(discord, launch, thea)
    await until(lambda: hellos(discord, cleo) or None, within=20)
    await asyncio.sleep(2)  # long enough for a second one to show up

    assert len(hellos(discord, cleo)) == 1
