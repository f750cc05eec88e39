"""`/client invite, list, view, end`, and leaving, which is the client's own button."""

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.actions import Action
from bot.core.people import CareLinkId, InvitationId, Reader
from bot.core.screens import Screen
from bot.discord_io.actions import on_press
from bot.discord_io.answers import is_own_dm
from bot.discord_io.client import HandrailBot
from bot.services.clients import LONGEST_LABEL, LONGEST_NAME, ClientService

Label = app_commands.Range[str, 1, LONGEST_LABEL]
Name = app_commands.Range[str, 1, LONGEST_NAME]
Choices = list[app_commands.Choice[str]]
Make = Callable[[Reader], Awaitable[Screen]]


class ClientsCog(commands.Cog):
    """Translates between Discord and a therapist's clients."""

    client = app_commands.Group(name="client", description="For therapists: your clients")

    def __init__(self, bot: HandrailBot, clients: ClientService) -> None:
        self.bot = bot
        self.clients = clients

    @client.command(name="invite", description="For therapists: a code for one new client")
    @app_commands.describe(
        label="Your own word for the client; only you see it",
        name="How the client will see you",
    )
    async def invite(self, interaction: discord.Interaction, label: Label, name: Name) -> None:
        """Give out a code."""
        await self._in_dm(interaction, lambda reader: self.clients.invite(reader, label, name))

    @client.command(name="list", description="For therapists: how it stands with each client")
    async def show_list(self, interaction: discord.Interaction) -> None:
        """Show every client."""
        await self._in_dm(interaction, self.clients.show_list)

    @client.command(name="view", description="For therapists: what became of the check-ins")
    @app_commands.describe(client="Your word for the client")
    async def view(self, interaction: discord.Interaction, client: str) -> None:
        """Show the numbers of one client."""
        await self._in_dm(interaction, lambda reader: self.clients.view(reader, client))

    @client.command(name="end", description="For therapists: end the link with a client")
    @app_commands.describe(client="Your word for the client")
    async def end(self, interaction: discord.Interaction, client: str) -> None:
        """Ask whether to end a link."""
        await self._in_dm(interaction, lambda reader: self.clients.ask_end(reader, client))

    @view.autocomplete("client")
    @end.autocomplete("client")
    async def suggest_client(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest the therapist's own clients, and only in the DM."""
        if not is_own_dm(interaction):
            return []
        found = await self.clients.suggest(self.bot.reader_of(interaction), typed)
        return [app_commands.Choice(name=each.label, value=each.value) for each in found]

    @on_press("client.revoke")
    async def revoke(self, interaction: discord.Interaction, action: Action) -> None:
        """[Take the code back], as a button or as a line of the menu."""
        invitation = InvitationId(action.argument(0))
        await self._show(interaction, lambda reader: self.clients.revoke(reader, invitation))

    @on_press("client.page")
    async def turn_page(self, interaction: discord.Interaction, action: Action) -> None:
        """[More], [Back]."""
        page = action.argument(0)
        number = int(page) if page.isdecimal() else 0
        await self._show(interaction, lambda reader: self.clients.show_list(reader, number))

    @on_press("client.end")
    async def end_now(self, interaction: discord.Interaction, action: Action) -> None:
        """[Yes, end it]."""
        link = CareLinkId(action.argument(0))
        await self._show(interaction, lambda reader: self.clients.end(reader, link))

    @on_press("client.keep")
    async def keep(self, interaction: discord.Interaction, _: Action) -> None:
        """[Keep it]."""
        screen = self.clients.keep(self.bot.reader_of(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("client.leave")
    async def ask_leave(self, interaction: discord.Interaction, action: Action) -> None:
        """[Leave], as a button or as a line of the menu."""
        link = CareLinkId(action.argument(0))
        await self._show(interaction, lambda reader: self.clients.ask_leave(reader, link))

    @on_press("client.leave_now")
    async def leave(self, interaction: discord.Interaction, action: Action) -> None:
        """[Yes, leave]."""
        link = CareLinkId(action.argument(0))
        await self._show(interaction, lambda reader: self.clients.leave(reader, link))

    async def _in_dm(self, interaction: discord.Interaction, make: Make) -> None:
        if is_own_dm(interaction):
            await self._show(interaction, make)
        else:
            refusal = self.clients.only_in_dm(self.bot.reader_of(interaction))
            await self.bot.equipment.answers.show(interaction, refusal)

    async def _show(self, interaction: discord.Interaction, make: Make) -> None:
        screen = await make(self.bot.reader_of(interaction))
        await self.bot.equipment.answers.show(interaction, screen)
