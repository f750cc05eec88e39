"""Who reads what we send: ids and the few things that change how it is worded."""

from dataclasses import dataclass
from typing import NewType

PersonId = NewType("PersonId", int)
ChannelId = NewType("ChannelId", int)
GuildId = NewType("GuildId", int)
MessageId = NewType("MessageId", int)
# Ids of our own are random url-safe text of at most 22 characters: a number would repeat after a
# restore, and could be guessed.
CareLinkId = NewType("CareLinkId", str)
InvitationId = NewType("InvitationId", str)
CheckInPlanId = NewType("CheckInPlanId", str)
CheckInId = NewType("CheckInId", str)
ContactLinkId = NewType("ContactLinkId", str)
EscalationId = NewType("EscalationId", str)
Language = NewType("Language", str)
CountryCode = NewType("CountryCode", str)

ENGLISH = Language("en")


@dataclass(frozen=True, slots=True)
class Reader:
    """The person a screen is made for.

    `country` is an ISO 3166 alpha-2 code the person chose, or None: it is asked, never guessed.
    """

    person: PersonId
    language: Language = ENGLISH
    country: CountryCode | None = None
