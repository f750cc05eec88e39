"""What the landing page's buttons do, each answered with one plain line."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.errors import HandrailError
from bot.rehearsal.stage import Stage

MORNING = time(9, 0)


class StillBusy(HandrailError):
    """Another button's work is not finished."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is under way, and how much of it is done, from 0 to 1 (None: can't be known)."""

    label: str
    done: float | None = None


class Visit:
    """One button at a time, whoever presses it in whichever tab."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._work: Work | None = None
        self._actions: dict[str, tuple[str, Callable[[], Awaitable[str]]]] = {
            "hour": ("An hour goes by", self._hour),
            "tomorrow": ("The night goes by", self._tomorrow),
            "week": ("A week goes by", self._week),
            "close-dms": ("Cleo closes her DMs", self._close_dms),
            "open-dms": ("Cleo opens her DMs", self._open_dms),
            "restart": ("The bot restarts", self._restart),
            "start-over": ("A new world begins", self._start_over),
        }

    @property
    def work(self) -> Work | None:
        """What is under way now."""
        return self._work

    def knows(self, action: str) -> bool:
        """Tell whether there is such a button."""
        return action in self._actions

    async def do(self, action: str) -> str:
        """Do what the button `action` says and return a line that tells what happened.

        Raises StillBusy while another one is at work, HandrailError for what went wrong.
        """
        if self._work is not None:
            raise StillBusy(f"Please wait: {self._work.label.lower()}.")
        label, act = self._actions[action]
        self._work = Work(label)
        try:
            return await act()
        finally:
            self._work = None

    async def _hour(self) -> str:
        return await self._forward(self._stage.now + timedelta(hours=1))

    async def _tomorrow(self) -> str:
        now = self._stage.now
        return await self._forward(
            datetime.combine(now.date() + timedelta(days=1), MORNING, now.tzinfo)
        )

    async def _week(self) -> str:
        return await self._forward(self._stage.now + timedelta(days=7))

    async def _forward(self, instant: datetime) -> str:
        label = self._work.label if self._work else ""

        def show(done: float) -> None:
            self._work = Work(label, done)

        show(0.0)
        await self._stage.forward_to(instant, show=show)
        return f"It is now {self._stage.now:%A %d %B, %H:%M}."

    async def _close_dms(self) -> str:
        await self._stage.let_cleo_take_dms(takes=False)
        return "Cleo closed her DMs: what Handrail sends her by itself does not arrive."

    async def _open_dms(self) -> str:
        await self._stage.let_cleo_take_dms(takes=True)
        return "Cleo opened her DMs: Handrail can write to her again."

    async def _restart(self) -> str:
        await self._stage.restart_bot()
        return "The bot restarted. Old messages and their buttons are still there."

    async def _start_over(self) -> str:
        await self._stage.start_over()
        return "A new world began: nobody has said anything yet."
