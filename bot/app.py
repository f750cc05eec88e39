"""The composition root: builds every part of the bot from settings and content."""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import discord
from discord.ext import commands
from pydantic import SecretStr

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
from bot.scheduling.alarm import LOOK_AT_LEAST_EVERY
from bot.scheduling.clock import SystemClock
from bot.scheduling.housekeeping import Housekeeping
from bot.services.channel_messages import ChannelMessageService
from bot.services.crisis import CrisisService
from bot.services.direct_messages import DirectMessageService
from bot.services.help import HelpService
from bot.services.ports import Clock, Messenger
from bot.services.practices import PracticeService
from bot.services.preferences import PreferenceService
from bot.settings import MASTER_KEY_BYTES, Settings
from bot.storage.run_lock import lock_path, run_lock
from cogs.grounding import GroundingCog
from cogs.help import HelpCog
from cogs.messages import MessagesCog

if TYPE_CHECKING:
    from bot.app_storing import Storing

log = logging.getLogger(__name__)

LINES_READ_EVERY = timedelta(minutes=1)
A_LONG_WHILE = timedelta(hours=6)


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


def build_bot(
    settings: Settings, content: Content, *, look_at_least_every: timedelta = LOOK_AT_LEAST_EVERY
) -> HandrailBot:
    """Build a bot that has not connected yet; a fresh one for every start.

    However little is due, it looks at what is to be sent every `look_at_least_every`.

    Raises StorageError where it shall store something and DATABASE_URL names no database.
    """
    door = RestDoor()
    bot = HandrailBot(door, message_content=settings.handrail_message_content)
    messenger, clock = DiscordMessenger(bot, door), SystemClock()
    preferences = PreferenceService()
    help_service = HelpService(content.directory, content.texts, clock, preferences)
    storing = None
    if settings.is_storing:
        # Only then: the database's libraries cost 30 MB that a bot without storage need not spend.
        from bot.app_storing import build_storing  # noqa: PLC0415

        storing = build_storing(
            bot,
            settings,
            messenger=messenger,
            texts=content.texts,
            clock=clock,
            help_service=help_service,
            look_at_least_every=look_at_least_every,
        )
    services = build_services(content, messenger, clock, help_service, storing)
    bot.equip(
        Equipment(
            answers=Answers(messenger, services.crisis),
            crisis=services.crisis,
            preferences=preferences,
            texts=content.texts,
            cogs=(*_build_cogs(bot, settings, services), *(storing.cogs if storing else ())),
            beside=(
                _build_housekeeping(settings, help_service),
                *(storing.beside if storing else ()),
            ),
            alerts=storing.alerts if storing else None,
        )
    )
    return bot


def build_services(
    content: Content,
    messenger: Messenger,
    clock: Clock,
    help_service: HelpService,
    storing: "Storing | None" = None,
) -> Services:
    """Build the use cases that need no storage; those that have one are told of it."""
    texts = content.texts
    alerts = storing.alerts if storing else None
    crisis = CrisisService(content.detector, texts, help_service, clock, alerts)
    return Services(
        crisis=crisis,
        help=help_service,
        practices=PracticeService(content.exercises, texts, help_service, clock),
        preferences=help_service.preferences,
        direct=DirectMessageService(
            crisis,
            help_service,
            messenger,
            texts,
            clock,
            alerts=alerts,
            check_ins=storing.check_ins if storing else None,
        ),
        channels=ChannelMessageService(crisis, messenger, texts, clock),
    )


def what_is_off(settings: Settings) -> str:
    """Return one line that says what runs and what does not, and why."""
    on = "Exercises, helplines and crisis replies are on"
    if settings.is_storing:
        return f"{on}, and so are check-ins, contacts and all else that stores."
    missing = ", ".join(settings.missing_for_storing)
    return f"{on}. Off, because not set: everything that stores ({missing})."


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


@contextmanager
def hold_run_lock(settings: Settings) -> Iterator[None]:
    """Hold the run role of this folder or database; a second `run` is refused in one line."""
    with run_lock(lock_path(_find_database_file(settings))):
        yield


def _find_database_file(settings: Settings) -> Path:
    if settings.is_storing:
        from bot.app_storing import open_settings_storage  # noqa: PLC0415 - as in build_bot

        path = open_settings_storage(settings).database.path
        if path is not None:
            return path
    return settings.handrail_data / "handrail.db"


@dataclass(slots=True)
class RehearsalWorlds:
    """For each world of the rehearsal a database of its own, which restarts in it keep."""

    content: Content
    folder: Path
    _worlds: int = 0

    def new_world(self, therapist: int) -> Callable[[], HandrailBot]:
        """Return what builds the bots of one new world with that therapist."""
        self._worlds += 1
        settings = Settings(
            handrail_master_key=SecretStr(secrets.token_hex(MASTER_KEY_BYTES)),
            handrail_statement_accepted=True,
            handrail_run_by="the rehearsal on your own computer",
            handrail_therapists=(therapist,),
            handrail_data=self.folder,
            database_url=SecretStr(f"sqlite:///{self.folder}/world-{self._worlds}.db"),
        )
        # Days go by in seconds there, and no machine is ever suspended.
        return lambda: build_bot(settings, self.content, look_at_least_every=A_LONG_WHILE)
