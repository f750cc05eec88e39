"""Small jobs that come back by themselves; APScheduler is the clock and remembers nothing."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)


Job = Callable[[], None] | Callable[[], Awaitable[None]]


class Housekeeping:
    """Runs each job every so often, never two of one kind at once, however late."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def at_start_and_every(self, interval: timedelta, job: Job) -> None:
        """Run `job` once at the start, and each `interval` after it."""
        self._scheduler.add_job(job)
        self.every(interval, job)

    def every(self, interval: timedelta, job: Job) -> None:
        """Run `job` each `interval` after the start; one that is not async runs in a thread."""
        seconds = interval.total_seconds()
        self._scheduler.add_job(job, "interval", seconds=seconds, id=job.__qualname__)

    async def start(self) -> None:
        """Begin; needs a running event loop."""
        if not self._scheduler.running:
            self._scheduler.start()

    async def stop(self) -> None:
        """End; a job that is running ends with its event loop."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
