"""The rows of the storage in memory, as plain mappings of frozen values."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import NoReturn, TypeVar

from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.check_ins import CheckIn
from bot.core.consents import Consent
from bot.core.designated_contacts import DesignatedContact
from bot.core.erasures import Erasure
from bot.core.escalations import Escalation, EscalationStep
from bot.core.invitations import Invitation
from bot.core.known_people import KnownPerson
from bot.core.outbox import OutboxRow
from bot.core.people import (
    CareLinkId,
    CheckInId,
    CheckInPlanId,
    ContactLinkId,
    EscalationId,
    InvitationId,
    PersonId,
)

Key = TypeVar("Key")
Row = TypeVar("Row")


class ReadOnly(dict[Key, Row]):
    """Rows that were opened for reading only."""

    def __setitem__(self, key: Key, row: Row) -> NoReturn:
        raise PermissionError("opened for reading only")

    def __delitem__(self, key: Key) -> NoReturn:
        raise PermissionError("opened for reading only")


def keep(table: dict[Key, Row], wanted: Callable[[Row], bool]) -> int:
    gone = [key for key, row in table.items() if not wanted(row)]
    for key in gone:
        del table[key]
    return len(gone)


@dataclass(slots=True)
class Tables:
    """One version of everything that is kept."""

    people: dict[PersonId, KnownPerson] = field(default_factory=dict)
    consents: dict[PersonId, tuple[Consent, ...]] = field(default_factory=dict)
    invitations: dict[InvitationId, Invitation] = field(default_factory=dict)
    attempts: dict[PersonId, tuple[datetime, int]] = field(default_factory=dict)
    care_links: dict[CareLinkId, CareLink] = field(default_factory=dict)
    plans: dict[CheckInPlanId, CheckInPlan] = field(default_factory=dict)
    check_ins: dict[CheckInId, CheckIn] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)
    contacts: dict[ContactLinkId, DesignatedContact] = field(default_factory=dict)
    escalations: dict[EscalationId, Escalation] = field(default_factory=dict)
    steps: dict[str, EscalationStep] = field(default_factory=dict)
    erasures: dict[str, Erasure] = field(default_factory=dict)

    def copy(self) -> "Tables":
        """Return the same rows, to be changed apart from these."""
        return replace(self, **{each.name: dict(getattr(self, each.name)) for each in fields(self)})

    def frozen(self) -> "Tables":
        """Return the same rows, which can't be changed."""
        return replace(
            self, **{each.name: ReadOnly(getattr(self, each.name)) for each in fields(self)}
        )

    def forget(self, person: PersonId) -> None:
        """Delete whatever names the person, and what hangs on it."""
        for table in (self.people, self.consents, self.attempts):
            table.pop(person, None)
        keep(self.invitations, lambda row: person not in (row.inviter, row.used_by))
        keep(self.care_links, lambda row: person not in (row.therapist, row.client))
        keep(self.plans, lambda row: row.link in self.care_links)
        keep(self.check_ins, lambda row: row.plan in self.plans)
        keep(self.outbox, lambda row: row.person != person)
        keep(self.contacts, lambda row: person not in (row.client, row.contact))
        keep(self.escalations, lambda row: row.client != person)
        keep(
            self.steps,
            lambda row: row.contact in self.contacts and row.escalation in self.escalations,
        )
