"""A real process under test: started, watched, stopped by its own id."""

import asyncio
import signal
import sys
import time
from pathlib import Path

from tests.wire.discord_server import WireDiscord, until

ROOT = Path(__file__).parents[2]
OURS = ("bot", "run")
PLAIN = ("tests.wire.plain_bot",)
FORM = ("tests.wire.form_bot",)


class BotProcess:
    """`python -m <module> <arguments>` in a folder of its own; output goes to files."""

    def __init__(self, module: tuple[str, ...], environment: dict[str, str], folder: Path) -> None:
        self._module = module
        self._environment = environment | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.started_at = 0.0

    async def start(self) -> None:
        # A folder of its own keeps a developer's .env out of the test.
        with self._out.open("ab") as out, self._errors.open("ab") as errors:
            self.started_at = time.monotonic()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self._module,
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
            )

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def out(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def errors(self) -> str:
        return self._errors.read_text(encoding="utf-8")

    @property
    def printed(self) -> str:
        """Everything it wrote, on either stream."""
        return self.out + self.errors

    async def ready(self, discord: WireDiscord) -> float:
        """Wait until it is connected; return the seconds since its start.

        Raises RuntimeError with what it said where it ends instead.
        """

        def find() -> float | None:
            if self._running.returncode is not None:
                raise RuntimeError(f"ended with {self._running.returncode}: {self.printed}")
            return discord.find_ready_at(after=self.started_at)

        return await until(find, within=20) - self.started_at

    async def ended(self, *, within: float = 20.0) -> int:
        """Wait for it to end by itself and return its exit code."""
        async with asyncio.timeout(within):
            return await self._running.wait()

    async def terminate(self, *, within: float = 10.0) -> int:
        """Ask it to stop; kill it if it does not, so that no test leaves one behind."""
        return await self._end_by(signal.SIGTERM, within=within)

    async def kill(self) -> None:
        """End it without warning, as a crash does."""
        await self._end_by(signal.SIGKILL, within=10.0)

    async def _end_by(self, sent: signal.Signals, *, within: float) -> int:
        if self._running.returncode is not None:
            return self._running.returncode
        self._running.send_signal(sent)
        try:
            return await self.ended(within=within)
        except TimeoutError:
            self._running.kill()
            return await self._running.wait()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("not started")
        return self._process

    @property
    def _out(self) -> Path:
        return self._folder / "stdout.txt"

    @property
    def _errors(self) -> Path:
        return self._folder / "stderr.txt"
