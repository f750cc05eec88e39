"""The one door to Discord's REST: paced below its limit, crisis first, catching up last.

Discord allows a bot 50 requests a second. 45 pass here in any lane, and 5 more that only the crisis
lane may use. Answers to interactions do not count toward the limit and do not pass here.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import discord
from discord.http import Route

from bot.core.errors import HandrailError
from bot.services.ports import Lane

GENERAL_A_SECOND = 45
CRISIS_ONLY_A_SECOND = 5
ORDER = {Lane.CRISIS: 0, Lane.DELIVERY: 1, Lane.CATCH_UP: 2}

NOT_COUNTED = ("/interactions/", "/webhooks/")

# Discord bars an address for a while after 10,000 of these in ten minutes.
INVALID_STATUSES = frozenset({401, 403, 429})
MOST_INVALID = 2_000
INVALID_WINDOW_SECONDS = 600.0

# discord.py's request takes a route and keywords; what comes back depends on the route.
Request = Callable[..., Coroutine[object, object, object]]


class DoorClosed(HandrailError):
    """Too many refused requests lately; only the crisis lane may still pass."""


@dataclass(slots=True, order=True)
class Waiter:
    """Somebody in the queue: first by lane, then by arrival."""

    order: int
    arrival: int
    woken: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    is_done: bool = field(default=False, compare=False)


class Pace:
    """Lets one waiter pass every `1 / a_second` seconds, by order of lane and then of arrival.

    One of the waiters sleeps until the next turn and lets the first in the queue pass; when its own
    turn has come, or it is cancelled, the next one takes over. Nobody waits without need.
    """

    def __init__(self, a_second: int) -> None:
        self._gap = 1 / a_second
        self._free_at = 0.0
        self._queue: list[Waiter] = []
        self._arrivals = itertools.count()
        self._sleeper: Waiter | None = None

    def take_if_free(self) -> bool:
        """Pass now if nobody has to wait."""
        now = asyncio.get_running_loop().time()
        if self._queue or now < self._free_at:
            return False
        self._free_at = now + self._gap
        return True

    async def take(self, lane: Lane) -> None:
        """Wait for the turn."""
        if self.take_if_free():
            return
        waiter = Waiter(ORDER[lane], next(self._arrivals))
        heapq.heappush(self._queue, waiter)
        try:
            await self._wait(waiter)
        finally:
            waiter.is_done = True  # a cancelled waiter costs nobody a turn
            self._hand_over(waiter)

    async def _wait(self, waiter: Waiter) -> None:
        while not waiter.is_done:
            self._sleeper = self._sleeper or waiter
            if self._sleeper is waiter:
                now = asyncio.get_running_loop().time()
                await asyncio.sleep(max(0.0, self._free_at - now))
                self._let_one_pass()
            else:
                await waiter.woken.wait()
                waiter.woken.clear()

    def _let_one_pass(self) -> None:
        while self._queue:
            first = heapq.heappop(self._queue)
            if not first.is_done:
                # From the turn that was due, not from now: a late wake-up must not slow the pace.
                now = asyncio.get_running_loop().time()
                self._free_at = max(self._free_at, now - self._gap) + self._gap
                first.is_done = True
                first.woken.set()
                return

    def _hand_over(self, waiter: Waiter) -> None:
        if self._sleeper is not None and self._sleeper is not waiter:
            return
        self._sleeper = None
        while self._queue and self._queue[0].is_done:
            heapq.heappop(self._queue)
        if self._queue:
            self._queue[0].woken.set()


class RestDoor:
    """Wraps discord.py's one request method; everything that counts toward the limit passes it."""

    def __init__(self) -> None:
        self._general = Pace(GENERAL_A_SECOND)
        self._crisis_only = Pace(CRISIS_ONLY_A_SECOND)
        self._invalid_at: deque[float] = deque(maxlen=MOST_INVALID)
        # A send without a lane of its own is an ordinary delivery.
        self._lane: ContextVar[Lane] = ContextVar("lane", default=Lane.DELIVERY)

    @contextmanager
    def lane(self, lane: Lane) -> Iterator[None]:
        """Put the requests made inside into `lane`."""
        token = self._lane.set(lane)
        try:
            yield
        finally:
            self._lane.reset(token)

    def guard(self, request: Request) -> Request:
        """Return `request` behind the door; raises DoorClosed after too many refusals."""

        async def through(route: Route, **kwargs: object) -> object:
            if route.path.startswith(NOT_COUNTED):
                return await request(route, **kwargs)
            await self._enter(self._lane.get())
            try:
                return await request(route, **kwargs)
            except discord.HTTPException as error:
                if error.status in INVALID_STATUSES:
                    self._invalid_at.append(asyncio.get_running_loop().time())
                raise

        return through

    async def _enter(self, lane: Lane) -> None:
        if lane is Lane.CRISIS:
            await self._enter_by_either(lane)
            return
        if self._is_closed():
            raise DoorClosed("Discord refused too many requests; trying again in ten minutes.")
        await self._general.take(lane)

    async def _enter_by_either(self, lane: Lane) -> None:
        if self._general.take_if_free() or self._crisis_only.take_if_free():
            return
        turns = [asyncio.ensure_future(pace.take(lane)) for pace in self._paces]
        try:
            await asyncio.wait(turns, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for turn in turns:
                turn.cancel()

    @property
    def _paces(self) -> tuple[Pace, Pace]:
        return self._general, self._crisis_only

    def _is_closed(self) -> bool:
        if len(self._invalid_at) < MOST_INVALID:
            return False
        oldest = self._invalid_at[0]
        return asyncio.get_running_loop().time() - oldest < INVALID_WINDOW_SECONDS
