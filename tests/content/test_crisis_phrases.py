"""Every crisis phrase finds its own examples, and a broken file is named with its field."""

from pathlib import Path

import pytest

from bot.content.crisis import Entry, GuardEntry, PhraseEntry, bundled_folder, load_phrase_book
from bot.content.crisis import read_files as read_crisis_files
from bot.core.crisis import Finding, Place, Tier
from bot.core.crisis_matcher import Matcher
from bot.core.crisis_words import read
from bot.core.errors import ContentError
from tests.core.crisis_bundle import bundled_detector

ENTRIES = [entry for _, content in read_crisis_files(bundled_folder()) for entry in content.entries]
PHRASES = [entry for entry in ENTRIES if isinstance(entry, PhraseEntry)]
GUARDS = [entry for entry in ENTRIES if isinstance(entry, GuardEntry)]
LOWERING = {"negation", "past", "quotation", "setting", "other_person"}
WELL_FORMED = """
language = "en"
[sets]
die = "die|end it"
[[phrase]]
id = "en.wish"
category = "suicide"
tier = "T2"
patterns = ["want to <die>"]
matches = ["i want to die", "i want to end it"]
misses = ["i want to eat"]
why = "A wish to die."
"""


def _findings(text: str) -> tuple[Finding, ...]:
    return bundled_detector().detect(text, Place.CHANNEL).explanation.findings


def _counts(entry: PhraseEntry, text: str) -> bool:
    """A tier of none counts only once distress has raised it."""
    return any(
        found.cue == entry.id
        and found.tier is not Tier.NONE
        and found.tier.severity >= entry.tier.severity
        for found in _findings(text)
    )


@pytest.mark.parametrize("entry", PHRASES, ids=lambda entry: entry.id)
def test_a_phrase_counts_in_its_examples_and_not_in_its_counterexample(entry: PhraseEntry) -> None:
    assert [text for text in entry.matches if not _counts(entry, text)] == []
    assert [text for text in entry.misses if _counts(entry, text)] == []


@pytest.mark.parametrize("entry", GUARDS, ids=lambda entry: entry.id)
def test_a_guard_is_found_in_its_examples_and_not_in_its_counterexample(entry: GuardEntry) -> None:
    found = _guards if entry.kind in LOWERING else _phrases_found
    assert [text for text in entry.matches if entry.id not in found(text)] == []
    assert [text for text in entry.misses if entry.id in found(text)] == []


def _guards(text: str) -> set[str]:
    return {guard for found in _findings(text) for guard in found.guards}


def _phrases_found(text: str) -> set[str]:
    detector = bundled_detector()
    utterance = read(text, detector._spelling)
    matcher: Matcher = detector._matcher
    return {hit.phrase.id for hit in matcher.find(utterance)}


def test_every_entry_says_why_and_has_examples_of_its_own() -> None:
    assert all(entry.why.endswith(".") for entry in ENTRIES)
    assert all(len(set(entry.matches)) >= 2 for entry in ENTRIES)


def test_a_folder_of_phrases_is_one_book(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text(WELL_FORMED, "utf-8")
    (tmp_path / "notes.txt").write_text("left alone", "utf-8")
    assert [phrase.id for phrase in load_phrase_book(tmp_path).phrases] == ["en.wish"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('tier = "T2"', 'tier = "T9"', "phrase.0.tier"),
        ('why = "A wish to die."', "", "phrase.0.why"),
        ('"i want to die", ', "", "phrase.0.matches"),
        ('misses = ["i want to eat"]', "misses = []", "phrase.0.misses"),
        ('id = "en.wish"', 'id = "Wish"', "phrase.0.id"),
        ('why = "', 'colour = "red"\nwhy = "', "phrase.0.colour"),
        ("want to <die>", "want to <fly>", "en.wish.patterns"),
        ("want to <die>", "want (to", "en.wish.patterns"),
        ("die|end it", "die|<fly>", "sets"),
        ('language = "en"', "language = ", "file"),
        ('language = "en"', 'language = "xx"', "language"),
    ],
)
def test_a_broken_file_is_refused_by_name_and_field(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    (tmp_path / "en.toml").write_text(WELL_FORMED.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as refusal:
        load_phrase_book(tmp_path)
    assert refusal.value.file.startswith("en")
    assert refusal.value.field == field


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ContentError):
        load_phrase_book(tmp_path)


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (WELL_FORMED.replace("die =", "end ="), "id"),
        (WELL_FORMED.replace("en.wish", "en.b"), "set"),
    ],
)
def test_ids_and_sets_are_given_once(tmp_path: Path, second: str, problem: str) -> None:
    (tmp_path / "en.toml").write_text(WELL_FORMED, "utf-8")
    (tmp_path / "en_more.toml").write_text(second, "utf-8")
    with pytest.raises(ContentError, match=f"this {problem} is"):
        load_phrase_book(tmp_path)


def test_entries_are_phrases_or_guards() -> None:
    assert all(isinstance(entry, Entry) for entry in ENTRIES)
    assert len(PHRASES) + len(GUARDS) == len(ENTRIES)
