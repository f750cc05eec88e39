"""A direct message is never ignored: crisis first, then stop, help, and the row of buttons."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.crisis import Detection
from bot.core.crisis_episodes import CrisisReply
from bot.core.people import ChannelId, MessageId, PersonId, Reader
from bot.core.recent import Recent
from bot.core.screens import Placement, Screen
from bot.services.crisis import CrisisAnswer, CrisisService
from bot.services.help import HelpService
from bot.services.ports import Clock, DeliveryOutcome, Lane, Messenger, Texts
from bot.services.rows import with_row

log = logging.getLogger(__name__)

ROW_AGAIN_AFTER = timedelta(minutes=10)
REMEMBERED = 10_000
ENDINGS = " \t\r\n.!?…"


class AlertsAfterCrisis(Protocol):
    """Tells the person whom the client chose, once the client was answered."""

    async def after_crisis(
        self, reader: Reader, detection: Detection, message_id: MessageId, at: datetime
    ) -> Screen | None:
        """Do what was chosen; a screen is a question to the client, to be sent now."""


class RemindsWhoReads(Protocol):
    """Knows who does not read what is typed after a check-in."""

    async def typed_after_check_in(self, reader: Reader, at: datetime) -> Screen | None:
        """Return the line that says so, once after each check-in."""


class Said(StrEnum):
    """What kind of plain message it is."""

    STOP = "stop"
    HELP = "help"
    MEDIA = "media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """A message to us in a DM; `has_media` where it brings something we can't read."""

    id: MessageId
    channel: ChannelId
    reader: Reader
    text: str
    has_media: bool = False


@dataclass(frozen=True, slots=True)
class DirectMessageService:
    """Answers what people type in their DM with us; their words are read and let go."""

    crisis: CrisisService
    help: HelpService
    messenger: Messenger
    texts: Texts
    clock: Clock
    alerts: AlertsAfterCrisis | None = None
    check_ins: RemindsWhoReads | None = None
    _row_at: Recent[PersonId, datetime] = field(
        default_factory=lambda: Recent[PersonId, datetime](REMEMBERED)
    )
    # A keyed hash of what was read last, by message: Discord repeats a message as an edit when it
    # adds a link's preview.
    _read: Recent[MessageId, int] = field(
        default_factory=lambda: Recent[MessageId, int](REMEMBERED)
    )

    async def receive(self, message: DirectMessage) -> None:
        """Answer a new message."""
        said = self._read_words(message)
        if await self._answer_crisis(message, key=f"m{message.id}", said=said):
            return
        if said is Said.STOP:
            ended = Screen(self._say(message, "stop"), placement=Placement.SAME)
            await self.messenger.end_practices(message.channel, shown=ended)
        screen = await self._ordinary_answer(message, said)
        if screen is not None:
            await self._send(message, screen, key=f"r{message.id}", lane=Lane.DELIVERY)

    async def receive_edit(self, message: DirectMessage, *, edited_at: datetime) -> None:
        """Answer an edit only where it brings words of crisis."""
        if self._read.find(message.id) == hash(message.text):
            return
        # Each edit has its own nonce: the id, and the second within the last hours.
        await self._answer_crisis(
            message, key=f"e{message.id}{int(edited_at.timestamp()) % 10_000:04d}"
        )

    async def _answer_crisis(
        self, message: DirectMessage, *, key: str, said: Said = Said.OTHER
    ) -> bool:
        self._read.put(message.id, hash(message.text))
        answer = self.crisis.read_direct(message.reader, message.text)
        # Whoever asks for help in so many words gets it, not an offer of it.
        asks_for_help = said is Said.HELP and answer.reply is CrisisReply.SOFT_OFFER
        if answer.screen is None or asks_for_help:
            return False
        outcome = await self._send(message, answer.screen, key=key, lane=Lane.CRISIS)
        self._record(answer, outcome)
        if outcome is not DeliveryOutcome.SENT:
            self.crisis.keep_for_later(message.reader, answer)
        elif answer.reply is CrisisReply.SCREEN:
            self.crisis.take_undelivered(message.reader.person)
        await self._alert(message, answer)
        return True

    async def _alert(self, message: DirectMessage, answer: CrisisAnswer) -> None:
        if self.alerts is None:
            return
        question = await self.alerts.after_crisis(
            message.reader, answer.detection, message.id, self.clock.now()
        )
        if question is not None:
            await self._send(message, question, key=f"q{message.id}", lane=Lane.CRISIS)

    def _record(self, answer: CrisisAnswer, outcome: DeliveryOutcome) -> None:
        log.info(
            "crisis.answered",
            extra={"tier": answer.detection.tier, "reply": answer.reply, "outcome": outcome},
        )

    async def _send(
        self, message: DirectMessage, screen: Screen, *, key: str, lane: Lane
    ) -> DeliveryOutcome:
        return await self.messenger.send(message.channel, screen, key=key, lane=lane)

    def _read_words(self, message: DirectMessage) -> Said:
        word = message.text.strip(ENDINGS).casefold()
        language = message.reader.language
        if word in self.texts.words(language, "stop.words"):
            return Said.STOP
        if word in self.texts.words(language, "help_words"):
            return Said.HELP
        return Said.MEDIA if message.has_media else Said.OTHER

    async def _ordinary_answer(self, message: DirectMessage, said: Said) -> Screen | None:
        match said:
            case Said.STOP:
                return Screen(self._say(message, "stop"))
            case Said.HELP:
                return self.help.open(message.reader)
            case Said.MEDIA:
                return self._row(message, self._say(message, "media"))
            case Said.OTHER:
                return await self._answer_other(message)

    async def _answer_other(self, message: DirectMessage) -> Screen | None:
        now = self.clock.now()
        if self.check_ins is not None and (
            line := await self.check_ins.typed_after_check_in(message.reader, now)
        ):
            self._row_at.put(message.reader.person, now)
            return line
        last = self._row_at.find(message.reader.person)
        if last is not None and now - last < ROW_AGAIN_AFTER:
            return None
        # The channel itself remembers whether we ever spoke there, so nothing has to be stored.
        if last is None and not await self.messenger.has_written_in(message.channel):
            lines = (self._say(message, "welcome"), self._say(message, "welcome.no_answer"))
            return self._row(message, "\n".join(lines))
        return self._row(message, self._say(message, "row"))

    def _row(self, message: DirectMessage, text: str) -> Screen:
        self._row_at.put(message.reader.person, self.clock.now())
        return with_row(self.texts, message.reader.language, text)

    def _say(self, message: DirectMessage, key: str) -> str:
        return self.texts.say(message.reader.language, key)
