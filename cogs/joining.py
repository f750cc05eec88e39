"""`/join`, the ticks under an invitation, and the button that proves a message arrived."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.actions import Action
from bot.core.people import CareLinkId, ChannelId, InvitationId, Reader
from bot.core.screens import Screen
from bot.discord_io.actions import on_press
from bot.discord_io.answers import is_own_dm
from bot.discord_io.client import HandrailBot
from bot.services.joining import JoiningService, Ticks

LONGEST_CODE = 40


class JoiningCog(commands.Cog):
    """Translates between Discord and joining."""

    def __init__(self, bot: HandrailBot, joining: JoiningService) -> None:
        self.bot = bot
        self.joining = joining

    @app_commands.command(name="join", description="Use a code that somebody gave you")
    @app_commands.describe(code="The code, for example ABCD-EFGH")
    async def join(
        self, interaction: discord.Interaction, code: app_commands.Range[str, 1, LONGEST_CODE]
    ) -> None:
        """Show what the code stands for."""
        reader = self._reader(interaction)
        screen = (
            await self.joining.open(reader, code)
            if is_own_dm(interaction)
            else self.joining.only_in_dm(reader)
        )
        await self._show(interaction, screen)

    @on_press("join.choose")
    async def choose(self, interaction: discord.Interaction, action: Action) -> None:
        """Take one of the ticks."""
        invitation, ticks = _invitation(action), Ticks.decode(action.argument(1))
        screen = await self.joining.choose(self._reader(interaction), invitation, ticks)
        await self._show(interaction, screen)

    @on_press("join.join")
    async def accept(self, interaction: discord.Interaction, action: Action) -> None:
        """[Join]."""
        invitation, ticks = _invitation(action), Ticks.decode(action.argument(1))
        channel = ChannelId(interaction.channel_id or 0)
        reader = self._reader(interaction)
        screen = (
            await self.joining.join(reader, invitation, ticks, channel)
            if is_own_dm(interaction)
            else self.joining.only_in_dm(reader)
        )
        await self._show(interaction, screen)

    @on_press("join.decline")
    async def decline(self, interaction: discord.Interaction, _: Action) -> None:
        """[No, thanks]."""
        await self._show(interaction, self.joining.decline(self._reader(interaction)))

    @on_press("join.arrived")
    async def arrived(self, interaction: discord.Interaction, action: Action) -> None:
        """Take [It arrived]."""
        link = CareLinkId(action.argument(0))
        await self._show(interaction, await self.joining.arrived(self._reader(interaction), link))

    @on_press("join.again")
    async def send_again(self, interaction: discord.Interaction, action: Action) -> None:
        """[Nothing came, send it again]."""
        link = CareLinkId(action.argument(0))
        screen = await self.joining.send_again(self._reader(interaction), link)
        await self._show(interaction, screen)

    async def _show(self, interaction: discord.Interaction, screen: Screen) -> None:
        await self.bot.equipment.answers.show(interaction, screen)

    def _reader(self, interaction: discord.Interaction) -> Reader:
        return self.bot.reader_of(interaction)


def _invitation(action: Action) -> InvitationId:
    return InvitationId(action.argument(0))
