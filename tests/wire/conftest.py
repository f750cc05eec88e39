"""A running stand-in, and processes that end with their test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.wire.discord_server import WireDiscord
from tests.wire.process import OURS, PLAIN, BotProcess

Launch = Callable[..., Awaitable[BotProcess]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
async def discord() -> AsyncIterator[WireDiscord]:
    async with WireDiscord() as running:
        yield running


@pytest.fixture
async def launch(discord: WireDiscord, tmp_path: Path) -> AsyncIterator[Launch]:
    """Start a process of any kind; it does not wait for anything."""
    async with AsyncExitStack() as stack:

        async def start(module: tuple[str, ...] = OURS, **settings: str) -> BotProcess:
            process = BotProcess(module, discord.environment | settings, tmp_path)
            await process.start()
            stack.push_async_callback(process.terminate)
            return process

        yield start


@pytest.fixture
async def bot_process(discord: WireDiscord, launch: Launch) -> BotProcess:
    """Our bot, connected and ready."""
    process = await launch(OURS)
    await process.ready(discord)
    return process


@pytest.fixture
async def plain_bot(discord: WireDiscord, launch: Launch) -> BotProcess:
    """The plain bot, connected and ready."""
    process = await launch(PLAIN)
    await process.ready(discord)
    return process
