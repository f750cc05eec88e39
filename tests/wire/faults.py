"""What can go wrong between a bot and Discord, on request, a route at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from fnmatch import fnmatchcase

from aiohttp import web

from tests.wire.payloads import answer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
API = "/api/v10"


class Moment(Enum):
    """Whether the fault strikes before Discord acted on the request, or after."""

    BEFORE = auto()
    AFTER = auto()


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong with requests whose method and path (with * in it) fit."""

    method: str
    path: str
    moment: Moment
    seconds: float = 0.0
    response: Callable[[], web.Response] | None = None
    cuts: bool = False
    times: int | None = None
    until: float | None = None
    struck: int = 0

    def fits(self, request: web.Request, moment: Moment) -> bool:
        over = self.times is not None and self.struck >= self.times
        late = self.until is not None and time.monotonic() > self.until
        if over or late or moment is not self.moment:
            return False
        path = request.path.removeprefix(API)
        return self.method in ("*", request.method) and fnmatchcase(path, self.path)


@dataclass(slots=True)
class Limit:
    """A bucket that holds `calls` every `seconds` for each path."""

    method: str
    path: str
    calls: int
    seconds: float
    windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def take(self, path: str) -> tuple[bool, dict[str, str]]:
        """Count one call; return whether it fits and the headers that say so."""
        now = time.monotonic()
        start, used = self.windows.get(path, (now, 0))
        if now - start >= self.seconds:
            start, used = now, 0
        self.windows[path] = (start, used + 1)
        return used < self.calls, self._headers(used + 1, start + self.seconds - now)

    def _headers(self, used: int, reset_after: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.calls),
            "X-RateLimit-Remaining": str(max(0, self.calls - used)),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": f"{self.method}{self.path}".replace("/", "").replace("*", "x"),
        }


class Faults:
    """The faults in force. A path is the part after `/api/v10`; `*` stands for anything."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._limits: list[Limit] = []
        self.rate_limited = 0

    def delay(self, method: str, path: str, *, seconds: float, times: int | None = None) -> Fault:
        """Answer late."""
        return self._add(Fault(method, path, Moment.BEFORE, seconds=seconds, times=times))

    def fail(
        self,
        method: str,
        path: str,
        *,
        status: int = 500,
        code: int = 0,
        times: int | None = None,
        lasting: float | None = None,
        moment: Moment = Moment.BEFORE,
    ) -> Fault:
        """Answer with an error so many times, or for so many seconds."""
        until = None if lasting is None else time.monotonic() + lasting
        body = {"message": f"{status}: a fault", "code": code}

        def response() -> web.Response:
            return answer(body, status=status)

        return self._add(Fault(method, path, moment, response=response, times=times, until=until))

    def too_many(
        self,
        method: str,
        path: str,
        *,
        retry_after: float,
        times: int = 1,
        everywhere: bool = False,
    ) -> Fault:
        """Answer 429 as Discord does; `everywhere` says that the global limit was hit."""

        def response() -> web.Response:
            return _too_many(retry_after, {"X-RateLimit-Remaining": "0"}, everywhere=everywhere)

        return self._add(Fault(method, path, Moment.BEFORE, response=response, times=times))

    def cut(
        self, method: str, path: str, *, moment: Moment = Moment.BEFORE, times: int = 1
    ) -> Fault:
        """Close the connection without an answer, before or after acting on the request."""
        return self._add(Fault(method, path, moment, cuts=True, times=times))

    def limit(self, method: str, path: str, *, calls: int, seconds: float) -> Limit:
        """Keep a real rate limit with its headers on a route."""
        self._limits.append(Limit(method, path, calls, seconds))
        return self._limits[-1]

    def clear(self) -> None:
        """Let everything work again."""
        self._faults.clear()
        self._limits.clear()

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Carry out a request with the faults that fit it."""
        fits, headers = self._count(request)
        if not fits:
            self.rate_limited += 1
            return _too_many(float(headers["X-RateLimit-Reset-After"]), headers)
        response: web.StreamResponse | None = await self._strike(request, Moment.BEFORE)
        if response is None:
            done = await handler(request)
            response = await self._strike(request, Moment.AFTER) or done
        response.headers.update(headers)
        return response

    def _count(self, request: web.Request) -> tuple[bool, dict[str, str]]:
        path = request.path.removeprefix(API)
        for limit in self._limits:
            if limit.method == request.method and fnmatchcase(path, limit.path):
                return limit.take(path)
        return True, {}

    async def _strike(self, request: web.Request, moment: Moment) -> web.Response | None:
        for fault in [each for each in self._faults if each.fits(request, moment)]:
            fault.struck += 1
            await asyncio.sleep(fault.seconds)
            if fault.cuts and request.transport is not None:
                request.transport.close()
                return answer()
            if fault.response is not None:
                return fault.response()
        return None


def _too_many(
    retry_after: float, headers: dict[str, str], *, everywhere: bool = False
) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": retry_after}
    scope = {"X-RateLimit-Scope": "global" if everywhere else "user"}
    if everywhere:
        scope["X-RateLimit-Global"] = "true"
    extra = headers | scope | {"Retry-After": f"{retry_after:.0f}"}
    return answer(body | {"global": everywhere}, status=429, headers=extra)
