"""Opens the rehearsal and keeps it open: the bot in a simulated Discord, without a token."""

import asyncio
import importlib
import importlib.util
import logging
import signal
import threading
import webbrowser
from collections.abc import Callable
from contextlib import AsyncExitStack

from discord.ext import commands

NEEDED = ("simcord", "time_machine", "aiohttp", "PIL", "markdown_it")
HOW_TO_INSTALL = (
    "The rehearsal needs a few more packages: `make rehearse` installs them, "
    'or `pip install "handrail[rehearsal]"`.'
)


def rehearse(
    new_world: Callable[[int], Callable[[], commands.Bot]],
    *,
    port: int = 0,
    open_browser: bool = True,
    announce: Callable[[str], None],
) -> int:
    """Run the rehearsal until Ctrl-C or SIGTERM and return the exit code.

    `new_world` begins a world, given the therapist's id, and returns what builds its bots, not yet
    connected, one for each start. `announce` hears one line at a time. Nothing is downloaded, and
    nothing leaves the machine.
    """
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        announce(HOW_TO_INSTALL)
        return 1
    _import_simulated_discord()
    # Only now: without the extra these modules can't be imported.
    from bot.rehearsal.landing import PortUnusable  # noqa: PLC0415

    try:
        asyncio.run(host(new_world, port=port, open_browser=open_browser, announce=announce))
    except PortUnusable as error:
        announce(str(error))
        return 1
    return 0


async def host(
    new_world: Callable[[int], Callable[[], commands.Bot]],
    *,
    port: int,
    open_browser: bool,
    announce: Callable[[str], None],
) -> None:
    """Serve the rehearsal until the process is asked to stop; raises PortUnusable."""
    from bot.rehearsal.landing import Landing  # noqa: PLC0415
    from bot.rehearsal.stage import Stage  # noqa: PLC0415

    stopped = _stop_signal()
    landing = Landing()
    async with AsyncExitStack() as closing:
        closing.push_async_callback(landing.close)
        await landing.open(port)
        stage = Stage(new_world, back_to=landing.origin)
        closing.push_async_callback(stage.close)
        await stage.open()
        landing.show(stage)
        announce(f"The rehearsal is open: {landing.url}")
        announce("Press Ctrl-C here to end it.")
        if open_browser:
            # A browser that takes long to start must not hold up the goodbye: nobody waits for it.
            threading.Thread(target=_open_in_window, args=[landing.url], daemon=True).start()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.keep_time())
            await stopped.wait()
            await stage.close()


def _import_simulated_discord() -> None:
    # It tries out a client of its own while it is imported, and discord.py warns about that one.
    library = logging.getLogger("discord")
    level = library.level
    library.setLevel(logging.ERROR)
    try:
        importlib.import_module("simcord")
    finally:
        library.setLevel(level)


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    return stopped


def _open_in_window(url: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    # A browser that lives in the terminal would take the place of what is printed there.
    in_terminal = type(browser) is webbrowser.GenericBrowser or type(browser).__name__ == "Elinks"
    if not in_terminal:
        browser.open(url)
