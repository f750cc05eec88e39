"""One alarm that is set again and again to the earliest time at which something is due."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

# After a pause of the machine or a change of its clock, the time that was set means little.
LOOK_AT_LEAST_EVERY = timedelta(minutes=1)

Look = Callable[[], Awaitable[datetime | None]]


class Alarm:
    """Calls `look` when its time has come, never twice at once; `look` returns the next time."""

    def __init__(self, look: Look, at_least_every: timedelta = LOOK_AT_LEAST_EVERY) -> None:
        self._look = look
        self._at_least_every = at_least_every
        self._scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._job: Job | None = None
        self._is_looking = False
        self._look_again = False

    def start(self) -> None:
        """Begin, with a first look at once; needs a running event loop."""
        if self._scheduler.running:
            return
        seconds = self._at_least_every.total_seconds()
        self._scheduler.add_job(self._wake_later, "interval", seconds=seconds)
        self._scheduler.start()
        self.wake()

    def stop(self) -> None:
        """End; a look that is under way ends with it."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def set(self, at: datetime) -> None:
        """Look at that time, in place of any other that was set."""
        self._arm(at)

    def wake(self) -> None:
        """Look now, or once more as soon as the look that is under way has ended."""
        self._look_again = self._is_looking
        if not self._is_looking:
            self._arm(None)

    async def _wake_later(self) -> None:
        self.wake()

    def _arm(self, at: datetime | None) -> None:
        if self._job is not None:
            self._disarm(self._job)
        self._job = self._scheduler.add_job(self._ring, "date", run_date=at)

    def _disarm(self, job: Job) -> None:
        try:
            job.remove()
        except JobLookupError:
            # It is running, or just about to: `_ring` sees to it that it does so alone.
            log.debug("alarm.already_rung")

    async def _ring(self) -> None:
        if self._is_looking:
            self._look_again = True
            return
        self._is_looking = True
        next_at = None
        try:
            next_at = await self._look()
        finally:
            self._is_looking = False
            if self._scheduler.running:
                self._arm_next(next_at)

    def _arm_next(self, next_at: datetime | None) -> None:
        if self._look_again:
            self._look_again = False
            self._arm(None)
        elif next_at is not None:
            self._arm(next_at)
