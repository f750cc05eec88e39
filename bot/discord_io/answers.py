"""Answers interactions with screens: who may see them, and what happens when it is too late."""

import logging
from collections.abc import Awaitable, Callable

import aiohttp
import discord

from bot.core.people import ChannelId, PersonId, Reader
from bot.core.screens import Placement, Question, Screen
from bot.discord_io.messenger import DiscordMessenger
from bot.discord_io.rendering import modal_of, view_of
from bot.services.crisis import CrisisAnswer, CrisisService
from bot.services.ports import DeliveryOutcome, Lane

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION = 10062
ALREADY_ANSWERED = 40060
TRIES = 3


class Answers:
    """The one way in which a command, button, menu or modal is answered."""

    def __init__(self, messenger: DiscordMessenger, crisis: CrisisService) -> None:
        self._messenger = messenger
        self._crisis = crisis

    async def show(self, interaction: discord.Interaction, screen: Screen) -> bool:
        """Answer with `screen`, and after it with what could not be delivered before.

        Returns whether the person sees it: False where Discord took no answer any more.
        """
        if interaction.type is discord.InteractionType.component and (
            screen.placement is Placement.SAME
        ):
            is_shown = await self._in_time(interaction, screen, lambda: _edit(interaction, screen))
        else:
            is_shown = await self._in_time(interaction, screen, lambda: _send(interaction, screen))
        if not is_shown:
            return False
        if waiting := self._crisis.take_undelivered(PersonId(interaction.user.id)):
            await interaction.followup.send(waiting.text, view=view_of(waiting), ephemeral=True)
        return True

    async def show_also(self, interaction: discord.Interaction, screen: Screen) -> None:
        """Show one more screen after the answer, to the same eyes."""
        await interaction.followup.send(
            screen.text, view=view_of(screen), ephemeral=not is_own_dm(interaction)
        )

    async def ask(self, interaction: discord.Interaction, question: Question) -> None:
        """Answer with a modal."""
        nothing_else = Screen("")
        await self._in_time(
            interaction,
            nothing_else,
            lambda: interaction.response.send_modal(modal_of(question)),
        )

    async def show_crisis(
        self, interaction: discord.Interaction, reader: Reader, answer: CrisisAnswer
    ) -> None:
        """Answer typed words of crisis; in a server the screen also goes to the person's DM."""
        if answer.screen is None:
            return
        log.info("crisis.answered", extra={"tier": answer.detection.tier, "reply": answer.reply})
        was_shown = await self.show(interaction, answer.screen)
        if is_own_dm(interaction):
            return
        outcome = await self._messenger.send_to(
            reader.person, answer.screen, key=f"i{interaction.id}", lane=Lane.CRISIS
        )
        if not was_shown and outcome is not DeliveryOutcome.SENT:
            self._crisis.keep_for_later(reader, answer)

    async def _in_time(
        self,
        interaction: discord.Interaction,
        screen: Screen,
        answer: Callable[[], Awaitable[object]],
    ) -> bool:
        for _ in range(TRIES):
            try:
                await answer()
            except aiohttp.ClientError:
                # The connection was cut: if the answer arrived all the same, the next try says so.
                continue
            except discord.HTTPException as error:
                if error.code == ALREADY_ANSWERED:
                    return True
                if error.code != UNKNOWN_INTERACTION:
                    raise
                return await self._send_late(interaction, screen)
            return True
        return False

    async def _send_late(self, interaction: discord.Interaction, screen: Screen) -> bool:
        log.warning("interaction.expired")
        if not is_own_dm(interaction) or interaction.channel_id is None or not screen.text:
            return False
        channel, key = ChannelId(interaction.channel_id), f"i{interaction.id}"
        outcome = await self._messenger.send(channel, screen, key=key, lane=Lane.CRISIS)
        return outcome is DeliveryOutcome.SENT


def is_own_dm(interaction: discord.Interaction) -> bool:
    """Tell whether this is the person's DM with us; a group or another's DM is public to others."""
    return (
        interaction.guild_id is None
        and isinstance(interaction.channel, discord.DMChannel)
        and not interaction.context.private_channel
    )


async def _send(interaction: discord.Interaction, screen: Screen) -> None:
    await interaction.response.send_message(
        screen.text,
        view=view_of(screen),
        ephemeral=not is_own_dm(interaction),
        suppress_embeds=True,
    )


async def _edit(interaction: discord.Interaction, screen: Screen) -> None:
    await interaction.response.edit_message(content=screen.text, view=view_of(screen))
