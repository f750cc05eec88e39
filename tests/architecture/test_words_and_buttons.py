"""Every used text exists, every existing text is used, and every button has an answer."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, VariableReference
from fluent.syntax.visitor import Visitor
from pydantic import SecretStr

from bot.app import Content, build_bot, load_content
from bot.core.actions import MOST_CHARACTERS, Action
from bot.core.grounding_exercises import State
from bot.core.practices import Practice
from bot.discord_io.actions import Handlers
from bot.settings import Settings
from tests.architecture.sources import ROOT, called_name, calls, sources

TEXTS = ROOT / "bot" / "content" / "texts"


class Placeholders(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 - fluent's name
        self.names.add(node.id.name)


@cache
def keys_of(language: str) -> dict[str, frozenset[str]]:
    """Every key of a language with its placeholders."""
    found: dict[str, frozenset[str]] = {}
    for file in sorted((TEXTS / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(entry, Message):
                continue
            parts = {entry.id.name: entry.value} if entry.value else {}
            parts |= {f"{entry.id.name}.{each.id.name}": each.value for each in entry.attributes}
            for key, pattern in parts.items():
                visitor = Placeholders()
                visitor.visit(pattern)
                assert key not in found, f"{key} stands twice"
                found[key] = frozenset(visitor.names)
    return found


@cache
def used_keys() -> tuple[frozenset[str], re.Pattern[str]]:
    """What code asks for: whole keys, and f-strings with their values as wildcards."""
    whole: set[str] = set()
    patterns: set[str] = set()
    for source in sources("bot", "cogs"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(each.value)) if isinstance(each, ast.Constant) else "[a-z0-9_]+"
                    for each in node.values
                ]
                patterns.add("".join(parts))
    return frozenset(whole), re.compile("|".join(sorted(patterns)))


def test_every_text_is_used() -> None:
    whole, made = used_keys()

    assert [key for key in keys_of("en") if key not in whole and not made.fullmatch(key)] == []


def test_every_used_text_exists() -> None:
    asked: set[str] = set()
    for source in sources("bot/services", "bot/discord_io", "cogs"):
        for call in calls(source):
            if called_name(call) in {"say", "words", "_say", "_rating_menu", "_closing"}:
                asked |= {
                    each.value
                    for each in call.args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    assert asked
    assert asked <= set(keys_of("en"))


@pytest.mark.parametrize("language", sorted(each.name for each in TEXTS.iterdir()))
def test_every_language_says_the_same_with_the_same_values(language: str) -> None:
    assert keys_of(language) == keys_of("en")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return load_content(Settings(handrail_data=tmp_path_factory.mktemp("data")))


async def test_every_button_has_an_answer(content: Content, tmp_path: Path) -> None:
    settings = Settings(
        handrail_data=tmp_path,
        handrail_master_key=SecretStr("5a" * 32),
        handrail_statement_accepted=True,
        handrail_run_by="a test",
        database_url=SecretStr(f"sqlite:///{tmp_path}/handrail.db"),
    )
    bot = build_bot(settings, content)
    handlers = Handlers()
    for cog in bot.equipment.cogs:
        handlers.take_from(cog)
    built = {
        call.args[0].value
        for source in sources("bot", "cogs")
        for call in calls(source)
        if called_name(call) in {"of", "action"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }

    assert built <= set(handlers.presses) | set(handlers.typed)
    # A button that nothing builds any more may still stand in somebody's DM: these are kept.
    assert set(handlers.presses) | set(handlers.typed) <= built


def test_the_longest_button_fits(content: Content) -> None:
    longest = max((card.id for card in content.exercises.all), key=len)
    state = max(State, key=len)
    practice = Practice(longest, step=99, before=10, state=state, minutes=10)

    assert len(practice.action("practice.gentler").encoded) <= MOST_CHARACTERS
    assert Practice.decode(Action.decode(practice.action("practice.step").encoded)) == practice
