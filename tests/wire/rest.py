"""The stand-in's REST routes, as far as a bot like ours calls them."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from tests.wire.faults import API, Faults, Handler
from tests.wire.interactions import Interactions
from tests.wire.messages import Messages
from tests.wire.payloads import Payload, Refusal, answer, items, number, parsed, text
from tests.wire.state import Channel, World

# These carry their secret in the path.
NO_TOKEN_NEEDED = ("/interactions/", "/webhooks/")
BODY = web.RequestKey("body", Payload)


@dataclass(slots=True)
class Request:
    """One request as it arrived; times are monotonic seconds."""

    at: float
    method: str
    path: str
    body: Payload
    status: int | None = None
    answered_at: float | None = None


class Rest:
    """Routes and what stands around them: the log, the token check and the faults."""

    def __init__(
        self, world: World, messages: Messages, interactions: Interactions, *, token: str
    ) -> None:
        self.faults = Faults()
        self.requests: list[Request] = []
        self.gateway_url = ""
        self._world = world
        self._messages = messages
        self._interactions = interactions
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        table: list[tuple[str, str, Callable[[web.Request], Awaitable[web.Response]]]] = [
            ("GET", "/gateway/bot", self._gateway),
            ("GET", "/users/@me", self._me),
            ("GET", "/users/{user}", self._user),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/applications/{app}/commands", self._list_commands),
            ("PUT", "/applications/{app}/commands", self._set_commands),
            ("GET", "/channels/{channel}", self._get_channel),
            ("POST", "/channels/{channel}/typing", self._nothing),
            ("GET", "/channels/{channel}/messages", self._history),
            ("POST", "/channels/{channel}/messages", self._post),
            ("GET", "/channels/{channel}/messages/{message}", self._get_message),
            ("PATCH", "/channels/{channel}/messages/{message}", self._edit),
            ("DELETE", "/channels/{channel}/messages/{message}", self._delete),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            ("POST", "/interactions/{id}/{token}/callback", self._callback),
            ("POST", "/webhooks/{app}/{token}", self._follow_up),
            ("GET", "/webhooks/{app}/{token}/messages/{which}", self._get_follow_up),
            ("PATCH", "/webhooks/{app}/{token}/messages/{which}", self._edit_follow_up),
            ("DELETE", "/webhooks/{app}/{token}/messages/{which}", self._delete_follow_up),
            ("*", "/{anything:.*}", self._unknown),
        ]
        return [web.route(method, API + path, handler) for method, path, handler in table]

    @web.middleware
    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Log, then apply faults, then check the token, then answer."""
        if not request.path.startswith(API):
            return await handler(request)
        request[BODY] = await _read_body(request)
        path = request.path.removeprefix(API)
        noted = Request(time.monotonic(), request.method, path, request[BODY])
        self.requests.append(noted)

        async def checked(request: web.Request) -> web.StreamResponse:
            try:
                self._check_token(request, path)
                return await handler(request)
            except Refusal as refusal:
                return refusal.as_answer()

        response = await self.faults.around(request, checked)
        noted.status, noted.answered_at = response.status, time.monotonic()
        return response

    def _check_token(self, request: web.Request, path: str) -> None:
        known = request.headers.get("Authorization") == f"Bot {self._token}"
        if not known and not path.startswith(NO_TOKEN_NEEDED):
            raise Refusal(401, 0, "401: Unauthorized")

    async def _gateway(self, _request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return answer({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})

    async def _me(self, _request: web.Request) -> web.Response:
        return answer(self._world.bot.payload())

    async def _user(self, request: web.Request) -> web.Response:
        user = self._world.users.get(_id(request, "user"))
        if user is None:
            raise Refusal(404, 10013, "Unknown User")
        return answer(user.payload())

    async def _member(self, request: web.Request) -> web.Response:
        user = self._world.users.get(_id(request, "user"))
        if user is None or _id(request, "guild") not in self._world.guilds:
            raise Refusal(404, 10007, "Unknown Member")
        return answer(user.as_member())

    async def _application(self, _request: web.Request) -> web.Response:
        bot = self._world.bot
        owner = {"id": "1", "username": "owner", "discriminator": "0", "avatar": None}
        about: Payload = {"id": str(bot.id), "name": bot.name, "description": "", "icon": None}
        flags: Payload = {"bot_public": True, "bot_require_code_grant": False, "flags": 0}
        return answer(about | flags | {"owner": owner, "verify_key": "", "team": None})

    async def _list_commands(self, _request: web.Request) -> web.Response:
        return answer(list(self._world.commands.values()))

    async def _set_commands(self, request: web.Request) -> web.Response:
        self._world.commands = {
            text(each, "name"): self._registered(each) for each in items(request[BODY], "items")
        }
        return await self._list_commands(request)

    def _registered(self, command: Payload) -> Payload:
        own_ids: Payload = {
            "id": str(self._world.next_id()),
            "application_id": str(self._world.bot.id),
            "version": "1",
        }
        return {"type": 1, "default_member_permissions": None} | command | own_ids

    async def _open_dm(self, request: web.Request) -> web.Response:
        user = self._world.users.get(number(request[BODY], "recipient_id"))
        if user is None:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return answer(self._world.dm_of(user).payload())

    async def _get_channel(self, request: web.Request) -> web.Response:
        return answer(self._channel(request).payload())

    async def _nothing(self, _request: web.Request) -> web.Response:
        return answer()

    async def _history(self, request: web.Request) -> web.Response:
        asked = {
            name: int(request.query[name])
            for name in ("before", "after", "limit")
            if name in request.query
        }
        page = self._messages.history(self._channel(request), **asked)
        return answer([message.payload() for message in page])

    async def _post(self, request: web.Request) -> web.Response:
        message = self._messages.post_by_bot(self._channel(request), request[BODY])
        return answer(message.payload())

    async def _get_message(self, request: web.Request) -> web.Response:
        return answer(self._messages.get(self._channel(request), _id(request, "message")).payload())

    async def _edit(self, request: web.Request) -> web.Response:
        message = self._messages.get(self._channel(request), _id(request, "message"))
        self._messages.edit(message, request[BODY])
        return answer(message.payload())

    async def _delete(self, request: web.Request) -> web.Response:
        self._messages.delete(self._messages.get(self._channel(request), _id(request, "message")))
        return answer()

    async def _callback(self, request: web.Request) -> web.Response:
        receipt = self._interactions.take_answer(request.match_info["token"], request[BODY])
        return answer(receipt) if "with_response" in request.query else answer()

    async def _follow_up(self, request: web.Request) -> web.Response:
        message = self._interactions.follow_up(request.match_info["token"], request[BODY])
        return answer(message.payload())

    async def _get_follow_up(self, request: web.Request) -> web.Response:
        found = self._interactions.find_message(
            request.match_info["token"], request.match_info["which"]
        )
        return answer(found.payload())

    async def _edit_follow_up(self, request: web.Request) -> web.Response:
        found = self._interactions.find_message(
            request.match_info["token"], request.match_info["which"]
        )
        self._messages.edit(found, request[BODY])
        return answer(found.payload())

    async def _delete_follow_up(self, request: web.Request) -> web.Response:
        found = self._interactions.find_message(
            request.match_info["token"], request.match_info["which"]
        )
        self._messages.delete(found)
        return answer()

    async def _unknown(self, _request: web.Request) -> web.Response:
        raise Refusal(404, 0, "404: Not Found")

    def _channel(self, request: web.Request) -> Channel:
        channel = self._world.channels.get(_id(request, "channel"))
        if channel is None:
            raise Refusal(404, 10003, "Unknown Channel")
        return channel


def _id(request: web.Request, name: str) -> int:
    value = request.match_info[name]
    return int(value) if value.isdigit() else 0


async def _read_body(request: web.Request) -> Payload:
    """Return the JSON of a request; files of a form become attachments of it."""
    if not request.content_type.startswith("multipart/"):
        return parsed(await request.read())
    body: Payload = {}
    files: list[Payload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = parsed(content)
        else:
            files.append(_attachment(len(files), part.filename or "file", len(content)))
    # An interaction's answer has its message one level down.
    data = body.get("data")
    target = data if isinstance(data, dict) else body
    target["attachments"] = files
    return body


def _attachment(position: int, filename: str, size: int) -> Payload:
    url = f"https://cdn.invalid/{position}/{filename}"
    place: Payload = {"id": str(position), "url": url, "proxy_url": url}
    return place | {"filename": filename, "size": size}
