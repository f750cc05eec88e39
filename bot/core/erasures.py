"""The list of who asked to be forgotten, kept so that a restored backup forgets them again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure; the person stands here only as a keyed hash."""

    person_hash: str
    erased_at: datetime
    is_complete: bool = True
