"""What a person agreed to: each kind by itself, in a stated version, and taken back at any time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.people import PersonId


class Scope(StrEnum):
    """One thing that can be agreed to, and nothing else with it."""

    CHECK_INS = "check_ins"
    THERAPIST_VIEW = "therapist_view"
    CONTACT_ALERTS = "contact_alerts"
    HISTORY = "history"


# A new version is needed where the text that people agreed to changes its meaning.
CURRENT_VERSION: dict[Scope, int] = {
    Scope.CHECK_INS: 1,
    Scope.THERAPIST_VIEW: 1,
    Scope.CONTACT_ALERTS: 1,
    Scope.HISTORY: 1,
}


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement; one that was taken back stays in the ledger with both dates."""

    person: PersonId
    scope: Scope
    version: int
    given_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """Tell whether it still counts: not taken back, and of the text as it is now."""
        return self.withdrawn_at is None and self.version == CURRENT_VERSION[self.scope]


@dataclass(frozen=True, slots=True)
class Consents:
    """The ledger of one person, the oldest first; empty for somebody who agreed to nothing."""

    entries: tuple[Consent, ...] = ()

    def covers(self, scope: Scope) -> bool:
        """Tell whether the person agrees to `scope` now."""
        return any(each.scope is scope and each.holds for each in self.entries)

    def __iter__(self) -> Iterator[Consent]:
        return iter(self.entries)
