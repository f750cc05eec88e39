"""`/help-now`, the question for the country, and the row."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.actions import Action
from bot.core.crisis_resources import EmergencyNeed
from bot.core.people import Reader
from bot.discord_io.actions import on_press, on_typed
from bot.discord_io.client import HandrailBot
from bot.services.crisis import CrisisService
from bot.services.help import HelpService


class HelpCog(commands.Cog):
    """Translates between Discord and the help screen."""

    def __init__(self, bot: HandrailBot, help_service: HelpService, crisis: CrisisService) -> None:
        self.bot = bot
        self.help = help_service
        self.crisis = crisis

    @app_commands.command(name="help-now", description="An emergency number and a helpline, now")
    @app_commands.describe(country="Where you are; leave it out if you chose it before")
    async def help_now(self, interaction: discord.Interaction, country: str | None = None) -> None:
        """Show the help screen."""
        reader = self._reader(interaction)
        screen = (
            self.help.choose_country(reader, country, EmergencyNeed.UNSPECIFIED)
            if country
            else self.help.open(reader)
        )
        await self.bot.equipment.answers.show(interaction, screen)

    @help_now.autocomplete("country")
    async def suggest_country(
        self, _: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest countries by name."""
        found = self.help.search_countries(typed)
        return [app_commands.Choice(name=each.name, value=each.code) for each in found]

    @on_press("help.open")
    async def open_help(self, interaction: discord.Interaction, _: Action) -> None:
        """[Help now]."""
        screen = self.help.open(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("row.open")
    async def open_row(self, interaction: discord.Interaction, _: Action) -> None:
        """[Open] under the neutral answer to a mention."""
        screen = self.help.open_row(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("country.ask")
    async def ask_region(self, interaction: discord.Interaction, action: Action) -> None:
        """[Choose my country]."""
        screen = self.help.ask_region(self._reader(interaction), _need(action, 0))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("country.regions")
    async def ask_region_again(self, interaction: discord.Interaction, action: Action) -> None:
        """[Another region]."""
        screen = self.help.ask_region_again(self._reader(interaction), _need(action, 0))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("country.region")
    async def ask_country(self, interaction: discord.Interaction, action: Action) -> None:
        """Take the region."""
        reader, region = self._reader(interaction), action.argument(0)
        screen = self.help.ask_country(reader, region, _need(action, 1))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("country.choose")
    async def choose_country(self, interaction: discord.Interaction, action: Action) -> None:
        """Take the country."""
        reader, country = self._reader(interaction), action.argument(0)
        screen = self.help.choose_country(reader, country, _need(action, 1))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("country.type")
    async def ask_typed_country(self, interaction: discord.Interaction, action: Action) -> None:
        """[Type my country]."""
        question = self.help.ask_typed_country(self._reader(interaction), _need(action, 0))
        await self.bot.equipment.answers.ask(interaction, question)

    @on_typed("country.typed")
    async def take_typed_country(
        self, interaction: discord.Interaction, action: Action, text: str
    ) -> None:
        """Take the typed country."""
        screen = self.help.choose_country(self._reader(interaction), text, _need(action, 0))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("crisis.misread")
    async def answer_misread(self, interaction: discord.Interaction, _: Action) -> None:
        """[You misread me]."""
        screen = self.crisis.answer_misread(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    def _reader(self, interaction: discord.Interaction) -> Reader:
        return self.bot.reader_of(interaction)


def _need(action: Action, position: int) -> EmergencyNeed:
    text = action.argument(position)
    return EmergencyNeed(text) if text in set(EmergencyNeed) else EmergencyNeed.UNSPECIFIED
