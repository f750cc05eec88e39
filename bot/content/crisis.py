"""Loads the phrases and guards of crisis from TOML, checked field by field.

A file is one language, or what all languages share. Under `[sets]` stand named alternatives, which
patterns call as <name>; `bot/core/crisis_notation.py` explains the notation. Under `[[phrase]]` and
`[[guard]]` stand the entries: each says why it is there, with two examples that it must match and
one that it must not.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.core.crisis import Category, Role, Tier
from bot.core.crisis_notation import Node, NotationError, Sequence, parse, parse_sets, plain_word
from bot.core.crisis_phrases import Phrase, PhraseBook
from bot.core.errors import ContentError

_LANGUAGE_FIELDS = Literal["en", "es", "fr", "de", "pt"]
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}\.[a-z0-9_]+$")]
_Pattern = Annotated[str, StringConstraints(min_length=1, max_length=1200)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Part):
    """What phrases and guards have in common."""

    id: _Id
    patterns: Annotated[tuple[_Pattern, ...], Field(min_length=1)]
    matches: Annotated[tuple[_Text, ...], Field(min_length=2)]
    misses: Annotated[tuple[_Text, ...], Field(min_length=1)]
    why: _Text


class PhraseEntry(Entry):
    """A crisis phrase; `beside_distress` is its tier once distress has been said."""

    category: Category
    tier: Tier
    beside_distress: Tier = Tier.NONE
    unguarded_by: tuple[Role, ...] = ()


class GuardEntry(Entry):
    """A guard, or another phrase that changes what cues mean."""

    kind: Literal[
        "topic", "figure", "setting", "negation", "past", "quotation",
        "assertion", "other_person", "take_back", "denial",
    ]  # fmt: skip


class CrisisFile(_Part):
    """One file of phrases."""

    language: _LANGUAGE_FIELDS
    joiners: tuple[_Text, ...] = ()
    first_person: tuple[_Text, ...] = ()
    strong_words: tuple[_Text, ...] = ()
    aliases: dict[_Text, _Text] = {}
    sets: dict[Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")], _Pattern] = {}
    phrase: tuple[PhraseEntry, ...] = ()
    guard: tuple[GuardEntry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Phrases, then guards."""
        return (*self.phrase, *self.guard)


def bundled_folder() -> Traversable:
    """Where the phrases that come with Handrail are."""
    return files("bot.content") / "crisis"


def load_phrase_book(folder: Traversable | None = None) -> PhraseBook:
    """All phrase files of a folder as one book; raises ContentError for the first that is wrong."""
    contents = dict(read_files(folder or bundled_folder()))
    _refuse_doubled_ids(contents)
    sets = _sets_by_language(contents)
    return PhraseBook(
        phrases=tuple(
            phrase
            for name, content in contents.items()
            for phrase in _phrases(name, content, sets[content.language])
        ),
        joiners=_words(content.joiners for content in contents.values()),
        first_person=_words(content.first_person for content in contents.values()),
        strong_words=_words(content.strong_words for content in contents.values()),
        aliases={
            plain_word(typo): plain_word(word)
            for content in contents.values()
            for typo, word in content.aliases.items()
        },
    )


def _words(lists: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(plain_word(word) for words in lists for word in words)


def read_files(folder: Traversable) -> Iterator[tuple[str, CrisisFile]]:
    """Name and content of every phrase file, in the order of their names."""
    paths = sorted(folder.iterdir(), key=lambda path: path.name)
    for path in paths:
        if path.name.endswith(".toml"):
            yield path.name, _read_file(path)


def _read_file(path: Traversable) -> CrisisFile:
    try:
        return CrisisFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise ContentError(path.name, field, first["msg"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(path.name, "file", str(error)) from None


def _refuse_doubled_ids(contents: Mapping[str, CrisisFile]) -> None:
    seen: set[str] = set()
    for name, content in contents.items():
        for entry in content.entries:
            if entry.id in seen:
                raise ContentError(name, entry.id, "this id is used twice")
            seen.add(entry.id)


def _sets_by_language(
    contents: Mapping[str, CrisisFile],
) -> Mapping[str, Mapping[str, Node]]:
    """Read the sets of a language; those of its `_sets` file may be called by all its others."""
    patterns: dict[str, dict[str, str]] = {}
    for name, content in sorted(contents.items(), key=lambda item: not _holds_sets(item[0])):
        known = patterns.setdefault(content.language, {})
        for set_name, pattern in content.sets.items():
            if set_name in known:
                raise ContentError(name, f"sets.{set_name}", "this set is named twice")
            known[set_name] = pattern
    return {language: _parse_sets(language, known) for language, known in patterns.items()}


def _holds_sets(name: str) -> bool:
    return name.endswith("_sets.toml")


def _parse_sets(language: str, patterns: Mapping[str, str]) -> Mapping[str, Node]:
    try:
        return parse_sets(patterns)
    except NotationError as error:
        raise ContentError(f"{language}*.toml", "sets", str(error)) from None


def _phrases(name: str, content: CrisisFile, sets: Mapping[str, Node]) -> Iterator[Phrase]:
    for entry in content.phrase:
        yield Phrase(
            id=entry.id,
            role=Role.CUE,
            language=content.language,
            patterns=_parse(name, entry, sets),
            tier=entry.tier,
            category=entry.category,
            beside_distress=entry.beside_distress,
            unguarded_by=frozenset(entry.unguarded_by),
        )
    for guard in content.guard:
        patterns = _parse(name, guard, sets)
        yield Phrase(guard.id, Role(guard.kind), content.language, patterns)


def _parse(name: str, entry: Entry, sets: Mapping[str, Node]) -> tuple[Sequence, ...]:
    try:
        return tuple(parse(pattern, sets) for pattern in entry.patterns)
    except NotationError as error:
        raise ContentError(name, f"{entry.id}.patterns", str(error)) from None
