"""`/contacts` for clients and their contacts, and the buttons of an alert."""

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.actions import Action
from bot.core.people import ContactLinkId, InvitationId, MessageId, Reader
from bot.core.screens import Screen
from bot.discord_io.actions import on_press
from bot.discord_io.answers import is_own_dm
from bot.discord_io.client import HandrailBot
from bot.services.alerts import AlertService
from bot.services.contact_inviting import LONGEST_NAME, LONGEST_PERSON, ContactInvitingService
from bot.services.contacts import ContactService

Person = app_commands.Range[str, 1, LONGEST_PERSON]
Name = app_commands.Range[str, 1, LONGEST_NAME]
Make = Callable[[Reader], Awaitable[Screen]]


class ContactsCog(commands.Cog):
    """Translates between Discord and designated contacts."""

    def __init__(
        self,
        bot: HandrailBot,
        contacts: ContactService,
        inviting: ContactInvitingService,
        alerts: AlertService,
    ) -> None:
        self.bot = bot
        self.contacts = contacts
        self.inviting = inviting
        self.alerts = alerts

    @app_commands.command(name="contacts", description="The person I may tell when it is bad")
    @app_commands.describe(
        person="To ask someone: your word for the person; only you see it",
        my_name="To ask someone: your name, as that person knows you",
    )
    async def show_contacts(
        self,
        interaction: discord.Interaction,
        person: Person | None = None,
        my_name: Name | None = None,
    ) -> None:
        """Show how it stands, or give out a code."""
        if not is_own_dm(interaction):
            reader = self.bot.reader_of(interaction)
            await self.bot.equipment.answers.show(interaction, self.contacts.only_in_dm(reader))
        elif person or my_name:
            words = (person or "", my_name or "")
            await self._show(interaction, lambda reader: self.inviting.invite(reader, *words))
        else:
            await self._show(interaction, self.contacts.show)

    @on_press("contact.add")
    async def explain(self, interaction: discord.Interaction, _: Action) -> None:
        """[Add a person]."""
        screen = self.inviting.explain(self.bot.reader_of(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("contact.adult")
    async def confirm_adult(self, interaction: discord.Interaction, _: Action) -> None:
        """[I am 18 or older] of the client."""
        await self._show(interaction, self.inviting.confirm_adult)

    @on_press("contact.revoke")
    async def revoke(self, interaction: discord.Interaction, action: Action) -> None:
        """[Take the code back]."""
        invitation = InvitationId(action.argument(0))
        await self._show(interaction, lambda reader: self.inviting.revoke(reader, invitation))

    @on_press("contact.age")
    async def tick_age(self, interaction: discord.Interaction, action: Action) -> None:
        """[I am 18 or older: yes or no] of the contact."""
        invitation, is_adult = InvitationId(action.argument(0)), _flag(action, 1)
        await self._show(
            interaction, lambda who: self.inviting.tick_age(who, invitation, is_adult=is_adult)
        )

    @on_press("contact.agree")
    async def agree(self, interaction: discord.Interaction, action: Action) -> None:
        """[I agree]."""
        invitation, is_adult = InvitationId(action.argument(0)), _flag(action, 1)
        await self._show(
            interaction, lambda who: self.inviting.agree(who, invitation, is_adult=is_adult)
        )

    @on_press("contact.refuse")
    async def refuse(self, interaction: discord.Interaction, action: Action) -> None:
        """[No, thanks]."""
        invitation = InvitationId(action.argument(0))
        await self._show(interaction, lambda reader: self.inviting.refuse(reader, invitation))

    @on_press("contact.arrived")
    async def take_arrived(self, interaction: discord.Interaction, action: Action) -> None:
        """Take in [It arrived]."""
        await self._show(interaction, lambda who: self.contacts.arrived(who, _link(action)))

    @on_press("contact.leave")
    async def leave(self, interaction: discord.Interaction, action: Action) -> None:
        """[Stop being a contact]."""
        await self._show(interaction, lambda who: self.contacts.leave(who, _link(action)))

    @on_press("contact.remove")
    async def remove(self, interaction: discord.Interaction, action: Action) -> None:
        """[Remove Sam]."""
        await self._show(interaction, lambda who: self.contacts.remove(who, _link(action)))

    @on_press("contact.ask")
    async def ask_danger(self, interaction: discord.Interaction, action: Action) -> None:
        """[Choose when I write]."""
        await self._show(interaction, lambda who: self.contacts.ask_danger(who, _link(action)))

    @on_press("contact.danger")
    async def answer_danger(self, interaction: discord.Interaction, action: Action) -> None:
        """Take in whether this person could be the danger."""
        link, is_yes = _link(action), _flag(action, 1)
        await self._show(
            interaction, lambda who: self.contacts.answer_danger(who, link, may_be_danger=is_yes)
        )

    @on_press("contact.mode")
    async def choose(self, interaction: discord.Interaction, action: Action) -> None:
        """Take in when this person may be told."""
        mode, silence = action.argument(1), action.argument(2)
        await self._show(
            interaction, lambda who: self.contacts.choose(who, _link(action), mode, silence)
        )

    @on_press("alert.tell")
    async def tell(self, interaction: discord.Interaction, _: Action) -> None:
        """[Tell Sam] under the crisis screen."""
        screen = self.alerts.tell(self.bot.reader_of(interaction), MessageId(interaction.id))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("alert.say_yes")
    async def say_yes(self, interaction: discord.Interaction, action: Action) -> None:
        """[Tell Sam] under the question."""
        message, press = _message(action), MessageId(interaction.id)
        await self._show(interaction, lambda who: self.alerts.say_yes(who, message, press))

    @on_press("alert.say_no")
    async def say_no(self, interaction: discord.Interaction, action: Action) -> None:
        """[Don't]."""
        await self._show(interaction, lambda who: self.alerts.say_no(who, _message(action)))

    @on_press("alert.got")
    async def take_got(self, interaction: discord.Interaction, action: Action) -> None:
        """[I've got this]."""
        link, key = _link(action), action.argument(1)
        await self._show(interaction, lambda who: self.alerts.answer(who, link, key, has_it=True))

    @on_press("alert.can_not")
    async def take_can_not(self, interaction: discord.Interaction, action: Action) -> None:
        """[I can't right now]."""
        link, key = _link(action), action.argument(1)
        await self._show(interaction, lambda who: self.alerts.answer(who, link, key, has_it=False))

    async def _show(self, interaction: discord.Interaction, make: Make) -> None:
        screen = await make(self.bot.reader_of(interaction))
        await self.bot.equipment.answers.show(interaction, screen)


def _link(action: Action) -> ContactLinkId:
    return ContactLinkId(action.argument(0))


def _flag(action: Action, position: int) -> bool:
    return action.argument(position) == "1"


def _message(action: Action) -> MessageId:
    text = action.argument(0)
    return MessageId(int(text) if text.isdecimal() else 0)
