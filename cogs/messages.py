"""What people write to us: in their DM, and in channels where they mention us or we may read."""

from datetime import UTC, datetime

import discord
from discord.ext import commands

from bot.core.people import ChannelId, GuildId, MessageId, PersonId
from bot.discord_io.client import HandrailBot
from bot.services.channel_messages import ChannelMessage, ChannelMessageService
from bot.services.direct_messages import DirectMessage, DirectMessageService
from bot.services.preferences import PreferenceService


class MessagesCog(commands.Cog):
    """Hands messages to the services; in a guild only from the listed ones, or with a mention."""

    def __init__(
        self,
        bot: HandrailBot,
        *,
        direct: DirectMessageService,
        channels: ChannelMessageService,
        preferences: PreferenceService,
        watched: frozenset[GuildId],
    ) -> None:
        self.bot = bot
        self.direct = direct
        self.channels = channels
        self.preferences = preferences
        self.watched = watched

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message of a person."""
        # Our own ephemeral answers arrive without a guild too.
        if message.author.bot or message.type not in {
            discord.MessageType.default,
            discord.MessageType.reply,
        }:
            return
        if message.guild is None:
            await self.direct.receive(self._direct(message))
        elif self._may_read(message):
            await self.channels.receive(self._in_channel(message))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited DM where it now says words of crisis."""
        message = payload.message
        if message.author.bot or message.guild is not None or payload.guild_id is not None:
            return
        edited_at = message.edited_at or datetime.fromtimestamp(0, UTC)
        await self.direct.receive_edit(self._direct(message), edited_at=edited_at)

    def _direct(self, message: discord.Message) -> DirectMessage:
        return DirectMessage(
            id=MessageId(message.id),
            channel=ChannelId(message.channel.id),
            reader=self.preferences.reader(PersonId(message.author.id)),
            text=_text_of(message),
            has_media=bool(message.attachments or message.stickers or message.poll),
        )

    def _in_channel(self, message: discord.Message) -> ChannelMessage:
        return ChannelMessage(
            id=MessageId(message.id),
            channel=ChannelId(message.channel.id),
            reader=self.preferences.reader(PersonId(message.author.id)),
            text=_text_of(message),
            mentions_us=self._mentions_us(message),
        )

    def _may_read(self, message: discord.Message) -> bool:
        guild = message.guild
        return self._mentions_us(message) or (guild is not None and guild.id in self.watched)

    def _mentions_us(self, message: discord.Message) -> bool:
        return self.bot.user is not None and any(
            each.id == self.bot.user.id for each in message.mentions
        )


def _text_of(message: discord.Message) -> str:
    # A forwarded message has its words in a snapshot.
    forwarded = (each.content for each in message.message_snapshots)
    return "\n".join(filter(None, (message.content, *forwarded)))
