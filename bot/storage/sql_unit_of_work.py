"""Every noun over one open transaction."""

from dataclasses import dataclass
from functools import cached_property

from bot.storage.care_links import SqlCareLinks
from bot.storage.check_in_plans import SqlCheckInPlans
from bot.storage.check_ins import SqlCheckIns
from bot.storage.consents import SqlConsents
from bot.storage.designated_contacts import SqlDesignatedContacts
from bot.storage.erasures import SqlErasures
from bot.storage.escalations import SqlEscalations
from bot.storage.invitations import SqlInvitations
from bot.storage.known_people import SqlPeople
from bot.storage.outbox import SqlOutbox
from bot.storage.transaction import Transaction


@dataclass(frozen=True)
class SqlUnitOfWork:
    """Nouns are made when they are asked for; none outlives the transaction."""

    transaction: Transaction
    lookup_key: bytes

    @cached_property
    def people(self) -> SqlPeople:
        """Whom we know."""
        return SqlPeople(self.transaction)

    @cached_property
    def consents(self) -> SqlConsents:
        """Who agreed to what."""
        return SqlConsents(self.transaction)

    @cached_property
    def invitations(self) -> SqlInvitations:
        """Codes."""
        return SqlInvitations(self.transaction)

    @cached_property
    def care_links(self) -> SqlCareLinks:
        """Therapists and clients."""
        return SqlCareLinks(self.transaction)

    @cached_property
    def check_in_plans(self) -> SqlCheckInPlans:
        """What is to come."""
        return SqlCheckInPlans(self.transaction)

    @cached_property
    def check_ins(self) -> SqlCheckIns:
        """What became of it."""
        return SqlCheckIns(self.transaction)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """What is to be sent."""
        return SqlOutbox(self.transaction)

    @cached_property
    def contacts(self) -> SqlDesignatedContacts:
        """Whom clients chose."""
        return SqlDesignatedContacts(self.transaction)

    @cached_property
    def escalations(self) -> SqlEscalations:
        """Alerts."""
        return SqlEscalations(self.transaction)

    @cached_property
    def erasures(self) -> SqlErasures:
        """Who asked to be forgotten."""
        return SqlErasures(self.transaction, self.lookup_key)
