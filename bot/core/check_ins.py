"""One check-in: that it was due, whether it arrived, and which of three buttons was pressed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.people import CheckInId, CheckInPlanId


class CheckInState(StrEnum):
    """What is known about one check-in, and never more."""

    SENDING = "sending"
    SENT = "sent"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    MISSED = "missed"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    """The three buttons; what a person types after one is not an answer and is not kept."""

    OKAY = "okay"
    NOT_GREAT = "not_great"
    NEED_HELP = "need_help"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One due time of a plan; `key` names its message and stands in each of its buttons."""

    id: CheckInId
    plan: CheckInPlanId
    due_at: datetime
    state: CheckInState
    key: str
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    answer: Answer | None = None
