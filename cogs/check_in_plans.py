"""`/checkin` for therapists, `/checkins` for clients, and the buttons of both."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.actions import Action
from bot.core.people import CheckInPlanId, Reader
from bot.core.screens import Screen
from bot.discord_io.actions import on_press
from bot.discord_io.answers import is_own_dm
from bot.discord_io.client import HandrailBot
from bot.services.check_in_planning import (
    MOST_CHARACTERS,
    CheckInPlanningService,
    PlanOrder,
    Suggestion,
)
from bot.services.own_check_ins import OwnCheckInService

Choices = list[app_commands.Choice[str]]


class CheckInPlansCog(commands.Cog):
    """Translates between Discord and check-in plans."""

    checkin = app_commands.Group(name="checkin", description="Plan check-ins for a client")

    def __init__(
        self, bot: HandrailBot, planning: CheckInPlanningService, own: OwnCheckInService
    ) -> None:
        self.bot = bot
        self.planning = planning
        self.own = own

    @checkin.command(name="schedule", description="Propose check-ins; the client has to accept")
    @app_commands.describe(
        client="Your own word for the client",
        days='"every day", "weekdays", "mon wed fri", or one date: "tomorrow", "24 Dec"',
        time='On the client\'s clock: "9:00", "8:30 pm"',
        zone="A big city near the client",
        template="What the note asks, in our words",
        words="Or your own words. Discord, and anyone who holds the phone, can read them",
    )
    @app_commands.choices(
        template=[
            app_commands.Choice(name="How was your day", value="evening"),
            app_commands.Choice(name="How are you starting today", value="morning"),
            app_commands.Choice(name="Time for one small exercise", value="skill"),
            app_commands.Choice(name="One small thing for yourself", value="small_step"),
        ]
    )
    async def schedule(
        self,
        interaction: discord.Interaction,
        *,
        client: str,
        days: str,
        time: str,
        zone: str | None = None,
        template: str | None = None,
        words: app_commands.Range[str, 1, MOST_CHARACTERS] | None = None,
    ) -> None:
        """Show the preview."""
        order = PlanOrder(client, days, time, zone, template, words)
        reader, in_dm = self._reader(interaction), is_own_dm(interaction)
        await self._show(interaction, await self.planning.schedule(reader, order, in_dm=in_dm))

    @checkin.command(name="list", description="Every check-in you planned, and how it stands")
    async def list_plans(self, interaction: discord.Interaction) -> None:
        """Show the therapist's plans."""
        reader, in_dm = self._reader(interaction), is_own_dm(interaction)
        await self._show(interaction, await self.planning.list_plans(reader, in_dm=in_dm))

    @checkin.command(name="stop", description="Stop one for good")
    @app_commands.describe(plan="Which one")
    async def stop(self, interaction: discord.Interaction, plan: str) -> None:
        """Stop a plan."""
        reader, in_dm = self._reader(interaction), is_own_dm(interaction)
        screen = await self.planning.stop(reader, CheckInPlanId(plan), in_dm=in_dm)
        await self._show(interaction, screen)

    @schedule.autocomplete("client")
    async def suggest_client(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest clients by label, in the therapist's own DM only."""
        if not is_own_dm(interaction):
            return []
        return _choices(await self.planning.suggest_clients(self._reader(interaction), typed))

    @schedule.autocomplete("zone")
    async def suggest_zone(self, _: discord.Interaction, typed: str) -> Choices:
        """Suggest zones by city."""
        return _choices(self.planning.suggest_zones(typed))

    @stop.autocomplete("plan")
    async def suggest_plan(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest plans that can be stopped, in the therapist's own DM only."""
        if not is_own_dm(interaction):
            return []
        return _choices(await self.planning.suggest_plans(self._reader(interaction), typed))

    @app_commands.command(name="checkins", description="Your check-ins: see, pause or stop them")
    async def checkins(self, interaction: discord.Interaction) -> None:
        """Show the client's plans."""
        await self._show(interaction, await self.own.open(self._reader(interaction)))

    @on_press("check_in_plan.ask")
    async def ask(self, interaction: discord.Interaction, action: Action) -> None:
        """[Ask ... to accept]."""
        screen = await self.planning.ask(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.discard")
    async def discard(self, interaction: discord.Interaction, action: Action) -> None:
        """[Discard]."""
        screen = await self.planning.discard(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.accept")
    async def accept(self, interaction: discord.Interaction, action: Action) -> None:
        """[Accept]."""
        screen = await self.own.accept(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.decline")
    async def decline(self, interaction: discord.Interaction, action: Action) -> None:
        """[No, thanks]."""
        screen = await self.own.decline(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.choose")
    async def choose(self, interaction: discord.Interaction, action: Action) -> None:
        """Take a line of the menu."""
        screen = await self.own.choose(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.pause_week")
    async def pause_week(self, interaction: discord.Interaction, action: Action) -> None:
        """[Pause a week]."""
        screen = await self.own.pause_a_week(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.pause_open")
    async def pause_open(self, interaction: discord.Interaction, action: Action) -> None:
        """[Pause until I say]."""
        screen = await self.own.pause_open_ended(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.go_on")
    async def go_on(self, interaction: discord.Interaction, action: Action) -> None:
        """[Go on]."""
        screen = await self.own.go_on(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    @on_press("check_in_plan.stop")
    async def stop_own(self, interaction: discord.Interaction, action: Action) -> None:
        """[Stop]."""
        screen = await self.own.stop(self._reader(interaction), _plan(action))
        await self._show(interaction, screen)

    async def _show(self, interaction: discord.Interaction, screen: Screen) -> None:
        await self.bot.equipment.answers.show(interaction, screen)

    def _reader(self, interaction: discord.Interaction) -> Reader:
        return self.bot.reader_of(interaction)


def _plan(action: Action) -> CheckInPlanId:
    return CheckInPlanId(action.arguments[-1] if action.arguments else "")


def _choices(suggestions: tuple[Suggestion, ...]) -> Choices:
    return [app_commands.Choice(name=each.label, value=each.value) for each in suggestions]
