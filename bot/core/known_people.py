"""What is kept of a person beyond what they were asked to agree to: little, and no words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.people import ChannelId, PersonId

# How long a DM channel is remembered after somebody last wrote in it, to catch up on return.
CHANNEL_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person we know; `dm_channel_at` is when the channel was last seen to be theirs."""

    person: PersonId
    created_at: datetime
    dm_channel: ChannelId | None = None
    dm_channel_at: datetime | None = None
    zone: str | None = None
    reachable_at: datetime | None = None
    unreachable_at: datetime | None = None
    adult_confirmed_at: datetime | None = None

    @property
    def is_adult(self) -> bool:
        """Tell whether the person said that they are 18 or older."""
        return self.adult_confirmed_at is not None

    @property
    def is_reachable(self) -> bool:
        """Tell whether the last thing we know is that a message arrived."""
        return self.reachable_at is not None and self.unreachable_at is None
