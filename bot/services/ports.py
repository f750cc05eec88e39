"""What the use cases need from outside: time, texts and a way to reach Discord."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.outbox import DeliveryOutcome, Lane
from bot.core.people import ChannelId, Language, MessageId, PersonId
from bot.core.screens import Screen

__all__ = ["Clock", "DeliveryOutcome", "Lane", "Messenger", "Texts", "Therapists"]


class Clock(Protocol):
    """The time, as an aware UTC instant."""

    def now(self) -> datetime:
        """Return the instant."""


class Texts(Protocol):
    """The words of Handrail by key and language."""

    def say(self, language: Language, key: str, **values: str | int) -> str:
        """Return the text of `key`, in English where the language has none.

        Raises MissingText for a key that English lacks.
        """

    def words(self, language: Language, key: str) -> frozenset[str]:
        """Return the listed words of `key`, casefolded, of the language and of English."""


class Therapists(Protocol):
    """Who counts as a therapist here; asked at every use, because it can end at any time."""

    async def is_therapist(self, person: PersonId) -> bool:
        """Tell whether the person may set things for clients now; False where it can't be known."""


class Messenger(Protocol):
    """Sends into channels and knows what we wrote there."""

    async def send(
        self, channel: ChannelId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        """Send once, however often it is tried; `key` (25 characters at most) names it."""

    async def send_to(
        self, person: PersonId, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        """Send into the person's DM, opening it first."""

    async def has_written_in(self, channel: ChannelId) -> bool:
        """Tell whether we ever wrote there; True where it can't be known now."""

    async def end_practices(self, channel: ChannelId, *, shown: Screen) -> Sequence[MessageId]:
        """Turn the practice that is under way there into `shown`; return what was edited."""
