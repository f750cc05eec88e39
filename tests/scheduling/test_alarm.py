"""The alarm looks when it was told to, when it is woken, and never twice at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.scheduling.alarm import Alarm

SOON = timedelta(milliseconds=40)


class Looks:
    """What the alarm calls; notes how often, and how many at once."""

    def __init__(self) -> None:
        self.count = 0
        self.most_at_once = 0
        self.next_at: datetime | None = None
        self.takes = 0.0
        self.fails = False
        self._now = 0
        self._changed = asyncio.Event()

    async def look(self) -> datetime | None:
        self.count += 1
        self._changed.set()
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(self.takes)
        self._now -= 1
        next_at, self.next_at = self.next_at, None
        if self.fails:
            raise RuntimeError("broken on purpose")
        return next_at

    async def counted(self, count: int) -> None:
        async with asyncio.timeout(2):
            while self.count < count:
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture
async def looks() -> Looks:
    return Looks()


@pytest.fixture
async def alarm(looks: Looks) -> AsyncIterator[Alarm]:
    alarm = Alarm(looks.look)
    yield alarm
    alarm.stop()
    await asyncio.sleep(0)


async def test_it_looks_at_the_start_and_at_the_time_it_was_told(
    alarm: Alarm, looks: Looks
) -> None:
    looks.next_at = datetime.now(UTC) + SOON
    started = datetime.now(UTC)

    alarm.start()
    alarm.start()
    await looks.counted(2)

    assert datetime.now(UTC) - started >= SOON
    await asyncio.sleep(0.05)
    assert looks.count == 2


async def test_a_time_that_has_passed_is_looked_at_now(alarm: Alarm, looks: Looks) -> None:
    alarm.start()
    await looks.counted(1)

    alarm.set(datetime.now(UTC) - timedelta(hours=1))

    await looks.counted(2)


async def test_a_later_setting_takes_the_place_of_an_earlier_one(
    alarm: Alarm, looks: Looks
) -> None:
    alarm.start()
    await looks.counted(1)

    alarm.set(datetime.now(UTC) + timedelta(hours=1))
    alarm.set(datetime.now(UTC) + SOON)

    await looks.counted(2)
    await asyncio.sleep(0.05)
    assert looks.count == 2


async def test_waking_during_a_look_brings_one_more_and_never_two_at_once(
    alarm: Alarm, looks: Looks
) -> None:
    looks.takes = 0.03
    alarm.start()
    await looks.counted(1)

    for _ in range(5):
        alarm.wake()
    await looks.counted(2)
    await asyncio.sleep(0.1)

    assert looks.count == 2
    assert looks.most_at_once == 1


@pytest.mark.errors_expected
async def test_a_look_that_fails_is_not_the_last(looks: Looks) -> None:
    alarm = Alarm(looks.look, at_least_every=SOON)
    looks.fails = True

    alarm.start()
    await looks.counted(3)

    alarm.stop()
    alarm.stop()
