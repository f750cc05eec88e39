"""A person whom a client chose to be told, and when a detection may reach that person."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.crisis import Category, Tier
from bot.core.errors import HandrailError
from bot.core.people import ContactLinkId, PersonId

# How long a client who wants to be asked first has before silence is taken as they chose.
ASK_WAIT = timedelta(seconds=60)
# Here the contact may be the danger, or tell the person who is.
NEVER_AUTOMATIC = frozenset(
    {
        Category.VIOLENCE_AT_HOME,
        Category.ASSAULT,
        Category.STALKING,
        Category.CHILD_IN_DANGER,
    }
)


class TellMode(StrEnum):
    """When the client wants this person told."""

    AUTOMATICALLY = "automatically"
    ASK_FIRST = "ask_first"
    ONLY_WHEN_I_PRESS = "only_when_i_press"


class SilenceMeans(StrEnum):
    """What the client wants to happen when they are asked first and do not answer."""

    TELL = "tell"
    DO_NOT_TELL = "do_not_tell"


class ContactNotAllowed(HandrailError):
    """A contact can't be kept like this; the text says what to change."""


@dataclass(frozen=True, slots=True)
class DesignatedContact:
    """One contact of one client.

    `client_name` is what the contact reads, `contact_name` the client's own word. A value that
    breaks a rule can't be made: ContactNotAllowed is raised instead.
    """

    id: ContactLinkId
    client: PersonId
    contact: PersonId
    client_name: str
    contact_name: str
    mode: TellMode
    silence: SilenceMeans | None
    may_be_danger: bool
    created_at: datetime
    accepted_at: datetime | None = None
    reachable_at: datetime | None = None
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.client == self.contact:
            raise ContactNotAllowed("You can't be your own contact. Choose somebody else.")
        if self.may_be_danger and self.mode is not TellMode.ONLY_WHEN_I_PRESS:
            raise ContactNotAllowed(
                "A person who could be the danger is told only when you press the button."
            )
        if self.mode is TellMode.ASK_FIRST and self.silence is None:
            raise ContactNotAllowed("Choose what happens if you don't answer: tell them, or don't.")

    @property
    def has_ended(self) -> bool:
        """Tell whether either side ended it."""
        return self.ended_at is not None

    @property
    def has_accepted(self) -> bool:
        """Tell whether the person agreed to be told, and has not left since."""
        return self.accepted_at is not None and not self.has_ended

    @property
    def may_be_told_automatically(self) -> bool:
        """Tell whether a message may leave that the client did not press a button for."""
        is_ready = self.has_accepted and self.reachable_at is not None
        return is_ready and self.mode is not TellMode.ONLY_WHEN_I_PRESS

    def choose(self, mode: TellMode, silence: SilenceMeans | None = None) -> "DesignatedContact":
        """Return the contact with another mode; silence means something only to `ASK_FIRST`."""
        kept = silence if mode is TellMode.ASK_FIRST else None
        return replace(self, mode=mode, silence=kept)

    def with_danger(self) -> "DesignatedContact":
        """Return the contact as one who could be the danger: told only when the client presses."""
        return replace(self, may_be_danger=True, mode=TellMode.ONLY_WHEN_I_PRESS, silence=None)

    def without_danger(self) -> "DesignatedContact":
        """Return the contact as one who is no danger; nothing becomes automatic by that alone."""
        return replace(self, may_be_danger=False)

    def accept(self, at: datetime) -> "DesignatedContact":
        """Return the contact once the person agreed; what has ended stays ended."""
        return replace(self, accepted_at=self.accepted_at or at)

    def reached(self, at: datetime) -> "DesignatedContact":
        """Return the contact once the person pressed the button in the first message."""
        return replace(self, reachable_at=self.reachable_at or at)

    def end(self, at: datetime) -> "DesignatedContact":
        """Return the contact as ended; a second end changes nothing."""
        return replace(self, ended_at=self.ended_at or at)


@dataclass(frozen=True, slots=True)
class TellNow:
    """The alert leaves at once."""


@dataclass(frozen=True, slots=True)
class AskFirst:
    """The client is asked, and has until `until_at`; then `on_silence` holds."""

    asked_at: datetime
    on_silence: SilenceMeans
    wait: timedelta = ASK_WAIT

    @property
    def until_at(self) -> datetime:
        """Return when silence is taken as the client chose."""
        return self.asked_at + self.wait


@dataclass(frozen=True, slots=True)
class OnlyOffer:
    """The client gets the button; nothing leaves before it is pressed."""


class NothingBecause(StrEnum):
    """Why this person is not even offered."""

    NO_CRISIS = "no_crisis"
    NO_CONSENT = "no_consent"
    NOT_ACCEPTED = "not_accepted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing leaves, and this person is not offered."""

    reason: NothingBecause


AlertDecision = TellNow | AskFirst | OnlyOffer | Nothing


def decide_alert(
    contact: DesignatedContact,
    tier: Tier,
    category: Category,
    *,
    consents_cover: bool,
    at: datetime,
) -> AlertDecision:
    """Return what a detection does for this contact.

    Only T1 may reach anybody by itself, and no category where the contact may be the danger.
    """
    reason = _why_nothing(contact, tier, consents_cover=consents_cover)
    if reason is not None:
        return Nothing(reason)
    if tier is not Tier.T1 or category in NEVER_AUTOMATIC or not contact.may_be_told_automatically:
        return OnlyOffer()
    if contact.silence is not None and contact.mode is TellMode.ASK_FIRST:
        return AskFirst(at, contact.silence)
    return TellNow()


def _why_nothing(
    contact: DesignatedContact, tier: Tier, *, consents_cover: bool
) -> NothingBecause | None:
    if tier.severity < Tier.T3.severity:
        return NothingBecause.NO_CRISIS
    if not consents_cover:
        return NothingBecause.NO_CONSENT
    if contact.has_ended:
        return NothingBecause.ENDED
    if not contact.has_accepted:
        return NothingBecause.NOT_ACCEPTED
    return None
