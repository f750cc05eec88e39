"""The command line: `python -m bot run`, `rehearse`, `scan`, `lines`, `new-key`."""

import argparse
import asyncio
import logging
import secrets
import signal
import sys
import tempfile
import zoneinfo
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import aiohttp
import discord

from bot import app
from bot.content.crisis import load_phrase_book
from bot.content.lines_report import Given, check_lines, list_lines, verify_line
from bot.content.scan import ScanOptions, run_scan
from bot.content.verified_lines import load_verifications, save_verifications
from bot.core.crisis import Place
from bot.core.crisis_detector import Detector
from bot.core.errors import ContentError, HandrailError
from bot.discord_io.client import HandrailBot
from bot.log import set_up_logging
from bot.scheduling.clock import SystemClock
from bot.settings import MASTER_KEY_BYTES, Settings, load_settings

# Under -m this module is named __main__, which no rule of logging knows.
log = logging.getLogger("bot")

FINE, WRONG = 0, 1

REFUSED = (
    "Discord refused the token: copy it again from the developer portal (Bot > Reset Token)"
    " into DISCORD_TOKEN."
)
NOTHING_TO_LOG_IN_WITH = (
    "There is no token: write DISCORD_TOKEN=... into .env (see README.md),"
    " or try the bot without one: make rehearse"
)
INTENT_OFF = (
    'Discord refused the intent: switch on "Message Content Intent" in the developer portal'
    " (Bot > Privileged Gateway Intents), or set HANDRAIL_MESSAGE_CONTENT=off."
)
NO_CONNECTION = (
    "Discord can't be reached: check the network and DISCORD_API_BASE, then start again."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns 0 fine, 1 wrong and said, 2 wrong usage."""
    given = _parser().parse_args(arguments)
    # Time zones come from the pinned tzdata package, the same on every machine.
    zoneinfo.reset_tzpath(())
    try:
        result: int = given.do(given)
    except HandrailError as error:
        return _say_wrong(str(error))
    except KeyboardInterrupt:
        return FINE
    return result


def run(_: argparse.Namespace) -> int:
    """Run against real Discord until stopped."""
    settings = load_settings()
    token = settings.token
    if token is None:
        return _say_wrong(NOTHING_TO_LOG_IN_WITH)
    set_up_logging(log_format=settings.log_format, level=settings.log_level)
    content = app.load_content(settings)
    print(app.what_is_off(settings), flush=True)
    app.use_api_base(settings)
    if unsigned := app.unreviewed_content(content):
        log.warning("content.unreviewed", extra={"count": len(unsigned)})
    bot = app.build_bot(settings, content)
    try:
        with app.hold_run_lock(settings):
            asyncio.run(_run_until_stopped(bot, token))
    except discord.LoginFailure:
        return _say_wrong(REFUSED)
    except discord.PrivilegedIntentsRequired:
        return _say_wrong(INTENT_OFF)
    except (aiohttp.ClientError, OSError, discord.DiscordServerError, discord.GatewayNotFound):
        return _say_wrong(NO_CONNECTION)
    return FINE


def rehearse(given: argparse.Namespace) -> int:
    """Open the bot in a simulated Discord, in the browser."""
    # The rehearsal needs an optional extra, which `run` must never import.
    from bot.rehearsal.host import rehearse as open_rehearsal  # noqa: PLC0415

    set_up_logging(log_format="text", level="WARNING")
    content = app.load_content(Settings())
    browser = not given.no_browser
    with tempfile.TemporaryDirectory(prefix="handrail-rehearsal-") as folder:
        worlds = app.RehearsalWorlds(content, Path(folder))
        return open_rehearsal(
            worlds.new_world, port=given.port, open_browser=browser, announce=_say
        )


def new_key(_: argparse.Namespace) -> int:
    """Print a master key."""
    print(secrets.token_hex(MASTER_KEY_BYTES))
    return FINE


def scan(given: argparse.Namespace) -> int:
    """Judge messages from standard input, one a line."""
    options = ScanOptions(jsonl=given.jsonl, place=Place(given.place), explain=given.explain)
    detector = Detector(load_phrase_book())

    def write(line: str) -> None:
        sys.stdout.write(line)
        sys.stdout.flush()

    try:
        run_scan(sys.stdin.buffer, write, detector, options)
    except BrokenPipeError:
        # Whoever read our answers has closed the pipe, as `head` does.
        sys.stderr.close()
    return FINE


def lines_list(given: argparse.Namespace) -> int:
    """Show every helpline and what people see of it."""
    settings = load_settings()
    verifications = load_verifications(app.verified_lines_path(settings))
    directory = app.load_bundled_directory(settings)
    for line in list_lines(directory, verifications, given.country, _now()):
        print(line)
    return FINE


def lines_verify(given: argparse.Namespace) -> int:
    """Record that the operator checked one row against its provider."""
    settings = load_settings()
    path = app.verified_lines_path(settings)
    verifications = verify_line(
        app.load_bundled_directory(settings),
        load_verifications(path),
        given.country,
        Given(line=given.line, numbers=given.number, by=given.by),
        at=_now(),
        ask=input,
        tell=_say,
    )
    save_verifications(path, verifications)
    return FINE


def lines_check(_: argparse.Namespace) -> int:
    """Say which rows are old, changed or hidden."""
    settings = load_settings()
    directory = app.load_bundled_directory(settings)
    try:
        verifications, problem = load_verifications(app.verified_lines_path(settings)), None
    except ContentError as error:
        verifications, problem = {}, error
    code, lines = check_lines(directory, verifications, _now(), problem)
    for line in lines:
        print(line)
    return code


async def _run_until_stopped(bot: HandrailBot, token: str) -> None:
    running = asyncio.current_task()
    if running is not None:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, running.cancel)
    try:
        await app.run_bot(bot, token)
    except asyncio.CancelledError:
        log.info("app.stopped")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Handrail")
    parser.set_defaults(do=run)
    commands = parser.add_subparsers(metavar="command")
    commands.add_parser("run", help="run against Discord (default)").set_defaults(do=run)
    _add_rehearse(commands)
    commands.add_parser("new-key", help="print a key for HANDRAIL_MASTER_KEY").set_defaults(
        do=new_key
    )
    _add_scan(commands)
    _add_lines(commands)
    return parser


def _add_rehearse(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("rehearse", help="open the bot in a simulated Discord")
    parser.add_argument("--port", type=int, default=0, help="of the landing page; 0: any free one")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.set_defaults(do=rehearse)


def _add_scan(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("scan", help="try the crisis phrases on lines of text")
    parser.add_argument("--jsonl", action="store_true", help='lines are objects with a "text"')
    parser.add_argument("--place", choices=[*Place], default=Place.CHANNEL.value)
    parser.add_argument("--explain", action="store_true", help="say which phrases and guards")
    parser.set_defaults(do=scan)


def _add_lines(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    lines = commands.add_parser("lines", help="list, verify and check the helplines")
    actions = lines.add_subparsers(metavar="action", required=True)
    listing = actions.add_parser("list", help="every line and what people see of it")
    listing.add_argument("country", nargs="?", help="a code or a name, such as GB")
    listing.set_defaults(do=lines_list)
    checking = actions.add_parser("check", help="what is old, changed or hidden")
    checking.set_defaults(do=lines_check)
    verifying = actions.add_parser("verify", help="record that you checked a line")
    verifying.add_argument("country", help="a code or a name, such as GB")
    verifying.add_argument("--line", help="the line's name")
    verifying.add_argument("--number", action="append", default=[], help="exactly as dialled")
    verifying.add_argument("--by", help="your name")
    verifying.set_defaults(do=lines_verify)


def _now() -> datetime:
    return SystemClock().now()


def _say(line: str) -> None:
    print(line, flush=True)


def _say_wrong(line: str) -> int:
    print(line, file=sys.stderr, flush=True)
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
