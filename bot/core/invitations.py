"""A single-use code by which one person asks another in; the code itself is never kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.people import InvitationId, PersonId

VALID_FOR = timedelta(hours=72)
# Nothing that is mistaken for something else when read aloud or copied by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
HALF = LENGTH // 2
# Guessing a code takes 30^8 tries; nobody who was given one needs more than a few.
WRONG_ATTEMPTS = 5
WRONG_ATTEMPTS_WITHIN = timedelta(hours=1)


class InvitationKind(StrEnum):
    """What the invited person is asked to become."""

    CLIENT = "client"
    CONTACT = "contact"


class InvitationStanding(StrEnum):
    """Whether an invitation can still be used, or why not."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One code that was given out; `label` is the inviter's own word for the invited person."""

    id: InvitationId
    kind: InvitationKind
    inviter: PersonId
    code_hash: str
    label: str
    created_at: datetime
    expires_at: datetime
    used_by: PersonId | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def standing(self, at: datetime) -> InvitationStanding:
        """Return how the invitation stands; what happened counts before what the clock says."""
        if self.used_at is not None:
            return InvitationStanding.USED
        if self.revoked_at is not None:
            return InvitationStanding.REVOKED
        if at >= self.expires_at:
            return InvitationStanding.EXPIRED
        return InvitationStanding.OPEN


def show_code(code: str) -> str:
    """Return the code as it is written for people: two halves with a line between them."""
    return f"{code[:HALF]}-{code[HALF:]}"


def normalise_code(text: str) -> str | None:
    """Return the code meant by `text`, however it was copied, or None where it can't be one."""
    code = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        return None
    return code
