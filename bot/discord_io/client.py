"""The Discord client: hands what arrives to the cogs, and reads everything typed before them."""

import logging
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from bot.core.actions import Action
from bot.core.people import Language, MessageId, PersonId, Reader
from bot.discord_io.actions import Handlers
from bot.discord_io.answers import Answers
from bot.discord_io.persistent_views import (
    TEMPLATE,
    ActionItem,
    is_still_shown,
    payload_of,
    pressed_action,
)
from bot.discord_io.rendering import typed_text
from bot.discord_io.rest_door import RestDoor
from bot.services.crisis import CrisisService
from bot.services.direct_messages import AlertsAfterCrisis
from bot.services.ports import Texts
from bot.services.preferences import PreferenceService
from bot.services.rows import with_row

log = logging.getLogger(__name__)

DISCORD_HOST = "//discord.com/"
OUR_CUSTOM_ID = re.compile(TEMPLATE)
STRING_OPTION = discord.AppCommandOptionType.string.value


class Beside(Protocol):
    """Something that runs beside the client, from before the gateway opens until it is closed."""

    async def start(self) -> None:
        """Begin; what it raises stops the start."""

    async def stop(self) -> None:
        """End; also where it never began."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the client needs to answer; built after the client, because answers need one."""

    answers: Answers
    crisis: CrisisService
    preferences: PreferenceService
    texts: Texts
    cogs: Sequence[commands.Cog]
    beside: Sequence[Beside] = ()
    alerts: AlertsAfterCrisis | None = None


class ReadingTree(app_commands.CommandTree["HandrailBot"]):
    """Commands; words of crisis typed into an option are answered instead of the command."""

    async def interaction_check(self, interaction: discord.Interaction["HandrailBot"], /) -> bool:
        """Return False where the typed words were answered already."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        typed = "\n".join(_typed_options(payload_of(interaction).get("options")))
        return not (typed and await interaction.client.answer_words(interaction, typed))

    async def on_error(
        self,
        interaction: discord.Interaction["HandrailBot"],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        """Say that it failed, with help still there."""
        await interaction.client.answer_failure(interaction, getattr(error, "original", error))


class HandrailBot(commands.Bot):
    """discord.py's bot behind one REST door; no privileged intent unless the operator asks."""

    def __init__(self, door: RestDoor, *, message_content: bool = False) -> None:
        # We never speak: the libraries for it are left out, and that is nothing to warn about.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=ReadingTree,
            intents=discord.Intents(
                guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )
        self._door = door
        self._marked = Handlers()
        self._equipment: Equipment | None = None

    def equip(self, equipment: Equipment) -> None:
        """Give the client its cogs and what it answers with; once, before it starts."""
        self._equipment = equipment

    @property
    def equipment(self) -> Equipment:
        """What `equip` gave."""
        if self._equipment is None:
            raise RuntimeError("equip() comes before start()")
        return self._equipment

    async def setup_hook(self) -> None:
        """Put everything in place before the gateway opens."""
        # The library's one request method is replaced on the instance, so nothing goes around it.
        self.http.request = self._door.guard(self.http.request)  # type: ignore[method-assign] # as above
        await self._find_gateway()
        for each in self.equipment.beside:
            await each.start()
        self.add_dynamic_items(ActionItem)
        for cog in self.equipment.cogs:
            await self.add_cog(cog)
            self._marked.take_from(cog)
        await self._offer_commands()

    async def close(self) -> None:
        """Stop what runs beside the client, then leave Discord."""
        for each in reversed(self.equipment.beside):
            await each.stop()
        await super().close()

    async def _find_gateway(self) -> None:
        # discord.py dials Discord's own gateway without asking; a proxy or stand-in has another.
        if DISCORD_HOST not in discord.http.Route.BASE:
            _, url, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)

    async def _offer_commands(self) -> None:
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            # Discord still has the commands of an earlier start: answering matters more.
            log.warning("commands.not_offered", extra={"status": error.status})

    def reader_of(self, interaction: discord.Interaction) -> Reader:
        """Return who pressed or typed, in the language of their Discord."""
        language = Language(str(interaction.locale).partition("-")[0])
        return self.equipment.preferences.reader(PersonId(interaction.user.id), language)

    async def answer_words(self, interaction: discord.Interaction, text: str) -> bool:
        """Answer typed words of crisis; False where they are none."""
        reader = self.reader_of(interaction)
        answer = self.equipment.crisis.read_direct(reader, text)
        if answer.screen is None:
            return False
        await self.equipment.answers.show_crisis(interaction, reader, answer)
        if self.equipment.alerts is not None:
            question = await self.equipment.alerts.after_crisis(
                reader, answer.detection, MessageId(interaction.id), interaction.created_at
            )
            if question is not None:
                await self.equipment.answers.show_also(interaction, question)
        return True

    async def answer_action(self, interaction: discord.Interaction, action: Action) -> None:
        """Do what a button or menu says; one that nobody knows any more brings the row."""
        handler = self._marked.presses.get(action.name)
        try:
            if handler is None:
                await self._show_row(interaction, "old_button")
            else:
                await handler(interaction, action)
        except Exception as error:  # noqa: BLE001 - the edge of every command: nobody is left unanswered
            await self.answer_failure(interaction, error)

    async def answer_failure(self, interaction: discord.Interaction, error: BaseException) -> None:
        """Log what failed without anybody's words, and say that help still works."""
        log.error("interaction.failed", exc_info=error)
        if not interaction.response.is_done():
            await self._show_row(interaction, "failed")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take up what discord.py finds no view for: modals, and items an edit has replaced."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._answer_modal(interaction)
        elif interaction.type is discord.InteractionType.component:
            custom_id = str(payload_of(interaction).get("custom_id", ""))
            if OUR_CUSTOM_ID.fullmatch(custom_id) and not is_still_shown(interaction):
                await self.answer_action(interaction, pressed_action(interaction))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no text commands."""

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log that a listener failed; the arguments hold what people wrote and are left out."""
        log.error("listener.failed", extra={"action": event_method}, exc_info=sys.exc_info())

    async def _answer_modal(self, interaction: discord.Interaction) -> None:
        text = typed_text(interaction)
        action = pressed_action(interaction)
        try:
            if await self.answer_words(interaction, text):
                return
            if handler := self._marked.typed.get(action.name):
                await handler(interaction, action, text)
            else:
                await self._show_row(interaction, "old_button")
        except Exception as error:  # noqa: BLE001 - the edge of every command
            await self.answer_failure(interaction, error)

    async def _show_row(self, interaction: discord.Interaction, key: str) -> None:
        language = self.reader_of(interaction).language
        text = self.equipment.texts.say(language, key)
        await self.equipment.answers.show(
            interaction, with_row(self.equipment.texts, language, text)
        )


def _typed_options(options: object) -> Iterator[str]:
    for option in options if isinstance(options, list) else []:
        if option.get("type") == STRING_OPTION:
            yield str(option.get("value", ""))
        yield from _typed_options(option.get("options"))
