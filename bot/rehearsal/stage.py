"""The stage of the rehearsal: one bot in one world, and all that a visitor may do with both."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time

import discord
import simcord
from discord.ext import commands

from bot.core.errors import HandrailError
from bot.rehearsal.flow import PatientEnv, TimeFlow, stops_on_the_way
from bot.rehearsal.surfaces import Address, Surfaces, places_of
from bot.rehearsal.world import World, seed
from bot.scheduling.clock import SystemClock

log = logging.getLogger(__name__)

BEGINS_AT = time(18, 0)
TICK_SECONDS = 0.25
CLOSING_SECONDS = 2.0


class BotStuck(HandrailError):
    """The bot doesn't come to rest, so time can't be moved on."""


# Begins a world, given the therapist's id, and returns what builds each of its bots.
NewWorld = Callable[[int], Callable[[], commands.Bot]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What begins and ends together when a visitor starts over."""

    env: simcord.Env
    world: World
    flow: TimeFlow
    surfaces: Surfaces
    build: Callable[[], commands.Bot]


class Stage:
    """Builds a bot, puts it into a fresh world and keeps time flowing there."""

    def __init__(self, new_world: NewWorld, *, back_to: str) -> None:
        self._new_world = new_world
        self._back_to = back_to
        self._lock = asyncio.Lock()
        self._closing = asyncio.Event()
        self._scene: Scene | None = None
        self._addresses: Mapping[str, Address] = {}

    async def open(self) -> None:
        """Begin: today at six in the evening, nobody has said anything."""
        flow = TimeFlow(_this_evening())
        try:
            self._scene = await self._open_scene(flow)
        except BaseException:
            flow.end()
            raise
        self._addresses = self._scene.surfaces.addresses

    async def _open_scene(self, flow: TimeFlow) -> Scene:
        # The people come first, because a bot is told who its therapist is.
        env = PatientEnv(discord.Client(intents=discord.Intents(guilds=True)))
        env.backend.clock = flow.clock
        world = seed(env)
        build = self._new_world(world.thea.id)
        env.bot = build()
        await env.start()
        flow.follow(env)
        surfaces = Surfaces(env, self._lock)
        await surfaces.open(places_of(world), back_to=self._back_to, kept=self._addresses)
        return Scene(env, world, flow, surfaces, build)

    @property
    def is_open(self) -> bool:
        """Tell whether there is a world now; between two of them there is none."""
        return self._scene is not None

    @property
    def now(self) -> datetime:
        """The instant in the rehearsal."""
        return self._get_scene().env.now()

    @property
    def urls(self) -> Mapping[str, str]:
        """Where each person's page is served; each address carries its key."""
        return self._get_scene().surfaces.urls

    @property
    def cleo_takes_dms(self) -> bool:
        """Tell whether the bot can write to Cleo."""
        return self._get_scene().world.cleo_takes_dms

    @property
    def error_count(self) -> int:
        """How many errors the bot did not handle since this scene began."""
        return len(self._get_scene().env.errors_since(0))

    async def keep_time(self) -> None:
        """Let time flow, and show what the bot does by itself, until `close()`."""
        while not self._closing.is_set():
            try:
                await self._tick()
            except Exception:  # The edge of the tick: what goes wrong once is tried again.
                log.exception("rehearsal.tick_failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._closing.wait()

    async def _tick(self) -> None:
        async with self._lock:
            if self._scene is not None:
                await self._scene.flow.keep_up()
                self._scene.surfaces.show_changes()

    async def forward_to(self, instant: datetime, *, show: Callable[[float], None]) -> None:
        """Let all time until `instant` pass; `show` hears how much of it is done."""
        start = self.now
        for stop in stops_on_the_way(start, instant):
            if self._closing.is_set():
                return
            async with self._lock:
                await self._jump_to(stop)
            show((self.now - start) / (instant - start))

    async def _jump_to(self, instant: datetime) -> None:
        scene = self._get_scene()
        try:
            await scene.flow.jump_to(instant)
        except TimeoutError:
            raise BotStuck("The bot is still busy, so time could not move on.") from None
        finally:
            scene.surfaces.show_changes()

    async def let_cleo_take_dms(self, *, takes: bool) -> None:
        """Open or close Cleo's DMs for the bot."""
        async with self._lock:
            world = self._get_scene().world
            if takes:
                world.open_cleos_dms()
            elif world.cleo_takes_dms:
                world.close_cleos_dms()

    async def restart_bot(self) -> None:
        """Stop the bot and start a new one; the world keeps what was said."""
        async with self._lock:
            scene = self._get_scene()
            await _stop(scene.env)
            try:
                await scene.env.restart_bot(scene.build())
            except BaseException:
                # A world without a bot answers nobody: only starting over helps.
                await self._close_scene()
                raise
            scene.surfaces.show_all()

    async def start_over(self) -> None:
        """Leave this world and begin again in a new one, at the same addresses."""
        async with self._lock:
            await self._close_scene()
            await self.open()

    async def close(self) -> None:
        """Stop the bot and take the pages down."""
        self._closing.set()
        async with self._lock:
            await self._close_scene()

    async def _close_scene(self) -> None:
        scene, self._scene = self._scene, None
        if scene is None:
            return
        try:
            await _stop(scene.env)
            await scene.surfaces.close()
            await scene.env.shutdown()
        finally:
            scene.flow.end()

    def _get_scene(self) -> Scene:
        if self._scene is None:
            raise HandrailError("There is no bot now: start over.")
        return self._scene


async def _stop(env: simcord.Env) -> None:
    # A bot that does not stop in time is left behind, as a killed process would be.
    if isinstance(env.bot, commands.Bot):
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await env.bot.close()


def _this_evening() -> datetime:
    return datetime.combine(SystemClock().now().date(), BEGINS_AT, SystemClock().now().tzinfo)
