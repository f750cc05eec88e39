"""`python -m tests.bench`: Handrail against a plain discord.py bot, in the same run."""

import asyncio
import sys

from tests.bench.measure import Measurement, running, take_turns
from tests.bench.report import HEAD, lines
from tests.wire.process import OURS, PLAIN

ROUNDS = 3
OUR_COMMANDS = ("ground", "help-now")
PLAIN_COMMAND = "ground"


async def run() -> int:
    """Measure both, print the table; 1 where a bar is missed."""
    runs = [await _round() for _ in range(ROUNDS)]
    table = lines([ours for ours, _ in runs], [plain for _, plain in runs], PLAIN_COMMAND)
    sys.stdout.write("\n".join([HEAD, *map(str, table)]) + "\n")
    return 0 if all(line.is_within for line in table) else 1


async def _round() -> tuple[Measurement, Measurement]:
    async with running(PLAIN) as plain, running(OURS) as ours:
        entries = [(plain, PLAIN_COMMAND), *((ours, command) for command in OUR_COMMANDS)]
        await take_turns(entries)
        baseline = await plain.finish(PLAIN_COMMAND)
        return await ours.finish(OUR_COMMANDS[0]), baseline


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
