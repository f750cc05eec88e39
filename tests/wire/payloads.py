"""JSON objects as they come and go on the wire, read with their types checked."""

import json

from aiohttp import web

Payload = dict[str, object]

# discord.py takes a 429 without this header for a ban by the network in front of Discord.
VIA = {"Via": "1.1 wire"}


def parsed(body: str | bytes) -> Payload:
    """Return the object in `body`; what is not an object counts as an empty one."""
    value: object = json.loads(body) if body else {}
    return value if isinstance(value, dict) else {"items": value}


def text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    return "" if value is None else str(value)


def number(payload: Payload, name: str) -> int:
    """Return a number or an id, which Discord writes as text."""
    value = payload.get(name)
    return int(value) if isinstance(value, int | str) and value != "" else 0


def inner(payload: Payload, name: str) -> Payload:
    value = payload.get(name)
    return value if isinstance(value, dict) else {}


def items(payload: Payload, name: str) -> list[Payload]:
    value = payload.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def answer(
    payload: object = None, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Build an answer as Discord does: the bare content type, or no content at all."""
    extra = VIA | (headers or {})
    if payload is None:
        return web.Response(status=204, headers=extra)
    extra["Content-Type"] = "application/json"
    return web.Response(status=status, body=json.dumps(payload).encode(), headers=extra)


class Refusal(Exception):
    """Discord says no: a status with its own error code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def as_answer(self) -> web.Response:
        return answer({"message": str(self), "code": self.code}, status=self.status)
