"""The landing page: who one can be, what time it is, and the buttons of the rehearsal.

Only the printed address opens it. Another page in the same browser can neither read it nor press
its buttons: every request names this host, and every one but the bare page carries the key.
"""

import errno
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.core.errors import HandrailError
from bot.rehearsal.stage import Stage
from bot.rehearsal.visit import StillBusy, Visit

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
KEY_HEADER = "X-Rehearsal-Key"
STATIC = Path(__file__).with_name("static")
FILES = {
    "/": ("landing.html", "text/html"),
    "/landing.css": ("landing.css", "text/css"),
    "/landing.js": ("landing.js", "text/javascript"),
}
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# An open page asks every second, so a request in flight at the end is never a long one.
LAST_REQUESTS_SECONDS = 1.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PortUnusable(HandrailError):
    """The landing page can't be served there."""


class Landing:
    """Serves the page on 127.0.0.1 and passes its buttons on to the stage."""

    def __init__(self) -> None:
        self._key = secrets.token_urlsafe(24)
        self._port = 0
        self._stage: Stage | None = None
        self._visit: Visit | None = None
        self._runner = web.AppRunner(
            self._app(), access_log=None, shutdown_timeout=LAST_REQUESTS_SECONDS
        )

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        for path in FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/api/state", self._state)
        app.router.add_post("/api/actions/{action}", self._act)
        return app

    @property
    def origin(self) -> str:
        """The page's address without its key."""
        return f"http://{HOST}:{self._port}/"

    @property
    def url(self) -> str:
        """The page's address; the key behind the # never leaves the browser by itself."""
        return f"{self.origin}#{self._key}"

    async def open(self, port: int) -> None:
        """Listen; raises PortUnusable where that can't be."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            in_use = getattr(error, "errno", None) == errno.EADDRINUSE
            problem = "is in use: close what uses it, or" if in_use else "can't be used:"
            raise PortUnusable(f"Port {port} {problem} choose another with --port.") from None
        self._port = self._runner.addresses[0][1]

    def show(self, stage: Stage) -> None:
        """From now on the page is about `stage`."""
        self._stage, self._visit = stage, Visit(stage)

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # A foreign site that points its name at 127.0.0.1 still sends its own name as Host.
        if request.host not in {f"{HOST}:{self._port}", f"localhost:{self._port}"}:
            raise web.HTTPForbidden(text="This address is not served here.")
        if request.path.startswith("/api/") and not self._has_key(request):
            raise web.HTTPForbidden(text="Open the address that the terminal shows.")
        response = await handler(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    def _has_key(self, request: web.Request) -> bool:
        given = request.headers.get(KEY_HEADER, "")
        return secrets.compare_digest(given.encode(), self._key.encode())

    async def _file(self, request: web.Request) -> web.Response:
        name, content_type = FILES[request.path]
        text = (STATIC / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=content_type, charset="utf-8")

    async def _state(self, _request: web.Request) -> web.Response:
        stage, visit = self._opened()
        work = visit.work
        return web.json_response(
            {
                "work": {"label": work.label, "done": work.done} if work else None,
                "world": _world(stage) if stage.is_open else None,
            }
        )

    async def _act(self, request: web.Request) -> web.Response:
        _, visit = self._opened()
        action = request.match_info["action"]
        if not visit.knows(action):
            raise web.HTTPNotFound(text="There is no such button.")
        try:
            return _says(await visit.do(action))
        except StillBusy as error:
            return _says(str(error), status=409)
        except HandrailError as error:
            return _says(str(error), status=500)
        except Exception as error:  # The bot is being tried out: whatever it raises is news.
            log.exception("rehearsal.action_failed", extra={"action": action})
            return _says(f"That did not work ({type(error).__name__}).", status=500)

    def _opened(self) -> tuple[Stage, Visit]:
        if self._stage is None or self._visit is None:
            raise web.HTTPServiceUnavailable(text="The rehearsal is just starting.")
        return self._stage, self._visit


def _world(stage: Stage) -> dict[str, object]:
    return {
        "now": stage.now.isoformat(),
        "urls": dict(stage.urls),
        "cleo_takes_dms": stage.cleo_takes_dms,
        "errors": stage.error_count,
    }


def _says(line: str, *, status: int = 200) -> web.Response:
    return web.json_response({"said": line}, status=status)
