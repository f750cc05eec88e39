"""A message that is to be sent once: written down before it leaves, marked after."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.people import MessageId, PersonId


class Lane(StrEnum):
    """Which queue a request to Discord stands in; the first goes first."""

    CRISIS = "crisis"
    DELIVERY = "delivery"
    CATCH_UP = "catch_up"


class DeliveryOutcome(StrEnum):
    """What is known about a message we tried to send."""

    SENT = "sent"
    UNREACHABLE = "unreachable"
    TRY_LATER = "try_later"
    UNKNOWN = "unknown"


class OutboxKind(StrEnum):
    """What kind of message a row stands for; its words are made when it is sent."""

    CHECK_IN = "check_in"
    HELLO = "hello"
    ALERT = "alert"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message to one person.

    `key` (random, at most 25 characters) is the nonce and stands in every button. `reference` is
    the id of what it is about, never words. `unsure_since_at` is when the first try began whose
    outcome nobody knows; it is None when no such try was made.
    """

    key: str
    person: PersonId
    kind: OutboxKind
    reference: str
    lane: Lane
    due_at: datetime
    leased_until: datetime | None = None
    attempts: int = 0
    unsure_since_at: datetime | None = None
    outcome: DeliveryOutcome | None = None
    message_id: MessageId | None = None
    done_at: datetime | None = None

    @property
    def may_have_arrived(self) -> bool:
        """Tell whether an earlier try may have reached Discord without our knowing."""
        return self.done_at is None and self.unsure_since_at is not None
