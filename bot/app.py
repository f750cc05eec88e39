"""The composition root: builds every part of the bot from settings and content."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import discord
from discord.ext import commands

from bot.content.crisis import load_phrase_book
from bot.content.crisis_resources import bundled_resources, load_directory
from bot.content.grounding_exercises import bundled_exercises, load_exercises, unreviewed
from bot.content.texts import FluentTexts, load_texts
from bot.content.verified_lines import FILE_NAME, load_verifications
from bot.core.crisis_detector import Detector
from bot.core.crisis_resource_rows import Verifications
from bot.core.crisis_resources import Directory
from bot.core.errors import ContentError
from bot.core.exercise_selector import ExerciseLibrary
from bot.core.people import GuildId
from bot.discord_io.answers import Answers
from bot.discord_io.client import Equipment, HandrailBot
from bot.discord_io.messenger import DiscordMessenger
from bot.discord_io.rest_door import RestDoor
from bot.scheduling.clock import SystemClock
from bot.scheduling.housekeeping import Housekeeping
from bot.services.channel_messages import ChannelMessageService
from bot.services.crisis import CrisisService
from bot.services.direct_messages import DirectMessageService
from bot.services.help import HelpService
from bot.services.ports import Messenger
from bot.services.practices import PracticeService
from bot.services.preferences import PreferenceService
from bot.settings import Settings
from cogs.grounding import GroundingCog
from cogs.help import HelpCog
from cogs.messages import MessagesCog

log = logging.getLogger(__name__)

LINES_READ_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything clinical and every text, loaded and checked."""

    texts: FluentTexts
    exercises: ExerciseLibrary
    directory: Directory
    detector: Detector


@dataclass(frozen=True, slots=True)
class Services:
    """Every use case."""

    crisis: CrisisService
    help: HelpService
    practices: PracticeService
    preferences: PreferenceService
    direct: DirectMessageService
    channels: ChannelMessageService


def load_content(settings: Settings) -> Content:
    """Load what the bot says and knows; raises ContentError, which names file and field."""
    return Content(
        texts=load_texts(files("bot.content") / "texts"),
        exercises=load_exercises(bundled_exercises()),
        directory=load_seen_directory(settings),
        detector=Detector(load_phrase_book()),
    )


def load_bundled_directory(settings: Settings) -> Directory:
    """Load the helplines as they come with Handrail, with the operator's limit of age."""
    directory = load_directory(bundled_resources())
    limit = timedelta(days=settings.handrail_lines_max_age_days)
    return replace(directory, verified_for=limit)


def load_seen_directory(settings: Settings) -> Directory:
    """Load the helplines as the operator's verifications let people see them.

    A verification file that can't be read counts as none: `lines check` says what is wrong.
    """
    verifications = _find_verifications(verified_lines_path(settings))
    return load_bundled_directory(settings).with_verifications(verifications)


def verified_lines_path(settings: Settings) -> Path:
    """Return where the operator's verifications are kept."""
    return settings.handrail_data / FILE_NAME


def build_bot(settings: Settings, content: Content) -> HandrailBot:
    """Build a bot that has not connected yet; a fresh one for every start."""
    door = RestDoor()
    bot = HandrailBot(door, message_content=settings.handrail_message_content)
    messenger = DiscordMessenger(bot, door)
    services = build_services(content, messenger)
    bot.equip(
        Equipment(
            answers=Answers(messenger, services.crisis),
            crisis=services.crisis,
            preferences=services.preferences,
            texts=content.texts,
            cogs=_build_cogs(bot, settings, services),
            housekeeping=_build_housekeeping(settings, services.help),
        )
    )
    return bot


def build_services(content: Content, messenger: Messenger) -> Services:
    """Build the use cases over `messenger`."""
    clock, texts = SystemClock(), content.texts
    preferences = PreferenceService()
    help_service = HelpService(content.directory, texts, clock, preferences)
    crisis = CrisisService(content.detector, texts, help_service, clock)
    return Services(
        crisis=crisis,
        help=help_service,
        practices=PracticeService(content.exercises, texts, help_service, clock),
        preferences=preferences,
        direct=DirectMessageService(crisis, help_service, messenger, texts, clock),
        channels=ChannelMessageService(crisis, messenger, texts, clock),
    )


def what_is_off(settings: Settings) -> str:
    """Return one line that says what runs and what does not, and why."""
    missing = []
    if settings.handrail_master_key is None:
        missing.append("HANDRAIL_MASTER_KEY")
    if not settings.handrail_statement_accepted:
        missing.append("HANDRAIL_STATEMENT_ACCEPTED")
    on = "Exercises, helplines and crisis replies are on"
    if not missing:
        return f"{on}. Nothing is stored."
    return f"{on}. Off, because not set: everything that stores ({', '.join(missing)})."


def unreviewed_content(content: Content) -> tuple[str, ...]:
    """Return what no clinician has signed yet."""
    return tuple(unreviewed(content.exercises))


async def run_bot(bot: HandrailBot, token: str) -> None:
    """Connect and stay connected until the bot is closed; discord.py's errors pass through."""
    async with bot:
        await bot.start(token)


def use_api_base(settings: Settings) -> None:
    """Send discord.py's requests to the configured address."""
    discord.http.Route.BASE = str(settings.discord_api_base).rstrip("/")


def _build_cogs(bot: HandrailBot, settings: Settings, services: Services) -> Sequence[commands.Cog]:
    guilds = settings.handrail_guilds if settings.handrail_message_content else ()
    return (
        GroundingCog(bot, services.practices),
        HelpCog(bot, services.help, services.crisis),
        MessagesCog(
            bot,
            direct=services.direct,
            channels=services.channels,
            preferences=services.preferences,
            watched=frozenset(GuildId(each) for each in guilds),
        ),
    )


def _build_housekeeping(settings: Settings, help_service: HelpService) -> Housekeeping:
    """Read the operator's verifications again, so that `lines verify` needs no restart."""

    def read_verified_lines() -> None:
        verifications = _find_verifications(verified_lines_path(settings))
        help_service.directory = help_service.directory.with_verifications(verifications)

    housekeeping = Housekeeping()
    housekeeping.every(LINES_READ_EVERY, read_verified_lines)
    return housekeeping


def _find_verifications(path: Path) -> Verifications:
    try:
        return load_verifications(path)
    except ContentError as error:
        log.warning("verified_lines.unreadable", extra={"file": error.file})
        return {}
