"""Fakes of our ports, and the services built over them with the real texts and content."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.content.crisis_resources import bundled_resources, load_directory
from bot.content.grounding_exercises import bundled_exercises, load_exercises
from bot.content.texts import FluentTexts, load_texts
from bot.core.crisis import Category, Role, Tier
from bot.core.crisis_detector import Detector
from bot.core.crisis_notation import parse
from bot.core.crisis_phrases import Phrase, PhraseBook
from bot.core.crisis_resources import Directory
from bot.core.exercise_selector import ExerciseLibrary
from bot.core.people import ENGLISH, ChannelId, CountryCode, MessageId, PersonId, Reader
from bot.core.screens import Button, Menu, Screen
from bot.services.channel_messages import ChannelMessage, ChannelMessageService
from bot.services.crisis import CrisisService
from bot.services.direct_messages import DirectMessage, DirectMessageService
from bot.services.help import HelpService
from bot.services.ports import DeliveryOutcome, Lane
from bot.services.practices import PracticeService
from bot.services.preferences import PreferenceService

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLEO = PersonId(1)
CLEOS_DM = ChannelId(10)
SUPPORT = ChannelId(20)

# What the tiny phrase book below knows; the words are ours.
DANGER = "the rope is ready"
OVERDOSE = "the bottle is empty"
IDEATION = "the dark is calling"
VIOLENCE = "the door is locked again"
DISTRESS = "make it stop"
WORRY = "a friend is sinking"
NEWS = "a report about hotlines"
MEANINGS: dict[str, tuple[Tier, Category]] = {
    DANGER: (Tier.T1, Category.SUICIDE),
    OVERDOSE: (Tier.T1, Category.OVERDOSE),
    IDEATION: (Tier.T2, Category.SUICIDE),
    VIOLENCE: (Tier.T2, Category.VIOLENCE_AT_HOME),
    DISTRESS: (Tier.T3, Category.DISTRESS),
    WORRY: (Tier.T3, Category.THIRD_PARTY),
    NEWS: (Tier.T0, Category.TOPIC),
}


@dataclass
class FakeClock:
    """Stands still until the test moves it."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@dataclass(frozen=True)
class Sent:
    """One message that went out."""

    to: ChannelId | PersonId
    screen: Screen
    key: str
    lane: Lane


@dataclass
class FakeMessenger:
    """Notes what is sent; delivers it unless told otherwise."""

    outcome: DeliveryOutcome = DeliveryOutcome.SENT
    known_channels: set[ChannelId] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    ended_in: list[ChannelId] = field(default_factory=list)

    async def send(
        self, channel: ChannelId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        self.sent.append(Sent(channel, screen, key, lane))
        if self.outcome is DeliveryOutcome.SENT:
            self.known_channels.add(channel)
        return self.outcome

    async def send_to(
        self, person: PersonId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        self.sent.append(Sent(person, screen, key, lane))
        return self.outcome

    async def has_written_in(self, channel: ChannelId) -> bool:
        return channel in self.known_channels

    async def end_practices(self, channel: ChannelId, *, shown: Screen) -> Sequence[MessageId]:
        self.ended_in.append(channel)
        return ()

    @property
    def texts(self) -> list[str]:
        return [each.screen.text for each in self.sent]

    @property
    def last(self) -> Sent:
        return self.sent[-1]


@cache
def texts() -> FluentTexts:
    return load_texts(bundled_resources().joinpath("..", "texts"))


@cache
def directory() -> Directory:
    return load_directory(bundled_resources())


@cache
def exercises() -> ExerciseLibrary:
    return load_exercises(bundled_exercises())


@cache
def tiny_detector() -> Detector:
    """A detector that knows the sentences above and nothing else."""
    return Detector(
        PhraseBook(
            tuple(
                Phrase(
                    id=f"en.tiny{number}",
                    role=Role.TOPIC if tier is Tier.T0 else Role.CUE,
                    language="en",
                    patterns=(parse(words, {}),),
                    tier=tier,
                    category=category,
                )
                for number, (words, (tier, category)) in enumerate(MEANINGS.items())
            )
        )
    )


def say(key: str, **values: str | int) -> str:
    return texts().say(ENGLISH, key, **values)


def labels(screen: Screen) -> list[str]:
    """Every button in reading order."""
    return [each.label for each in screen.buttons]


def pressed(screen: Screen, label: str) -> Button:
    [found] = [each for each in screen.buttons if each.label == label]
    return found


class House:
    """The services over the fakes, and Cleo, who writes to them."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.messenger = FakeMessenger()
        self.preferences = PreferenceService()
        self.help = HelpService(directory(), texts(), self.clock, self.preferences)
        self.crisis = CrisisService(tiny_detector(), texts(), self.help, self.clock)
        self.practices = PracticeService(exercises(), texts(), self.help, self.clock)
        self.direct = DirectMessageService(
            self.crisis, self.help, self.messenger, texts(), self.clock
        )
        self.channels = ChannelMessageService(self.crisis, self.messenger, texts(), self.clock)
        self._messages = 100

    @property
    def cleo(self) -> Reader:
        return self.preferences.reader(CLEO)

    def cleo_is_in(self, country: str) -> None:
        self.preferences.choose_country(self.cleo, CountryCode(country))

    def knows_cleo(self) -> None:
        """Let there be a message of ours in her DM."""
        self.messenger.known_channels.add(CLEOS_DM)

    async def write(self, text: str, *, has_media: bool = False) -> DirectMessage:
        """Let Cleo write into her DM; returns the message, for edits."""
        message = DirectMessage(self._next_id(), CLEOS_DM, self.cleo, text, has_media)
        await self.direct.receive(message)
        return message

    async def edit(self, message: DirectMessage, text: str) -> None:
        edited = DirectMessage(message.id, message.channel, self.cleo, text)
        await self.direct.receive_edit(edited, edited_at=self.clock.now())

    async def write_in_channel(
        self, text: str, *, mentions_us: bool = False, channel: ChannelId = SUPPORT
    ) -> None:
        message = ChannelMessage(self._next_id(), channel, self.cleo, text, mentions_us)
        await self.channels.receive(message)

    def _next_id(self) -> MessageId:
        self._messages += 1
        return MessageId(self._messages)


def assert_fits(screen: Screen) -> None:
    """Hold a screen to Discord's limits: 2000 characters, five rows of five, labels, menus."""
    assert 0 < len(screen.text) <= 2000
    assert len(screen.rows) <= 5
    for row in screen.rows:
        if isinstance(row, Menu):
            assert 0 < len(row.options) <= 25
            assert len(row.prompt) <= 150
            assert all(0 < len(each.label) <= 100 for each in row.options)
            assert row.action.encoded
            continue
        assert 0 < len(row) <= 5
        assert all(0 < len(each.label) <= 80 for each in row)
    custom_ids = [each.action.encoded for each in screen.buttons]
    assert len(set(custom_ids)) == len(custom_ids)
