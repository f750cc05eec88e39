"""How time passes in the rehearsal: as fast as outside, or on a button's press much faster.

The simulated Discord has a clock that stands still, and APScheduler asks the machine's clock: so
one follows the other, and this is the only place that moves either.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
import simcord
import time_machine
from simcord._clock import Clock

# Longer steps make the simulated bot's catch-up of loops slow and uneven.
LONGEST_STEP = timedelta(hours=6)
FEWEST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, outside, the bot may take for what is due at one instant of the rehearsal."""

    # For one press or one jump altogether; the bot's own sleeps shorter than this pass outside.
    altogether_seconds: float
    # For coming to rest at one instant, after which time moves on all the same.
    rest_seconds: float


FLOWING = Patience(altogether_seconds=0.5, rest_seconds=0.1)
JUMPING = Patience(altogether_seconds=20.0, rest_seconds=0.5)


class PatientEnv(simcord.Env):
    """A simulated Discord whose time does not stop where the bot waits for time itself.

    SimCord moves its clock only while every task of the bot waits for something that it knows.
    A task that waits for a future which a timer sets is none of these, and would wait for ever.
    """

    def __init__(self, bot: discord.Client) -> None:
        super().__init__(bot, settle_timeout=FLOWING.altogether_seconds)
        self._rest_seconds = FLOWING.rest_seconds

    def be_patient(self, patience: Patience) -> None:
        """Change how long the bot may take."""
        self.settle_timeout = patience.altogether_seconds
        self._rest_seconds = patience.rest_seconds

    async def _settle_internal(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is SimCord's
        idle: float = 0.05,
        dispatch: str | None = None,
        _deadline: float | None = None,
    ) -> None:
        if _deadline is not None:
            _deadline = min(_deadline, _outside_seconds() + self._rest_seconds)
        # What is not done by then goes on by itself, and is shown once it is there.
        with suppress(TimeoutError):
            await super()._settle_internal(
                timeout=timeout, idle=idle, dispatch=dispatch, _deadline=_deadline
            )


class FollowedClock(Clock):
    """The simulated Discord's clock; the clock that the bot reads follows it."""

    def __init__(self, starts_at: datetime, moved: Callable[[datetime], None]) -> None:
        super().__init__()
        self._epoch = starts_at
        self._moved = moved

    def advance(self, seconds: float) -> None:
        """Move both clocks."""
        super().advance(seconds)
        self._moved(self.now())


class TimeFlow:
    """Moves one world's time. The caller holds the lock that orders this with people's actions."""

    def __init__(self, starts_at: datetime) -> None:
        # Only an instant is passed, no zone: the machine's own time zone stays as it is.
        self._travel = time_machine.travel(starts_at, tick=False)
        self._coordinates = self._travel.start()
        self.clock = FollowedClock(starts_at, self._coordinates.move_to)
        self._env: PatientEnv | None = None
        self._ahead_seconds = 0.0

    def follow(self, env: PatientEnv) -> None:
        """Start to count from now on."""
        self._env = env
        self._keep_this_pace()

    def end(self) -> None:
        """Give the process its real clock back."""
        self._travel.stop()

    async def keep_up(self) -> None:
        """Let pass what has passed outside since the last call."""
        env = self._get_env()
        behind = _outside_seconds() + self._ahead_seconds - self.clock.elapsed
        if behind <= 0:
            return
        try:
            await env.advance_time(behind)
        except TimeoutError:
            # The bot is still busy. It goes on by itself; time waits for it instead of jumping.
            self._keep_this_pace()

    async def jump_to(self, instant: datetime) -> None:
        """Let all time until `instant` pass at once.

        Raises TimeoutError where the bot doesn't come to rest.
        """
        env = self._get_env()
        env.be_patient(JUMPING)
        try:
            await env.advance_time(max(0.0, (instant - env.now()).total_seconds()))
        finally:
            env.be_patient(FLOWING)
            self._keep_this_pace()

    def _keep_this_pace(self) -> None:
        self._ahead_seconds = self.clock.elapsed - _outside_seconds()

    def _get_env(self) -> PatientEnv:
        if self._env is None:
            raise RuntimeError("time flows in a world only: call follow() first")
        return self._env


def stops_on_the_way(start: datetime, end: datetime) -> list[datetime]:
    """Cut a journey through time into jumps short enough to show progress by; ends at `end`."""
    longest = min(LONGEST_STEP, (end - start) / FEWEST_STEPS)
    count = -(-(end - start) // longest)
    return [start + (end - start) * number / count for number in range(1, count + 1)]


def _outside_seconds() -> float:
    return asyncio.get_running_loop().time()
