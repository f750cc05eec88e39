"""Keys that pass through names and f-strings, and habits that hide in them."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.architecture.sources import Source, called_name, calls, literals, sources
from tests.architecture.test_words_and_buttons import keys_of

CODE = ("bot", "cogs")
SPEAKING = ("bot/services", "bot/discord_io", "cogs")
ASK_FOR_TEXT = frozenset({"say", "words"})
BUILD_ACTIONS = frozenset({"of", "action", "on_press", "on_typed"})
LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
DOTTED = re.compile(r"[a-z_]+\.[a-z0-9_]+")
EVERYTHING = frozenset({"Exception", "BaseException"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(source: Source) -> Iterator[Function]:
    return (node for node in ast.walk(source.tree) if isinstance(node, Function))


def key_arguments(call: ast.Call, askers: dict[str, int]) -> list[ast.expr]:
    """The argument that is a key: counted from the left, without `self`."""
    position = askers.get(called_name(call))
    return [] if position is None else call.args[position : position + 1]


@cache
def askers() -> dict[str, int]:
    """Whatever passes one of its own arguments on as a key, and which."""
    found = dict.fromkeys(ASK_FOR_TEXT, 1)
    defined = [each for source in sources(*SPEAKING) for each in functions(source)]
    before = -1
    while before != len(found):
        before = len(found)
        for function in defined:
            names = [each.arg for each in function.args.args if each.arg != "self"]
            for call in (each for each in ast.walk(function) if isinstance(each, ast.Call)):
                for key in key_arguments(call, found):
                    if isinstance(key, ast.Name) and key.id in names:
                        found.setdefault(function.name, names.index(key.id))
    return found


def test_keys_are_followed_through_the_functions_that_pass_them_on() -> None:
    assert {"_say", "_show_row", "_closing", "_rating_menu", "_step_buttons"} <= set(askers())


def test_every_key_that_is_passed_on_has_a_text() -> None:
    asked = {
        text
        for source in sources(*SPEAKING)
        for call in calls(source)
        for key in key_arguments(call, askers())
        if not isinstance(key, ast.JoinedStr)
        for text in literals(key)
    }

    assert {"old_button", "failed", "practice.next", "rating.pick"} <= asked
    assert asked - set(keys_of("en")) == set()


def test_every_dotted_name_is_a_text_an_action_or_an_event() -> None:
    names = {
        text
        for source in sources(*SPEAKING)
        for call in calls(source)
        if called_name(call) in BUILD_ACTIONS | LOGS
        for argument in call.args[:1]
        for text in literals(argument)
    }
    for source in sources(*SPEAKING):
        dotted = {text for text in whole_literals(source) if DOTTED.fullmatch(text)}
        assert dotted - names - set(keys_of("en")) == set(), source.name


def whole_literals(source: Source) -> Iterator[str]:
    """Every text literal that is no part of an f-string."""
    joined = (each for each in ast.walk(source.tree) if isinstance(each, ast.JoinedStr))
    parts = {id(part) for each in joined for part in each.values}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def test_no_text_is_left_that_nobody_says() -> None:
    said = {text for source in sources(*CODE) for text in literals(source.tree)}
    patterns = [re.compile(each) for source in sources(*SPEAKING) for each in key_patterns(source)]

    def is_said(key: str) -> bool:
        found = (pattern.fullmatch(key) for pattern in patterns)
        values = (value for match in found if match for value in match.groups())
        return key in said or any(value in said or value.isdecimal() for value in values)

    assert [key for key in keys_of("en") if not is_said(key)] == []


def key_patterns(source: Source) -> Iterator[str]:
    """Keys put together with an f-string; only those that name their message count."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(each.value)) if isinstance(each, ast.Constant) else "([a-z0-9_]+)"
                for each in node.values
            ]
            if re.match(r"[a-z_]+\\\.", parts[0]):
                yield "".join(parts)


def test_log_calls_carry_nothing_beside_event_and_fields() -> None:
    for source in sources(*CODE):
        for call in calls(source):
            if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "log":
                assert call.func.attr in LOGS, f"{source.name}:{call.lineno}"
                assert len(call.args) == 1, f"{source.name}:{call.lineno}"
                assert {each.arg for each in call.keywords} <= {"extra", "exc_info"}


def test_nobody_writes_to_a_logger_without_a_name() -> None:
    for source in sources(*CODE):
        if source.name == "bot/log.py":
            continue
        for call in calls(source):
            receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(receiver, ast.Call) and called_name(receiver) == "getLogger":
                assert called_name(call) not in LOGS, f"{source.name}:{call.lineno}"


def test_whoever_catches_everything_by_its_base_raises_it_again() -> None:
    for source in sources(*CODE):
        handlers = [each for each in ast.walk(source.tree) if isinstance(each, ast.ExceptHandler)]
        for each in handlers:
            caught = {name.id for name in ast.walk(each.type or each) if isinstance(name, ast.Name)}
            place = f"{source.name}:{each.lineno}"
            assert not (isinstance(each.type, ast.Tuple) and caught & EVERYTHING), place
            if isinstance(each.type, ast.Name) and each.type.id == "BaseException":
                assert isinstance(each.body[-1], ast.Raise), place


def test_trigger_is_in_no_name_that_is_ours() -> None:
    for source in sources(*CODE):
        named = {
            node.name for node in ast.walk(source.tree) if isinstance(node, Function | ast.ClassDef)
        }
        named |= {node.arg for node in ast.walk(source.tree) if isinstance(node, ast.arg)}
        named |= {
            node.attr
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        }
        assert not [name for name in named if "trigger" in name.lower()], source.name
        assert "trigger" not in source.path.name
