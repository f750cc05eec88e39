"""People of the simulated world, by what they can do and see."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import discord
import simcord
from simcord.actors import _component_interaction
from simcord.builders import ChannelHandle, UserHandle
from simcord.results import InteractionResult

from bot.discord_io.client import HandrailBot

CANNOT_DM = 50007
# The bot has something to look at every minute; more than this at once wears patience out.
LONGEST_STEP_SECONDS = 1800
UNKNOWN_INTERACTION = 10062


@dataclass
class Stage:
    """The simulated Discord, and the means to restart the bot in it."""

    env: simcord.Env
    build: Callable[[], HandrailBot] | None = None

    async def restart(self) -> None:
        """Stop the bot and start a new one that remembers nothing."""
        assert self.build is not None
        await self.env.bot.close()
        await self.env.restart_bot(self.build())

    async def wait(self, *, seconds: float) -> None:
        while seconds > 0:
            await self.env.advance_time(min(seconds, LONGEST_STEP_SECONDS))
            seconds -= LONGEST_STEP_SECONDS

    def client(self, name: str) -> "Client":
        return Client(self.env, self.env.create_user(name))

    @property
    def sent(self) -> list[str]:
        """Every message that the bot put into a channel by itself, as it went out."""
        return [
            str(request.json["content"])
            for request in self.env.http_requests
            if request.json and request.method == "POST" and request.path.endswith("/messages")
        ]


@dataclass
class Client:
    """Somebody in their DM with the bot."""

    env: simcord.Env
    user: UserHandle

    @property
    def dm(self) -> ChannelHandle:
        return self.user.dm_channel

    @property
    def shown(self) -> discord.Message:
        """The last message in the DM."""
        message = self.dm.last_message
        assert message is not None
        return message

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Label and custom_id of the buttons shown last."""
        return buttons(self.shown)

    @property
    def messages_from_us(self) -> list[discord.Message]:
        me = self.env.bot.user
        assert me is not None
        return [each for each in self.dm.history() if each.author.id == me.id]

    async def write(self, text: str, **more: object) -> None:
        await self.user.send_dm(text, **more)

    async def slash(self, name: str, /, **options: object) -> InteractionResult:
        answer: InteractionResult = await self.user.slash(name, **options)
        return answer

    async def press(self, label: str, on: discord.Message | None = None) -> InteractionResult:
        """Press a button of the last message, or of an older one."""
        answer: InteractionResult = await self.user.click(on or self.shown, label=label)
        return answer

    async def press_twice(self, label: str) -> None:
        """Press a button that the first press has already replaced, as a double click does."""
        message = self.shown
        [custom_id] = [each for name, each in buttons(message) if name == label]
        await self.user.click(message, label=label)
        stored = self.env.backend.get_message(self.dm.id, message.id)
        data = {"custom_id": custom_id, "component_type": discord.ComponentType.button.value}
        await _component_interaction(self.user, stored, data)

    async def choose(self, value: str, on: discord.Message | None = None) -> InteractionResult:
        answer: InteractionResult = await self.user.select(on or self.shown, [value])
        return answer

    async def submit(self, shown: InteractionResult, text: str) -> InteractionResult:
        """Type into the one field of a modal."""
        assert shown.modal is not None
        answer: InteractionResult = await self.user.submit_modal(shown, {"text": text})
        return answer

    def expire_next_interaction(self) -> None:
        """The next press or command reaches the bot too late to be answered."""
        self.env.inject_error(
            "POST", "/interactions/*/callback", status=404, code=UNKNOWN_INTERACTION
        )

    def open_dms(self) -> None:
        self.env.backend.faults.clear()

    def close_dms(self) -> None:
        self.env.inject_error(
            "POST", f"/channels/{self.dm.id}/messages", status=403, code=CANNOT_DM, times=None
        )


def labels(message: discord.Message) -> list[str]:
    """The buttons of a message, in order."""
    return [label for label, _ in buttons(message)]


def buttons(message: discord.Message) -> list[tuple[str, str]]:
    """Label and custom_id of every button, in order."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [
        (str(child.label), str(child.custom_id))
        for row in rows
        for child in row.children
        if isinstance(child, discord.Button)
    ]


def menu_of(message: discord.Message) -> discord.SelectMenu | None:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    menus = [each for row in rows for each in row.children if isinstance(each, discord.SelectMenu)]
    return menus[0] if menus else None


@dataclass
class Practice:
    """Thea's practice: a therapist, two clients to be, and somebody whom one of them trusts."""

    stage: Stage
    thea: Client
    cleo: Client
    sam: Client
    dana: Client

    async def invite(self, label: str) -> str:
        """Thea asks somebody in; return the code she passes on."""
        await self.thea.slash("client invite", label=label, name="Thea")
        return code_in(self.thea.shown.content)

    async def link(self, client: Client, label: str) -> None:
        """Somebody joins with every tick, and shows that messages arrive."""
        await client.slash("join", code=await self.invite(label))
        for each in [name for name in labels(client.shown) if name.endswith(": no")]:
            await client.press(each)
        await client.press("Join")
        await self.stage.wait(seconds=2)
        await client.press("It arrived")


def code_in(text: str) -> str:
    """The code in a text that is passed on."""
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert found is not None, text
    return found[0]
