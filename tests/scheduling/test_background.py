"""Work that nobody waits for: it ends, it is let go, and its failures are not lost."""

import asyncio
import logging

import pytest

from bot.scheduling.background import Background


async def test_work_goes_on_after_it_was_started() -> None:
    background, done = Background(), asyncio.Event()

    async def work() -> None:
        done.set()

    background.start("work", work())
    await background.stop()
    assert done.is_set()
    await background.stop()


@pytest.mark.errors_expected
async def test_what_fails_is_logged_under_its_name(caplog: pytest.LogCaptureFixture) -> None:
    background = Background()

    async def fail() -> None:
        raise ValueError("nothing that is shown")

    with caplog.at_level(logging.ERROR):
        background.start("failing", fail())
        await background.stop()
        await asyncio.sleep(0)
    [record] = caplog.records
    assert record.getMessage() == "background.failed"
    assert record.__dict__["action"] == "failing"


async def test_work_that_does_not_end_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.scheduling.background.ENDS_WITHIN_SECONDS", 0.01)
    background, is_cancelled = Background(), asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            is_cancelled.set()

    background.start("waiting", wait())
    await background.stop()
    await is_cancelled.wait()
