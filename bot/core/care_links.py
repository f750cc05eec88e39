"""A therapist and a client, paired because both wanted it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.people import CareLinkId, PersonId


class EndReason(StrEnum):
    """Why a therapist and a client are no longer paired."""

    CLIENT_LEFT = "client_left"
    THERAPIST_ENDED = "therapist_ended"
    THERAPIST_GONE = "therapist_gone"
    CLIENT_GONE = "client_gone"


@dataclass(frozen=True, slots=True)
class CareLink:
    """One pair; `label` is the therapist's own word for the client, `therapist_name` is shown."""

    id: CareLinkId
    therapist: PersonId
    client: PersonId
    label: str
    therapist_name: str
    created_at: datetime
    reachable_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: EndReason | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether it is over."""
        return self.ended_at is not None

    @property
    def is_reachable(self) -> bool:
        """Tell whether the client has shown that messages arrive."""
        return self.reachable_at is not None

    def reached(self, at: datetime) -> "CareLink":
        """Return the link once the client pressed the button in the first message."""
        return replace(self, reachable_at=self.reachable_at or at)

    def end(self, at: datetime, because: EndReason) -> "CareLink":
        """Return the link as ended; a second end changes nothing."""
        if self.has_ended:
            return self
        return replace(self, ended_at=at, ended_because=because)
