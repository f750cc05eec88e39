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

    @property
    def severity(self) -> int:
        """Higher is graver; none is 0."""
        return _SEVERITY[self]

    @property
    def is_crisis(self) -> bool:
        """T1 and T2: what gets the whole crisis screen in a DM."""
        return self in {Tier.T1, Tier.T2}

    def lowered_to(self, ceiling: "Tier") -> "Tier":
        """Return the milder of the two."""
        return min(self, ceiling, key=lambda tier: tier.severity)

    def raised_to(self, floor: "Tier") -> "Tier":
        """Return the graver of the two."""
        return max(self, floor, key=lambda tier: tier.severity)


_SEVERITY = {Tier.T1: 4, Tier.T2: 3, Tier.T3: 2, Tier.T0: 1, Tier.NONE: 0}


class Place(StrEnum):
    """Where it was said: a guard may lower further in a channel than in a DM."""

    DM = "dm"
    CHANNEL = "channel"


class Category(StrEnum):
    """What a detection is about; at equal tiers the one that stands first here is named."""

    OVERDOSE = "overdose"
    SUBSTANCE_EMERGENCY = "substance_emergency"
    SUICIDE = "suicide"
    CHILD_IN_DANGER = "child_in_danger"
    VIOLENCE_AT_HOME = "violence_at_home"
    ASSAULT = "assault"
    STALKING = "stalking"
    HARM_TO_OTHERS = "harm_to_others"
    UNREAL_OR_VOICES = "unreal_or_voices"
    SELF_HARM = "self_harm"
    EATING_DISORDER = "eating_disorder"
    THIRD_PARTY = "third_party"
    DISTRESS = "distress"
    FIGURE_OF_SPEECH = "figure_of_speech"
    TOPIC = "topic"
    NONE = ""

    @property
    def rank(self) -> int:
        """Its place in this list, which decides between findings of one tier."""
        return _RANK[self]


_RANK = {category: place for place, category in enumerate(Category)}


class Role(StrEnum):
    """What a phrase does when it is found."""

    CUE = "cue"
    TOPIC = "topic"
    FIGURE = "figure"
    SETTING = "setting"
    NEGATION = "negation"
    PAST = "past"
    QUOTATION = "quotation"
    ASSERTION = "assertion"
    OTHER_PERSON = "other_person"
    TAKE_BACK = "take_back"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Finding:
    """One phrase in one clause; offsets are in the text as written, which is not kept."""

    cue: str
    category: Category
    language: str
    written_tier: Tier
    tier: Tier
    span: tuple[int, int]
    clause: tuple[int, int]
    guards: tuple[str, ...] = ()
    beside_distress: Tier = Tier.NONE


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why: every finding with its guards, and what recent turns of the conversation changed."""

    findings: tuple[Finding, ...] = ()
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found in one message; `cues` are phrase ids, never the words that were written.

    `beside_distress` is the tier this message takes next to distress in another turn.
    """

    tier: Tier
    category: Category = Category.NONE
    language: str = ""
    cues: tuple[str, ...] = ()
    beside_distress: Tier = Tier.NONE
    explanation: Explanation = Explanation()


NOTHING_FOUND = Detection(Tier.NONE)
