"""Posting, editing and deleting messages, with Discord's memory of nonces."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.wire.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from tests.wire.payloads import Payload, Refusal, items, number, text
from tests.wire.state import Channel, Message, User, World

MOST_CHARACTERS = 2000
KEPT = ("content", "components", "embeds", "flags", "attachments")
LOADING = 1 << 7


@dataclass(slots=True)
class Messages:
    """Everything that may happen to a message; the gateway hears of each."""

    world: World
    gateway: Gateway
    # Discord says "a few minutes"; tests make it shorter.
    nonce_memory: timedelta = timedelta(minutes=5)
    _nonces: dict[tuple[int, str], tuple[float, Message]] = field(default_factory=dict)

    def post_by_bot(self, channel: Channel, body: Payload) -> Message:
        """Post, unless DMs are closed or the same nonce was used here a moment ago."""
        if channel.is_private:
            raise Refusal(403, 50001, "Missing Access")
        if channel.recipient is not None and channel.recipient.id in self.world.closed_dms:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if body.get("enforce_nonce") and (earlier := self._find_earlier(channel, body)):
            return earlier
        return self.post(channel, self.world.bot, body)

    def post(
        self, channel: Channel, author: User, body: Payload, *, only_for: User | None = None
    ) -> Message:
        """Store a message and tell the gateway; Refusal where Discord would not take it."""
        _check(body)
        nonce = text(body, "nonce") or None
        kept = {name: body[name] for name in KEPT if body.get(name) is not None}
        mentions = self.world.mentioned_in(text(body, "content"))
        new_id = self.world.next_id()
        message = Message(new_id, channel, author, kept, only_for, nonce, mentions)
        self.world.messages[message.id] = message
        if nonce:
            self._nonces[channel.id, nonce] = (time.monotonic(), message)
        self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, body: Payload) -> None:
        """Change what is given and leave the rest."""
        changed = message.body | {name: body[name] for name in KEPT if name in body}
        changed["flags"] = number(changed, "flags") & ~LOADING | number(message.body, "flags") & 64
        _check(changed)
        message.body = changed
        message.edited_at = datetime.now(UTC)
        self._tell("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        message.is_deleted = True
        gone: Payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
        self.gateway.send("MESSAGE_DELETE", gone, guild_id=message.channel.guild_id)

    def get(self, channel: Channel, message_id: int) -> Message:
        message = self.world.messages.get(message_id)
        if message is None or message.is_deleted or message.channel.id != channel.id:
            raise Refusal(404, 10008, "Unknown Message")
        return message

    def history(
        self, channel: Channel, *, before: int = 0, after: int = 0, limit: int = 50
    ) -> list[Message]:
        """Return a page, newest first; with `after`, the page that follows it."""
        found = [each for each in self.world.messages_in(channel) if each.only_for is None]
        if after:
            return [each for each in found if each.id > after][:limit][::-1]
        return [each for each in found if not before or each.id < before][::-1][:limit]

    def _find_earlier(self, channel: Channel, body: Payload) -> Message | None:
        at, message = self._nonces.get((channel.id, text(body, "nonce")), (0.0, None))
        if message is None or time.monotonic() - at > self.nonce_memory.total_seconds():
            return None
        if message.is_deleted:
            raise Refusal(404, 10008, "Unknown Message")
        return message

    def _tell(self, event: str, message: Message) -> None:
        if message.channel.is_private:
            return
        payload, guild_id = message.payload(), message.channel.guild_id
        if guild_id is None or message.only_for is not None:
            # An ephemeral reply reaches its bot without naming a server.
            self.gateway.send(event, payload, intent=DIRECT_MESSAGES | GUILD_MESSAGES)
            return
        payload |= {"guild_id": str(guild_id), "member": message.author.as_member()}
        bot = self.world.bot
        hidden = message.author != bot and bot not in message.mentions
        emptied = payload | {"content": "", "components": [], "embeds": [], "attachments": []}
        self.gateway.send(
            event,
            payload,
            guild_id=guild_id,
            intent=GUILD_MESSAGES,
            without_content=emptied if hidden else None,
        )


def _check(body: Payload) -> None:
    if len(text(body, "content")) > MOST_CHARACTERS:
        raise Refusal(400, 50035, "Invalid Form Body")
    says_something = any(body.get(name) for name in ("content", "components", "embeds"))
    if not (says_something or items(body, "attachments") or number(body, "flags") & LOADING):
        raise Refusal(400, 50006, "Cannot send an empty message")
