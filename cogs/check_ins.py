"""The three buttons of a check-in."""

import discord
from discord.ext import commands

from bot.core.actions import Action
from bot.core.people import Reader
from bot.discord_io.actions import on_press
from bot.discord_io.client import HandrailBot
from bot.services.check_ins import CheckInService


class CheckInsCog(commands.Cog):
    """Translates between Discord and check-ins."""

    def __init__(self, bot: HandrailBot, check_ins: CheckInService) -> None:
        self.bot = bot
        self.check_ins = check_ins

    @on_press("check_in.okay")
    async def answer_okay(self, interaction: discord.Interaction, action: Action) -> None:
        """[Okay]."""
        screen = await self.check_ins.answer_okay(self._reader(interaction), action.argument(0))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("check_in.not_great")
    async def answer_not_great(self, interaction: discord.Interaction, action: Action) -> None:
        """[Not great]."""
        reader, key = self._reader(interaction), action.argument(0)
        screen = await self.check_ins.answer_not_great(reader, key)
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("check_in.need_help")
    async def open_help(self, interaction: discord.Interaction, action: Action) -> None:
        """[Need help now]: help first, the record after it."""
        reader = self._reader(interaction)
        await self.bot.equipment.answers.show(interaction, self.check_ins.open_help(reader))
        await self.check_ins.note_help(reader, action.argument(0))

    def _reader(self, interaction: discord.Interaction) -> Reader:
        return self.bot.reader_of(interaction)
