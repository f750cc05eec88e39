"""When the whole crisis screen is shown, and when one short line is enough."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.crisis import Detection, Tier

# Six hours from the last T1 or T2.
EPISODE = timedelta(hours=6)
SCREEN_AGAIN_AFTER = timedelta(minutes=10)

SERIOUS = frozenset({Tier.T1, Tier.T2})


class CrisisReply(StrEnum):
    """What a message of one person is answered with."""

    SCREEN = "screen"
    SHORT_LINE = "short_line"
    SOFT_OFFER = "soft_offer"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Episode:
    """What this person was shown lately; the newly made one is of somebody who wrote nothing."""

    last_serious_at: datetime | None = None
    screen_at: datetime | None = None
    shown: frozenset[tuple[Tier, str]] = field(default_factory=frozenset)

    def is_over(self, at: datetime) -> bool:
        """Tell whether six hours have passed since the last T1 or T2."""
        return self.last_serious_at is None or at - self.last_serious_at >= EPISODE

    def answer(self, detection: Detection, at: datetime) -> tuple[CrisisReply, "Episode"]:
        """Return what to answer in a DM, and the episode as it stands then."""
        if detection.tier is Tier.T3:
            return CrisisReply.SOFT_OFFER, self
        if detection.tier not in SERIOUS:
            return CrisisReply.ORDINARY, self
        current = Episode() if self.is_over(at) else self
        if current.needs_screen(detection, at):
            return CrisisReply.SCREEN, Episode(
                last_serious_at=at,
                screen_at=at,
                shown=current.shown | {(detection.tier, detection.category)},
            )
        return CrisisReply.SHORT_LINE, replace(current, last_serious_at=at)

    def needs_screen(self, detection: Detection, at: datetime) -> bool:
        """Tell whether the whole screen is due: the first, a new tier or category, ten minutes."""
        if self.screen_at is None or at - self.screen_at >= SCREEN_AGAIN_AFTER:
            return True
        tiers = {tier for tier, _ in self.shown}
        categories = {category for _, category in self.shown}
        return detection.tier not in tiers or detection.category not in categories
