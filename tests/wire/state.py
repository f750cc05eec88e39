"""Who and what exists in the stand-in: people, servers, channels and their messages."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.wire.payloads import Payload, inner, items, number, text

DISCORD_EPOCH_MS = 1_420_070_400_000
EPHEMERAL = 1 << 6
ALL_PERMISSIONS = str((1 << 50) - 1)
JOINED_AT = "2026-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the bot."""

    id: int
    name: str
    locale: str = "en-US"
    is_bot: bool = False

    def payload(self) -> Payload:
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.is_bot,
            "locale": self.locale,
            "verified": True,
            "mfa_enabled": False,
            "flags": 0,
            "public_flags": 0,
        }

    def as_member(self) -> Payload:
        return {
            "user": self.payload(),
            "roles": [],
            "joined_at": JOINED_AT,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": ALL_PERMISSIONS,
        }


@dataclass(frozen=True, slots=True)
class Channel:
    """A server's text channel, or a DM when `recipient` is set.

    `is_private`: the DM of two people; the bot is not in it and only answers there.
    """

    id: int
    name: str = ""
    guild_id: int | None = None
    recipient: User | None = None
    is_private: bool = False

    @property
    def context(self) -> int:
        """Discord's number for such a place: a server, the bot's own DM, or people's own."""
        if self.guild_id is not None:
            return 0
        return 2 if self.is_private else 1

    def payload(self) -> Payload:
        if self.recipient is not None:
            dm: Payload = {"id": str(self.id), "type": 1, "flags": 0, "last_message_id": None}
            return dm | {"recipients": [self.recipient.payload()]}
        return {
            "id": str(self.id),
            "type": 0,
            "name": self.name,
            "guild_id": str(self.guild_id),
            "position": 0,
            "nsfw": False,
            "parent_id": None,
            "permission_overwrites": [],
            "permissions": ALL_PERMISSIONS,
        }


@dataclass(frozen=True, slots=True)
class Guild:
    """A server."""

    id: int
    name: str
    channels: tuple[Channel, ...]

    def payload(self, bot: User) -> Payload:
        everyone = {"id": str(self.id), "name": "@everyone", "permissions": ALL_PERMISSIONS}
        role = everyone | {"color": 0, "colors": {"primary_color": 0}, "hoist": False}
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": "1",
            "member_count": 10,
            "large": False,
            "unavailable": False,
            "joined_at": JOINED_AT,
            "preferred_locale": "en-US",
            "roles": [role | {"position": 0, "managed": False, "mentionable": False, "flags": 0}],
            "channels": [channel.payload() for channel in self.channels],
            "members": [bot.as_member()],
            "features": [],
            "emojis": [],
            "stickers": [],
            "threads": [],
            "presences": [],
            "voice_states": [],
        }


@dataclass(slots=True)
class Message:
    """A message as people see it; an edit changes it in place."""

    id: int
    channel: Channel
    author: User
    body: Payload
    only_for: User | None = None
    nonce: str | None = None
    mentions: tuple[User, ...] = ()
    edited_at: datetime | None = None
    is_deleted: bool = False

    @property
    def content(self) -> str:
        return text(self.body, "content")

    @property
    def is_ephemeral(self) -> bool:
        return bool(number(self.body, "flags") & EPHEMERAL)

    @property
    def components(self) -> list[Payload]:
        """Every button and menu, in reading order."""
        return [each for each in walk(items(self.body, "components")) if "custom_id" in each]

    @property
    def labels(self) -> list[str]:
        return [text(each, "label") for each in self.components if "label" in each]

    def component(self, which: str) -> Payload:
        """Return the component with this custom_id or label; LookupError where there is none."""
        for each in self.components:
            if which in (text(each, "custom_id"), text(each, "label")):
                return each
        raise LookupError(f"no {which!r} among {self.labels}")

    def payload(self) -> Payload:
        return {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "content": self.content,
            "components": items(self.body, "components"),
            "embeds": items(self.body, "embeds"),
            "attachments": items(self.body, "attachments"),
            "flags": number(self.body, "flags"),
            "timestamp": created_at(self.id).isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "type": 0,
        } | ({"nonce": self.nonce} if self.nonce else {})


def walk(components: list[Payload]) -> Iterator[Payload]:
    """Yield every component and those inside it: rows, sections, containers and labels."""
    for each in components:
        yield each
        yield from walk(items(each, "components"))
        for name in ("component", "accessory"):
            yield from walk([inner(each, name)] if inner(each, name) else [])


def created_at(snowflake: int) -> datetime:
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000, UTC)


@dataclass(slots=True)
class World:
    """Everything that survives a restart of the bot."""

    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    dms: dict[int, Channel] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    commands: dict[str, Payload] = field(default_factory=dict)
    closed_dms: set[int] = field(default_factory=set)
    bot: User = field(init=False)
    _last_id: int = 0

    def __post_init__(self) -> None:
        self.bot = self.add_user("Handrail", is_bot=True)

    def next_id(self) -> int:
        """Return a fresh snowflake: it tells the time, and a later one is always higher."""
        now_ms = time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS
        self._last_id = max(self._last_id + 1, now_ms << 22)
        return self._last_id

    def add_user(self, name: str, *, locale: str = "en-US", is_bot: bool = False) -> User:
        user = User(self.next_id(), name, locale, is_bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *channel_names: str) -> Guild:
        guild_id = self.next_id()
        channels = tuple(Channel(self.next_id(), each, guild_id) for each in channel_names)
        self.guilds[guild_id] = Guild(guild_id, name, channels)
        self.channels.update((channel.id, channel) for channel in channels)
        return self.guilds[guild_id]

    def dm_of(self, user: User) -> Channel:
        """Return the one DM between this person and the bot."""
        if user.id not in self.dms:
            channel = Channel(self.next_id(), recipient=user)
            self.dms[user.id] = self.channels[channel.id] = channel
        return self.dms[user.id]

    def add_private_channel(self, other: User) -> Channel:
        channel = Channel(self.next_id(), recipient=other, is_private=True)
        self.channels[channel.id] = channel
        return channel

    def mentioned_in(self, content: str) -> tuple[User, ...]:
        return tuple(user for user in self.users.values() if f"<@{user.id}>" in content)

    def messages_in(self, channel: Channel) -> list[Message]:
        """Return what stands in a channel, oldest first."""
        return [
            each
            for each in self.messages.values()
            if each.channel.id == channel.id and not each.is_deleted
        ]
