"""The one place where work is started that nobody waits for."""

import asyncio
import logging
from collections.abc import Coroutine

log = logging.getLogger(__name__)

ENDS_WITHIN_SECONDS = 3.0


class Background:
    """Holds on to what it started, and logs what fails."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[object, object, None]) -> None:
        """Start the work; needs a running event loop."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    async def stop(self) -> None:
        """Give what is under way a moment to end, then cancel it."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=ENDS_WITHIN_SECONDS)
        for task in late:
            task.cancel()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background.failed", extra={"action": task.get_name()}, exc_info=error)
