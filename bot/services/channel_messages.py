"""A message in a channel: at most a private offer, never anything about a person in public."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.people import ChannelId, MessageId, PersonId, Reader
from bot.core.recent import Recent
from bot.core.screens import Button, Screen, Weight
from bot.services.crisis import CrisisService
from bot.services.ports import Clock, DeliveryOutcome, Lane, Messenger, Texts

log = logging.getLogger(__name__)

OFFER_AGAIN_AFTER = timedelta(minutes=10)
MENTION_AGAIN_AFTER = timedelta(minutes=1)
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """What somebody wrote in a channel; `mentions_us` where they spoke to us."""

    id: MessageId
    channel: ChannelId
    reader: Reader
    text: str
    mentions_us: bool


@dataclass(frozen=True, slots=True)
class ChannelMessageService:
    """Offers help in private; what stands in public is the same whatever was written."""

    crisis: CrisisService
    messenger: Messenger
    texts: Texts
    clock: Clock
    _offered_at: Recent[PersonId, datetime] = field(
        default_factory=lambda: Recent[PersonId, datetime](REMEMBERED)
    )
    _answered_at: Recent[ChannelId, datetime] = field(
        default_factory=lambda: Recent[ChannelId, datetime](REMEMBERED)
    )

    async def receive(self, message: ChannelMessage) -> None:
        """Offer in private where words call for it; answer a mention neutrally."""
        answer = self.crisis.read_channel(message.reader, message.text)
        if answer.screen is not None and not self._was_lately(
            self._offered_at.find(message.reader.person), OFFER_AGAIN_AFTER
        ):
            self._offered_at.put(message.reader.person, self.clock.now())
            outcome = await self.messenger.send_to(
                message.reader.person, answer.screen, key=f"o{message.id}", lane=Lane.CRISIS
            )
            log.info("crisis.offered", extra={"tier": answer.detection.tier, "outcome": outcome})
            if outcome is not DeliveryOutcome.SENT:
                self.crisis.keep_for_later(message.reader, answer)
        if message.mentions_us:
            await self._answer_mention(message)

    async def _answer_mention(self, message: ChannelMessage) -> None:
        last = self._answered_at.find(message.channel)
        if self._was_lately(last, MENTION_AGAIN_AFTER):
            return
        self._answered_at.put(message.channel, self.clock.now())
        say = self.texts.say
        language = message.reader.language
        opener = Button(say(language, "mention.open"), Action.of("row.open"), Weight.MAIN)
        screen = Screen(say(language, "mention"), ((opener,),))
        await self.messenger.send(message.channel, screen, key=f"n{message.id}", lane=Lane.DELIVERY)

    def _was_lately(self, at: datetime | None, within: timedelta) -> bool:
        return at is not None and self.clock.now() - at < within
