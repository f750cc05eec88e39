"""What recent turns of a DM add to a message: detections only, for half an hour, never words."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.crisis import Category, Detection, Explanation, Finding, Tier

REMEMBERED_FOR = timedelta(minutes=30)
MOST_TURNS = 10


@dataclass(frozen=True, slots=True)
class Turn:
    """What was found in one message, and when it was written."""

    at: datetime
    detection: Detection


@dataclass(frozen=True, slots=True)
class Conversation:
    """The latest turns of one DM, oldest first."""

    turns: tuple[Turn, ...] = ()

    def as_of(self, now: datetime) -> "Conversation":
        """Return what still counts at this moment; ask before every detection."""
        recent = tuple(turn for turn in self.turns if now - turn.at <= REMEMBERED_FOR)
        return Conversation(recent[-MOST_TURNS:])

    @property
    def tells_of_distress(self) -> bool:
        """Whether any turn spoke of the person's own distress or danger."""
        return any(is_distress(turn.detection) for turn in self.turns)

    @property
    def gravest(self) -> Detection:
        """The gravest detection of all turns; one that found nothing if there are none."""
        detections = [turn.detection for turn in self.turns]
        return max(detections, key=lambda found: found.tier.severity, default=Detection(Tier.NONE))

    @property
    def tier_beside_distress(self) -> Tier:
        """What earlier turns become if distress is said now."""
        tiers = [turn.detection.beside_distress for turn in self.turns]
        return max(tiers, key=lambda tier: tier.severity, default=Tier.NONE)


def remember(conversation: Conversation, detection: Detection, at: datetime) -> Conversation:
    """Add one turn, and leave out what no longer counts."""
    turn = Turn(at, replace(detection, explanation=Explanation()))
    return Conversation((*conversation.turns, turn)).as_of(at)


def is_distress(found: Finding | Detection) -> bool:
    """Distress of the person who writes; means alone are none, they count beside it."""
    if found.category is Category.THIRD_PARTY:
        return False
    return found.tier.is_crisis or (found.tier is Tier.T3 and found.beside_distress is Tier.NONE)


def beside_distress(finding: Finding) -> Finding:
    """Return a finding as it counts when distress has been said."""
    return replace(finding, tier=finding.tier.raised_to(finding.beside_distress))
