"""Finds words of crisis in one message, seen in its place and its conversation; pure and linear."""

from dataclasses import replace

from bot.core.crisis import (
    NOTHING_FOUND,
    Category,
    Detection,
    Explanation,
    Finding,
    Place,
    Role,
    Tier,
)
from bot.core.crisis_conversation import Conversation, beside_distress, is_distress
from bot.core.crisis_guards import FINDING_ROLES, judge, set_scene
from bot.core.crisis_matcher import Matcher
from bot.core.crisis_notation import words_in
from bot.core.crisis_phrases import PhraseBook
from bot.core.crisis_spelling import Spelling, build_spelling
from bot.core.crisis_words import read

DISTRESS_IN_RECENT_TURNS = "distress_in_recent_turns"
RECENT_TURNS_BESIDE_DISTRESS = "recent_turns_beside_distress"
DENIAL_AFTER_DISCLOSURE = "denial_after_disclosure"

_NOBODY_SPOKE = Conversation()


class Detector:
    """Detects with one phrase book; never raises, whatever the text, and keeps none of it."""

    def __init__(self, phrases: PhraseBook) -> None:
        self._spelling = _spelling_of(phrases)
        self._joiners = phrases.joiners
        self._first_person = phrases.first_person
        self._matcher = Matcher(phrases.phrases)

    def detect(self, text: str, place: Place, recent: Conversation | None = None) -> Detection:
        """Say what was found; `recent` is the conversation as of now, without this message."""
        utterance = read(text, self._spelling, self._joiners)
        hits = self._matcher.find(utterance)
        if not hits:
            return NOTHING_FOUND
        scene = set_scene(utterance, hits, self._first_person)
        findings = tuple(
            judge(hit, scene, place) for hit in hits if hit.phrase.role in FINDING_ROLES
        )
        denies = any(hit.phrase.role is Role.DENIAL for hit in hits)
        return _weigh(findings, recent or _NOBODY_SPOKE, denies=denies)


def _spelling_of(phrases: PhraseBook) -> Spelling:
    trees = (tree for phrase in phrases.phrases for tree in phrase.patterns)
    known = phrases.joiners.union(phrases.first_person, *map(words_in, trees))
    return build_spelling(known, phrases.strong_words, phrases.aliases)


def _weigh(findings: tuple[Finding, ...], recent: Conversation, *, denies: bool) -> Detection:
    latent = max(
        (finding.beside_distress for finding in findings),
        key=lambda tier: tier.severity,
        default=Tier.NONE,
    )
    if any(map(is_distress, findings)):
        findings = tuple(map(beside_distress, findings))
        found = _raise_earlier_turns(_summarise(findings), recent)
    elif recent.tells_of_distress and latent is not Tier.NONE:
        findings = tuple(map(beside_distress, findings))
        found = _because(_summarise(findings), DISTRESS_IN_RECENT_TURNS)
    elif denies:
        found = _hold_on_to(recent.gravest, _summarise(findings))
    else:
        found = _summarise(findings)
    return replace(found, beside_distress=latent)


def _summarise(findings: tuple[Finding, ...]) -> Detection:
    """Let the gravest finding name tier, category and language, and all that count the cues."""
    counting = [finding for finding in findings if finding.tier is not Tier.NONE]
    if not counting:
        return Detection(Tier.NONE, explanation=Explanation(findings))
    gravest = min(counting, key=_gravest_first)
    cues = (found.cue for found in counting if (found.tier is Tier.T0) == (gravest.tier is Tier.T0))
    return Detection(
        tier=gravest.tier,
        category=gravest.category,
        language=gravest.language,
        cues=tuple(dict.fromkeys(cues)),
        explanation=Explanation(findings),
    )


def _gravest_first(finding: Finding) -> tuple[int, int, int]:
    return -finding.tier.severity, finding.category.rank, finding.span[0]


def _raise_earlier_turns(found: Detection, recent: Conversation) -> Detection:
    """Means at hand were mentioned first, the distress follows now."""
    tier = found.tier.raised_to(recent.tier_beside_distress)
    if tier is found.tier:
        return found
    raised = replace(found, tier=tier, category=Category.SUICIDE)
    return _because(raised, RECENT_TURNS_BESIDE_DISTRESS)


def _hold_on_to(earlier: Detection, found: Detection) -> Detection:
    """Keep a disclosure at hand as a soft offer: a denial does not erase it."""
    if not earlier.tier.is_crisis or found.tier.severity >= Tier.T3.severity:
        return found
    held = replace(found, tier=Tier.T3, category=earlier.category, language=earlier.language)
    return _because(held, DENIAL_AFTER_DISCLOSURE)


def _because(found: Detection, reason: str) -> Detection:
    return replace(found, explanation=replace(found.explanation, conversation=reason))
