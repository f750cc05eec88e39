"""What words of crisis are: tiers, categories and the detection that explains itself."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """T1 present danger, T2 ideation or recent harm, T3 distress, T0 the topic without the need."""

    T1 = "T1"
    T2 = "T2"
    T3 = "T3"
    T0 = "T0"
    NONE = "none"


class Place(StrEnum):
    """Where it was said: a guard may lower further in a channel than in a DM."""

    DM = "dm"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found in one message; `cues` are phrase ids, never the words that were written."""

    tier: Tier
    category: str = ""
    language: str = ""
    cues: tuple[str, ...] = ()
