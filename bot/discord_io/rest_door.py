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


class Pace:
    """Lets one waiter pass every `1 / a_second`, by order of lane and then of arrival."""

    def __init__(self, a_second: int) -> None:
        self._gap = 1 / a_second
        self._free_at = 0.0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def take_if_free(self) -> bool:
        """Pass now if nobody has to wait."""
        now = asyncio.get_running_loop().time()
        if self._waiting or now < self._free_at:
            return False
        self._free_at = now + self._gap
        return True

    async def take(self, lane: Lane) -> None:
        """Wait for the turn."""
        if self.take_if_free():
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (ORDER[lane], next(self._arrivals), turn))
        self._set_timer()
        await turn

    def _set_timer(self) -> None:
        if self._timer is None and self._waiting:
            self._timer = asyncio.get_running_loop().call_at(self._free_at, self._let_one_pass)

    def _let_one_pass(self) -> None:
        self._timer = None
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():  # a cancelled waiter costs nobody a turn
                self._free_at = asyncio.get_running_loop().time() + self._gap
                turn.set_result(None)
                break
        self._set_timer()


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
            if not self._general.take_if_free() and not self._crisis_only.take_if_free():
                await self._general.take(lane)
            return
        if self._is_closed():
            raise DoorClosed("Discord refused too many requests; trying again in ten minutes.")
        await self._general.take(lane)

    def _is_closed(self) -> bool:
        if len(self._invalid_at) < MOST_INVALID:
            return False
        oldest = self._invalid_at[0]
        return asyncio.get_running_loop().time() - oldest < INVALID_WINDOW_SECONDS
