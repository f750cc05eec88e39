"""`/ground`, `/breathe` and the buttons of a practice."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.actions import Action
from bot.core.grounding_exercises import GroundingExercise, State, WayIn, in_language
from bot.core.people import Reader
from bot.core.practices import FEWEST_MINUTES, MOST_MINUTES, Practice
from bot.core.screens import Placement
from bot.discord_io.actions import on_press
from bot.discord_io.client import HandrailBot
from bot.services.practices import FIRST_AID, PracticeService

MOST_CHOICES = 25
Choices = list[app_commands.Choice[str]]


class GroundingCog(commands.Cog):
    """Translates between Discord and the practices."""

    def __init__(self, bot: HandrailBot, practices: PracticeService) -> None:
        self.bot = bot
        self.practices = practices

    @app_commands.command(
        name="ground", description="Come back to here and now, one step at a time"
    )
    @app_commands.describe(exercise="One exercise by name; leave it out to be asked")
    async def ground(self, interaction: discord.Interaction, exercise: str | None = None) -> None:
        """Show the selector, or the first screen of one exercise."""
        screen = self.practices.open(self._reader(interaction), exercise)
        await self.bot.equipment.answers.show(interaction, screen)

    @app_commands.command(name="breathe", description="Breathe along, soft and small")
    @app_commands.describe(
        pattern="One way of breathing; leave it out for the gentlest", minutes="How long, 1 to 10"
    )
    async def breathe(
        self,
        interaction: discord.Interaction,
        pattern: str | None = None,
        minutes: app_commands.Range[int, FEWEST_MINUTES, MOST_MINUTES] | None = None,
    ) -> None:
        """Show the first screen of a breathing exercise."""
        screen = self.practices.open_breathing(self._reader(interaction), pattern, minutes)
        await self.bot.equipment.answers.show(interaction, screen)

    @ground.autocomplete("exercise")
    async def suggest_exercise(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest exercises by name."""
        reader = self._reader(interaction)
        return _choices(self.practices.library.search(typed, reader.language), reader)

    @breathe.autocomplete("pattern")
    async def suggest_pattern(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest ways of breathing by name."""
        reader = self._reader(interaction)
        return _choices(self.practices.search_breathing(typed, reader.language), reader)

    @on_press("ground.ask")
    async def ask_state(self, interaction: discord.Interaction, _: Action) -> None:
        """[Ground me]."""
        screen = self.practices.ask_state(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("ground.state")
    async def ask_way_in(self, interaction: discord.Interaction, action: Action) -> None:
        """Take the first tap."""
        state = State(action.argument(0))
        screen = self.practices.ask_way_in(self._reader(interaction), state)
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("ground.way_in")
    async def begin(self, interaction: discord.Interaction, action: Action) -> None:
        """Take the second tap; the answer is the first step."""
        state, way_in = State(action.argument(0)), WayIn(action.argument(1))
        screen = self.practices.begin_for(self._reader(interaction), state, way_in)
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("breathe.ask")
    async def ask_breathe(self, interaction: discord.Interaction, _: Action) -> None:
        """[Breathe]."""
        screen = self.practices.introduce_breathing(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.step")
    async def show_step(self, interaction: discord.Interaction, action: Action) -> None:
        """[Start], [Next]."""
        screen = self.practices.show(self._reader(interaction), Practice.decode(action))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.resume")
    async def resume(self, interaction: discord.Interaction, action: Action) -> None:
        """[Go on with the exercise]: a new message, because the helplines stay."""
        screen = self.practices.show(self._reader(interaction), Practice.decode(action))
        fresh = replace(screen, placement=Placement.NEW)
        await self.bot.equipment.answers.show(interaction, fresh)

    @on_press("help.minute")
    async def one_minute(self, interaction: discord.Interaction, _: Action) -> None:
        """[One minute of grounding], [Stay here and ground]: a new message, the helplines stay."""
        screen = self.practices.show(self._reader(interaction), Practice(FIRST_AID))
        fresh = replace(screen, placement=Placement.NEW)
        await self.bot.equipment.answers.show(interaction, fresh)

    @on_press("practice.gentler")
    async def gentler(self, interaction: discord.Interaction, action: Action) -> None:
        """[Something gentler]."""
        screen = self.practices.gentler(self._reader(interaction), Practice.decode(action))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.another")
    async def another_kind(self, interaction: discord.Interaction, action: Action) -> None:
        """[Something different]."""
        screen = self.practices.another_kind(self._reader(interaction), Practice.decode(action))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.before")
    async def rate_before(self, interaction: discord.Interaction, action: Action) -> None:
        """Take the rating before."""
        practice, chosen = Practice.decode(action), action.arguments[-1]
        screen = self.practices.rate_before(self._reader(interaction), practice, chosen)
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.after")
    async def rate_after(self, interaction: discord.Interaction, action: Action) -> None:
        """Take the rating after."""
        practice, chosen = Practice.decode(action), action.arguments[-1]
        screen = self.practices.rate_after(self._reader(interaction), practice, chosen)
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.skip")
    async def skip_rating(self, interaction: discord.Interaction, _: Action) -> None:
        """[Skip]."""
        screen = self.practices.skip_rating(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.person")
    async def suggest_person(self, interaction: discord.Interaction, _: Action) -> None:
        """Answer [A person]."""
        screen = self.practices.suggest_person(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    @on_press("practice.stop")
    async def stop(self, interaction: discord.Interaction, _: Action) -> None:
        """[Stop]: one kind line."""
        screen = self.practices.stop(self._reader(interaction))
        await self.bot.equipment.answers.show(interaction, screen)

    def _reader(self, interaction: discord.Interaction) -> Reader:
        return self.bot.reader_of(interaction)


def _choices(cards: tuple[GroundingExercise, ...], reader: Reader) -> Choices:
    return [
        app_commands.Choice(name=in_language(card.name, reader.language), value=card.id)
        for card in cards[:MOST_CHOICES]
    ]
