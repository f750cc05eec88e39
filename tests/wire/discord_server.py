"""A small Discord on 127.0.0.1: what people do and see while a real bot is connected."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from tests.wire.faults import API, Faults
from tests.wire.forms import filled_in, focused, slash_data
from tests.wire.gateway import Gateway
from tests.wire.interactions import (
    AUTOCOMPLETE,
    COMPONENT,
    MODAL_SUBMIT,
    SLASH,
    Interaction,
    Interactions,
)
from tests.wire.messages import LOADING, Messages
from tests.wire.payloads import Payload, number, text
from tests.wire.rest import Request, Rest
from tests.wire.state import Channel, Guild, Message, User, World

TOKEN = "wire.token.of-the-stand-in"
PATIENCE = 10.0
POLL = 0.01
# A burst opens hundreds of connections at once; one that is turned away tries again a second later.
BACKLOG = 1024
Found = TypeVar("Found")


class WireDiscord:
    """A running stand-in; enter it with `async with`.

    What people do is a method here and reaches the bot over its gateway; what goes wrong is
    asked of `faults` and `gateway`. `allowed_intents` are the privileged intents that are
    switched on in the stand-in's developer portal.
    """

    def __init__(self, *, token: str = TOKEN, allowed_intents: int = 0) -> None:
        self.token = token
        self.world = World()
        self.gateway = Gateway(self.world, token, allowed_intents)
        self.posts = Messages(self.world, self.gateway)
        self.interactions = Interactions(self.world, self.gateway, self.posts)
        self._rest = Rest(self.world, self.posts, self.interactions, token=token)
        self._runner: web.AppRunner | None = None
        self.api_base = ""

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._rest.around], client_max_size=2**25)
        app.add_routes(self._rest.routes())
        app.router.add_get("/", self.gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=BACKLOG).start()
        address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.api_base = f"http://{address}{API}"
        self.gateway.url = self._rest.gateway_url = f"ws://{address}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gateway.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def faults(self) -> Faults:
        return self._rest.faults

    @property
    def requests(self) -> list[Request]:
        """Every REST request so far, in order of arrival."""
        return self._rest.requests

    def requests_for(self, method: str, ending: str) -> list[Request]:
        return [
            each for each in self.requests if each.method == method and each.path.endswith(ending)
        ]

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to find this Discord, and nothing of the tester's own settings."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "DISCORD_TOKEN": self.token,
            "DISCORD_API_BASE": self.api_base,
        }

    # Who and where

    def user(self, name: str, *, locale: str = "en-US") -> User:
        return self.world.add_user(name, locale=locale)

    def guild(self, name: str, *channels: str) -> Guild:
        """Add a server with the bot in it."""
        joined = self.world.add_guild(name, *channels)
        self.gateway.send("GUILD_CREATE", joined.payload(self.world.bot), guild_id=joined.id)
        return joined

    def private_channel(self, other: User) -> Channel:
        """Return somebody's DM with `other`, where only commands of a person's own apps work."""
        return self.world.add_private_channel(other)

    def close_dm(self, user: User) -> None:
        self.world.closed_dms.add(user.id)

    def open_dm(self, user: User) -> None:
        self.world.closed_dms.discard(user.id)

    # What people do

    async def dm(self, user: User, content: str) -> Message:
        """Write to the bot."""
        return self.posts.post(self.world.dm_of(user), user, {"content": content})

    async def send_picture(self, user: User, *, filename: str = "picture.png") -> Message:
        """Send the bot a file without a word."""
        url = f"https://cdn.invalid/{filename}"
        about = {"id": "1", "filename": filename, "size": 1, "url": url, "proxy_url": url}
        return self.posts.post(self.world.dm_of(user), user, {"attachments": [about]})

    async def say(self, user: User, channel: Channel, content: str) -> Message:
        """Write in a server's channel."""
        return self.posts.post(channel, user, {"content": content})

    async def edit(self, message: Message, content: str) -> None:
        self.posts.edit(message, {"content": content})

    async def slash(
        self,
        user: User,
        name: str,
        *,
        channel: Channel | None = None,
        options: Mapping[str, str | int] | None = None,
        by_person: bool = False,
        within: float = PATIENCE,
    ) -> Interaction:
        """Run a registered command ("group sub" for a subcommand) and wait for the first answer."""
        place = channel or self.world.dm_of(user)
        data = slash_data(self.world, name, options or {}, context=place.context)
        began = self.interactions.start(SLASH, user, place, data, by_person=by_person)
        return await _answered(began, within)

    async def autocomplete(
        self,
        user: User,
        name: str,
        option: str,
        typed: str,
        *,
        channel: Channel | None = None,
        within: float = PATIENCE,
    ) -> list[Payload]:
        """Type into an option and return the choices offered."""
        place = channel or self.world.dm_of(user)
        data = slash_data(self.world, name, {option: typed}, context=place.context)
        focused(data, option)
        began = self.interactions.start(AUTOCOMPLETE, user, place, data)
        return (await _answered(began, within)).choices

    async def click(
        self, message: Message, which: str, *, user: User | None = None, within: float = PATIENCE
    ) -> Interaction:
        """Press the button with this custom_id or label and wait for the first answer."""
        return await self._use(message, which, {}, user=user, within=within)

    async def select(
        self,
        message: Message,
        which: str,
        *values: str,
        user: User | None = None,
        within: float = PATIENCE,
    ) -> Interaction:
        """Choose values in the menu with this custom_id."""
        return await self._use(message, which, {"values": list(values)}, user=user, within=within)

    async def submit_modal(
        self, opened: Interaction, words: Mapping[str, str], *, within: float = PATIENCE
    ) -> Interaction:
        """Fill in fields, by custom_id or label, of the modal that `opened` brought, and send."""
        data = filled_in(opened.modal, words)
        began = self.interactions.start(
            MODAL_SUBMIT, opened.user, opened.channel, data, source=opened.source
        )
        return await _answered(began, within)

    async def _use(
        self, message: Message, which: str, extra: Payload, *, user: User | None, within: float
    ) -> Interaction:
        person = user or message.only_for or message.channel.recipient
        if person is None:
            raise LookupError("say who presses it")
        component = message.component(which)
        data: Payload = {
            "custom_id": text(component, "custom_id"),
            "component_type": number(component, "type"),
            "id": number(component, "id"),
        }
        began = self.interactions.start(
            COMPONENT, person, message.channel, data | extra, source=message
        )
        return await _answered(began, within)

    # What people see

    def messages(self, place: Channel | User) -> list[Message]:
        """Return what stands in a channel or in someone's DM, oldest first."""
        channel = self.world.dm_of(place) if isinstance(place, User) else place
        return [
            each
            for each in self.world.messages_in(channel)
            if not number(each.body, "flags") & LOADING
        ]

    def from_bot(self, place: Channel | User, *, after: Message | None = None) -> list[Message]:
        """Return the bot's messages there, those after a certain one if given."""
        return [
            each
            for each in self.messages(place)
            if each.author == self.world.bot and (after is None or each.id > after.id)
        ]

    async def wait_for_message(
        self,
        place: Channel | User,
        *,
        after: Message | None = None,
        containing: str = "",
        within: float = PATIENCE,
    ) -> Message:
        """Wait for the bot to say something there; TimeoutError if it does not."""

        def find() -> Message | None:
            fitting = (
                each for each in self.from_bot(place, after=after) if containing in each.content
            )
            return next(fitting, None)

        return await until(find, within=within)

    def find_ready_at(self, *, after: float) -> float | None:
        """Return when (monotonic) a bot with commands identified after `after`, None before."""
        at = self.gateway.ready_at
        return at if at is not None and at >= after and self.world.commands else None


async def until(find: Callable[[], Found | None], *, within: float = PATIENCE) -> Found:
    """Look again and again until there is something; TimeoutError after `within` seconds."""
    deadline = time.monotonic() + within
    while (found := find()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came within {within} s")
        await asyncio.sleep(POLL)
    return found


async def _answered(began: Interaction, within: float) -> Interaction:
    async with asyncio.timeout(within):
        await began.done.wait()
    return began
