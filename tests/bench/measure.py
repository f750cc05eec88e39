"""What real processes cost: their start, their memory and how fast they answer, over the wire."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import psutil

from tests.wire.discord_server import WireDiscord
from tests.wire.process import BotProcess
from tests.wire.state import User

WARM_UPS = 30
TURNS = 10
IN_A_TURN = 30
AT_ONCE = 500
MEGABYTE = 1_000_000
MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of one bot; latencies are milliseconds from an event leaving to its answer."""

    seconds_to_ready: float
    megabytes: float
    latencies: dict[str, list[float]]
    burst_seconds: float

    def p50(self, command: str) -> float:
        return median(self.latencies[command])

    def p99(self, command: str) -> float:
        return quantiles(self.latencies[command], n=100)[98]


@dataclass(slots=True)
class Contender:
    """A running bot with a Discord of its own, and what was measured of it so far."""

    discord: WireDiscord
    process: BotProcess
    person: User
    seconds_to_ready: float
    latencies: dict[str, list[float]] = field(default_factory=dict)

    async def warm_up(self, command: str) -> None:
        for _ in range(WARM_UPS):
            await self.discord.slash(self.person, command)

    async def take_turn(self, command: str) -> None:
        """Run a command again and again, each after the other's answer."""
        answered = [await self.discord.slash(self.person, command) for _ in range(IN_A_TURN)]
        noted = self.latencies.setdefault(command, [])
        noted += [each.seconds * MILLISECONDS for each in answered]

    async def burst(self, command: str) -> float:
        """Run a command many times at once; return the seconds until all are answered."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self.discord.slash(self.person, command, within=60))
        return time.monotonic() - began

    async def finish(self, command: str) -> Measurement:
        """Measure what comes last: the burst, then the memory that all of it has taken."""
        seconds = await self.burst(command)
        megabytes = _megabytes(self.process.pid)
        return Measurement(self.seconds_to_ready, megabytes, self.latencies, seconds)


@asynccontextmanager
async def running(module: tuple[str, ...]) -> AsyncIterator[Contender]:
    """Start a bot and wait until it is ready; stop it at the end."""
    with TemporaryDirectory() as folder:
        async with WireDiscord() as discord:
            discord.guild("Support", "support")
            process = BotProcess(module, discord.environment, Path(folder))
            await process.start()
            try:
                seconds_to_ready = await process.ready(discord)
                yield Contender(discord, process, discord.user("Cleo"), seconds_to_ready)
            finally:
                await process.terminate()


async def take_turns(entries: list[tuple[Contender, str]]) -> None:
    """Measure latencies in short turns, so that a busy moment of the machine hits everyone."""
    for contender, command in entries:
        await contender.warm_up(command)
    for _ in range(TURNS):
        for contender, command in entries:
            await contender.take_turn(command)


def _megabytes(pid: int) -> float:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(each.memory_info().rss for each in family) / MEGABYTE
