"""The stand-in's gateway: identify, events, heartbeats, and resume with what was missed."""

import asyncio
import json
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.wire.payloads import Payload, inner, number, parsed, text
from tests.wire.state import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11
TOKEN_REFUSED, INTENTS_REFUSED = 4004, 4014

GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
GUILD_MEMBERS, GUILD_PRESENCES = 1 << 1, 1 << 8
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT

HEARTBEAT_INTERVAL_MS = 41_250
# An acknowledgement within microseconds makes discord.py compute an absurd latency.
ACK_DELAY = 0.02
REMEMBERED_EVENTS = 20_000


class Connection:
    """One websocket; frames leave in the order they were queued, compressed if asked for."""

    def __init__(self, request: web.Request) -> None:
        self.socket = web.WebSocketResponse()
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        zlib_stream = request.query.get("compress") == "zlib-stream"
        self._deflate = zlib.compressobj() if zlib_stream else None

    def queue(self, frame: str) -> None:
        self._frames.put_nowait(frame)

    async def write_frames(self) -> None:
        while True:
            frame = await self._frames.get()
            if self.socket.closed:
                return
            await self._write(frame)

    async def _write(self, frame: str) -> None:
        try:
            if self._deflate is None:
                await self.socket.send_str(frame)
            else:
                data = self._deflate.compress(frame.encode())
                await self.socket.send_bytes(data + self._deflate.flush(zlib.Z_SYNC_FLUSH))
        except ConnectionError:
            # The other side is gone; the session keeps the event for a resume.
            return

    def cut(self) -> None:
        """Drop the line as a network does: no close frame."""
        if self._request.transport is not None:
            self._request.transport.close()


@dataclass(slots=True)
class Session:
    """What Discord remembers of one identify, so that a lost line can resume."""

    id: str
    shard: tuple[int, int]
    intents: int
    connection: Connection | None
    ready_at: float
    sequence: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REMEMBERED_EVENTS))

    def send(self, event: str, payload: Payload) -> None:
        self.sequence += 1
        frame = _frame(DISPATCH, payload, sequence=self.sequence, event=event)
        self.events.append((self.sequence, frame))
        if self.connection is not None:
            self.connection.queue(frame)

    def replay(self, after: int) -> None:
        if self.connection is not None:
            for sequence, frame in self.events:
                if sequence > after:
                    self.connection.queue(frame)


@dataclass(slots=True)
class Gateway:
    """Accepts connections and sends events to whoever identified."""

    world: World
    token: str
    allowed_intents: int
    sessions: list[Session] = field(default_factory=list)
    identifies: int = 0
    resumes: int = 0
    refuses: bool = False
    url: str = ""

    @property
    def ready_at(self) -> float | None:
        """When (monotonic) READY and all servers were queued last, or None before the first."""
        return max((session.ready_at for session in self.sessions), default=None)

    @property
    def is_connected(self) -> bool:
        return any(session.connection is not None for session in self.sessions)

    def send(
        self,
        event: str,
        payload: Payload,
        *,
        guild_id: int | None = None,
        intent: int = 0,
        without_content: Payload | None = None,
    ) -> None:
        """Send an event to the sessions whose shard and intents it is for."""
        for session in self.sessions:
            if intent and not session.intents & intent:
                continue
            if ((guild_id or 0) >> 22) % session.shard[1] != session.shard[0]:
                continue
            sees_content = without_content is None or session.intents & MESSAGE_CONTENT
            session.send(event, payload if sees_content else without_content or {})

    def cut(self) -> None:
        """Drop every line; the bot may resume."""
        for session in self.sessions:
            if session.connection is not None:
                session.connection.cut()
                session.connection = None

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Drop every line and refuse new ones until the block ends."""
        self.refuses = True
        self.cut()
        try:
            yield
        finally:
            self.refuses = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one websocket from hello to close."""
        if self.refuses:
            return web.Response(status=503)
        connection = Connection(request)
        await connection.socket.prepare(request)
        connection.queue(_frame(HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL_MS}))
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(connection.write_frames())
            await self._read(connection)
            writer.cancel()
        self._forget(connection)
        return connection.socket

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                frame = parsed(message.data)
                if code := self._handle(connection, number(frame, "op"), inner(frame, "d")):
                    await connection.socket.close(code=code)

    def _handle(self, connection: Connection, op: int, data: Payload) -> int | None:
        """Act on one frame; a number returned is the code to close with."""
        handlers: dict[int, Callable[[Connection, Payload], int | None]] = {
            HEARTBEAT: self._acknowledge,
            IDENTIFY: self._identify,
            RESUME: self._resume,
        }
        handler = handlers.get(op)
        return handler(connection, data) if handler else None

    def _acknowledge(self, connection: Connection, _data: Payload) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(ACK_DELAY, connection.queue, _frame(HEARTBEAT_ACK, None))

    def _identify(self, connection: Connection, data: Payload) -> int | None:
        intents = number(data, "intents")
        if text(data, "token") != self.token:
            return TOKEN_REFUSED
        if intents & PRIVILEGED & ~self.allowed_intents:
            return INTENTS_REFUSED
        self.identifies += 1
        shard = _shard(data)
        self.sessions = [each for each in self.sessions if each.shard != shard]
        session = Session(f"session{self.identifies}", shard, intents, connection, time.monotonic())
        self.sessions.append(session)
        self._welcome(session)
        session.ready_at = time.monotonic()
        return None

    def _welcome(self, session: Session) -> None:
        bot = self.world.bot
        mine = [
            each
            for each in self.world.guilds.values()
            if (each.id >> 22) % session.shard[1] == session.shard[0]
        ]
        ready: Payload = {
            "v": 10,
            "user": bot.payload(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(bot.id), "flags": 0},
        }
        session.send("READY", ready)
        for guild in mine:
            session.send("GUILD_CREATE", guild.payload(bot))

    def _resume(self, connection: Connection, data: Payload) -> int | None:
        if text(data, "token") != self.token:
            return TOKEN_REFUSED
        for session in self.sessions:
            if session.id == text(data, "session_id"):
                self.resumes += 1
                session.connection = connection
                session.replay(after=number(data, "seq"))
                session.send("RESUMED", {})
                return None
        connection.queue(_frame(INVALID_SESSION, data=False))
        return None

    def _forget(self, connection: Connection) -> None:
        """A clean goodbye ends the session; anything else leaves it to be resumed."""
        clean = connection.socket.close_code in (1000, 1001)
        for session in [each for each in self.sessions if each.connection is connection]:
            session.connection = None
            if clean:
                self.sessions.remove(session)


def _shard(data: Payload) -> tuple[int, int]:
    shard = data.get("shard")
    return (int(shard[0]), int(shard[1])) if isinstance(shard, list) else (0, 1)


def _frame(op: int, data: object, *, sequence: int | None = None, event: str | None = None) -> str:
    return json.dumps({"op": op, "d": data, "s": sequence, "t": event})
