"""The frozen knowledge a detector is built from: phrases, their sets and spellings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.crisis import Category, Role, Tier
from bot.core.crisis_notation import Sequence


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry: a family of ways to say one thing.

    `beside_distress` is the tier it takes when distress is said in the same message or in a
    recent turn; alone it keeps `tier`.
    """

    id: str
    role: Role
    language: str
    patterns: tuple[Sequence, ...]
    tier: Tier = Tier.NONE
    category: Category = Category.NONE
    beside_distress: Tier = Tier.NONE
    unguarded_by: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All phrases of all languages.

    With them: words that start a new clause, words of the first person, and words strong enough
    to be recognised through a typo.
    """

    phrases: tuple[Phrase, ...]
    joiners: frozenset[str] = frozenset()
    first_person: frozenset[str] = frozenset()
    strong_words: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
