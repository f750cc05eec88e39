"""Sends screens into channels, once, and says what became of them."""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
import discord

from bot.core.people import ChannelId, MessageId, PersonId
from bot.core.screens import Screen
from bot.discord_io.rendering import view_of
from bot.discord_io.rest_door import DoorClosed, RestDoor
from bot.services.deliveries import Trace
from bot.services.ports import DeliveryOutcome, Lane

log = logging.getLogger(__name__)

CANNOT_SEND_TO_THIS_PERSON = 50007
NO_SERVER_IN_COMMON = 50278
UNKNOWN_CHANNEL = 10003
UNREACHABLE_CODES = frozenset({CANNOT_SEND_TO_THIS_PERSON, NO_SERVER_IN_COMMON, UNKNOWN_CHANNEL})

# Beyond discord.py's own tries. All end within the minutes for which Discord remembers a nonce, so
# that a second try after an unknown outcome shows nothing twice.
PAUSES = {
    Lane.CRISIS: (1.0, 2.0, 4.0, 8.0, 15.0, 30.0),
    Lane.DELIVERY: (2.0, 5.0),
    Lane.CATCH_UP: (),
}
FAILURES = (
    aiohttp.ClientError, OSError, TimeoutError, discord.DiscordServerError, discord.RateLimited,
)  # fmt: skip
RECENT_MESSAGES = 15
PRACTICE = "practice."


class DiscordMessenger:
    """The Messenger port over discord.py."""

    def __init__(self, client: discord.Client, door: RestDoor) -> None:
        self._client = client
        self._door = door

    async def send(
        self, channel: ChannelId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        """Send once, trying again where the outcome is unknown: `key` is the nonce."""
        outcome = await self._try_to_send(channel, screen, key, lane)
        for pause in PAUSES[lane]:
            if outcome is not DeliveryOutcome.TRY_LATER:
                break
            await asyncio.sleep(pause)
            outcome = await self._try_to_send(channel, screen, key, lane)
        return outcome

    async def send_to(
        self, person: PersonId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        """Send into the person's DM, opening it first."""
        try:
            with self._door.lane(lane):
                channel = await self._client.create_dm(discord.Object(person))
        except discord.HTTPException as error:
            return _outcome_of(error)
        except (*FAILURES, DoorClosed):
            return DeliveryOutcome.TRY_LATER
        return await self.send(ChannelId(channel.id), screen, key=key, lane=lane)

    async def find_sent(self, person: PersonId, key: str) -> Trace:
        """Look in the person's DM for a message of ours whose buttons carry `key`."""
        try:
            channel = await self._client.create_dm(discord.Object(person))
        except (*FAILURES, discord.HTTPException, DoorClosed):
            return Trace.CANNOT_LOOK
        messages = await self._find_own_messages(ChannelId(channel.id))
        if messages is None:
            return Trace.CANNOT_LOOK
        carried = (key in each for message in messages for each in _custom_ids(message))
        return Trace.FOUND if any(carried) else Trace.NOT_THERE

    async def has_written_in(self, channel: ChannelId) -> bool:
        """Tell whether we ever wrote there; True where it can't be known now."""
        messages = await self._find_own_messages(channel)
        return messages is None or bool(messages)

    async def end_practices(self, channel: ChannelId, *, shown: Screen) -> Sequence[MessageId]:
        """Turn the practice that is under way there into `shown`; return what was edited."""
        ended: list[MessageId] = []
        for message in await self._find_own_messages(channel) or []:
            if _is_practice(message):
                await message.edit(content=shown.text, view=view_of(shown))
                ended.append(MessageId(message.id))
        return ended

    async def _find_own_messages(self, channel: ChannelId) -> list[discord.Message] | None:
        partial = self._client.get_partial_messageable(channel)
        try:
            messages = [each async for each in partial.history(limit=RECENT_MESSAGES)]
        except (*FAILURES, discord.HTTPException, DoorClosed):
            return None
        me = self._client.user
        return [each for each in messages if me is not None and each.author.id == me.id]

    async def _try_to_send(
        self, channel: ChannelId, screen: Screen, key: str, lane: Lane
    ) -> DeliveryOutcome:
        partial = self._client.get_partial_messageable(channel)
        try:
            with self._door.lane(lane):
                await partial.send(
                    screen.text, view=view_of(screen), nonce=key, suppress_embeds=True
                )
        except discord.HTTPException as error:
            return _outcome_of(error)
        except (*FAILURES, DoorClosed) as error:
            log.warning("message.not_sent", extra={"kind": type(error).__name__, "lane": lane})
            return DeliveryOutcome.TRY_LATER
        return DeliveryOutcome.SENT


def _outcome_of(error: discord.HTTPException) -> DeliveryOutcome:
    outcome = (
        DeliveryOutcome.UNREACHABLE
        if error.code in UNREACHABLE_CODES
        else DeliveryOutcome.TRY_LATER
    )
    log.warning(
        "message.not_sent",
        extra={"status": error.status, "code": error.code, "outcome": outcome},
    )
    return outcome


def _is_practice(message: discord.Message) -> bool:
    return any(each.startswith(PRACTICE) for each in _custom_ids(message))


def _custom_ids(message: discord.Message) -> list[str]:
    rows = (row for row in message.components if isinstance(row, discord.ActionRow))
    return [getattr(child, "custom_id", None) or "" for row in rows for child in row.children]
