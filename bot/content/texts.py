"""The texts of Handrail: Fluent files by language, looked up by key."""

from importlib.resources.abc import Traversable

from fluent.runtime import FluentBundle
from fluent.runtime.resolver import Pattern
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Resource

from bot.core.errors import ContentError, HandrailError
from bot.core.people import ENGLISH, Language

WORD_SEPARATOR = "|"


class MissingText(HandrailError):
    """A key has no text, or a text lacks a value it names."""


class FluentTexts:
    """Texts in memory; a language without a text falls back to English.

    A key is `message` or `message.attribute` of a file `texts/<language>/*.ftl`.
    """

    def __init__(self, bundles: dict[Language, FluentBundle]) -> None:
        self._bundles = bundles
        # Most texts name no value: those are put together once.
        self._constant: dict[tuple[Language, str], str] = {}

    def say(self, language: Language, key: str, **values: str | int) -> str:
        """Return the text of `key` with its values filled in; raises MissingText."""
        if values:
            return self._put_together(language, key, values)
        if (language, key) not in self._constant:
            self._constant[language, key] = self._put_together(language, key, values)
        return self._constant[language, key]

    def _put_together(self, language: Language, key: str, values: dict[str, str | int]) -> str:
        for bundle in (self._bundles.get(language), self._bundles[ENGLISH]):
            if bundle is not None and (pattern := _find_pattern(bundle, key)) is not None:
                text, problems = bundle.format_pattern(pattern, values)
                if problems:
                    raise MissingText(f"The text {key} lacks a value that it names.")
                return str(text)
        raise MissingText(f"There is no text {key}.")

    def words(self, language: Language, key: str) -> frozenset[str]:
        """Return the words listed under `key`, separated by "|" in the file."""
        lists = {self.say(each, key) for each in (language, ENGLISH)}
        return frozenset(
            word.strip().casefold() for one in lists for word in one.split(WORD_SEPARATOR)
        )

    @property
    def languages(self) -> tuple[Language, ...]:
        """Every language that has a folder."""
        return tuple(self._bundles)


def load_texts(folder: Traversable) -> FluentTexts:
    """Load `folder/<language>/*.ftl`; raises ContentError for a file that can't be read."""
    languages = sorted(each.name for each in folder.iterdir() if each.is_dir())
    bundles = {Language(name): _load_bundle(name, folder / name) for name in languages}
    if ENGLISH not in bundles:
        raise ContentError(
            "texts", "en", "is missing: English is the language all others fall back to."
        )
    return FluentTexts(bundles)


def _load_bundle(language: str, folder: Traversable) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".ftl"):
            bundle.add_resource(_parse(f"texts/{language}/{file.name}", file))
    return bundle


def _parse(name: str, file: Traversable) -> Resource:
    try:
        resource = FluentParser().parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ContentError(name, "file", "can't be read: save it as plain UTF-8 text.") from None
    for entry in resource.body:
        if isinstance(entry, Junk):
            first_line = (entry.content or "").strip().partition("=")[0].strip()
            raise ContentError(name, first_line or "line", "is not a text: write `key = words`.")
    return resource


def _find_pattern(bundle: FluentBundle, key: str) -> Pattern | None:
    name, _, attribute = key.partition(".")
    if not bundle.has_message(name):
        return None
    message = bundle.get_message(name)
    return message.attributes.get(attribute) if attribute else message.value
