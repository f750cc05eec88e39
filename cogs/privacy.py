"""`/privacy`: what is stored, taking back, the file to keep, and erasing."""

from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.actions import Action
from bot.core.people import Reader
from bot.core.screens import Screen
from bot.discord_io.actions import on_press
from bot.discord_io.answers import is_own_dm
from bot.discord_io.client import HandrailBot
from bot.services.privacy import PrivacyService

FILE_NAME = "handrail-export.json"


class PrivacyCog(commands.Cog):
    """Translates between Discord and everybody's rights over what is stored."""

    def __init__(self, bot: HandrailBot, privacy: PrivacyService) -> None:
        self.bot = bot
        self.privacy = privacy

    @app_commands.command(name="privacy", description="What I keep about you; export and erase")
    async def open(self, interaction: discord.Interaction) -> None:
        """Show what is stored."""
        await self._show(interaction, await self.privacy.open(self._reader(interaction)))

    @on_press("privacy.withdraw")
    async def withdraw(self, interaction: discord.Interaction, action: Action) -> None:
        """[Take back]."""
        reader, scope = self._reader(interaction), action.argument(0)
        await self._show(interaction, await self.privacy.withdraw(reader, scope))

    @on_press("privacy.give")
    async def give(self, interaction: discord.Interaction, action: Action) -> None:
        """[Say yes]."""
        reader, scope = self._reader(interaction), action.argument(0)
        await self._show(interaction, await self.privacy.give(reader, scope))

    @on_press("privacy.export")
    async def export(self, interaction: discord.Interaction, _: Action) -> None:
        """[Export]: the file goes to nobody but whoever pressed."""
        reader = self._reader(interaction)
        written = (await self.privacy.export(reader)).encode()
        await interaction.response.send_message(
            self.privacy.exported(reader),
            file=discord.File(BytesIO(written), FILE_NAME),
            ephemeral=not is_own_dm(interaction),
        )

    @on_press("privacy.ask_erase")
    async def ask_erase(self, interaction: discord.Interaction, _: Action) -> None:
        """[Erase everything]."""
        await self._show(interaction, self.privacy.ask_erase(self._reader(interaction)))

    @on_press("privacy.keep")
    async def keep(self, interaction: discord.Interaction, _: Action) -> None:
        """[No, keep it]."""
        await self._show(interaction, self.privacy.keep(self._reader(interaction)))

    @on_press("privacy.erase")
    async def erase(self, interaction: discord.Interaction, _: Action) -> None:
        """[Yes, erase]."""
        await self._show(interaction, await self.privacy.erase(self._reader(interaction)))

    async def _show(self, interaction: discord.Interaction, screen: Screen) -> None:
        await self.bot.equipment.answers.show(interaction, screen)

    def _reader(self, interaction: discord.Interaction) -> Reader:
        return self.bot.reader_of(interaction)
