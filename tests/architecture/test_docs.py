"""What the documents claim holds: commands, settings, links, and the lines it is said to print."""

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot import __main__ as command_line
from bot.settings import KEYS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
OPERATORS = ROOT / "docs" / "operators.md"
EXAMPLE = ROOT / "config.example.env"
DOCS = (README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))

MAKE = re.compile(r"(?:^ *|`|-u handrail )make ([a-z.$][\w./()$-]*)", re.MULTILINE)
PYTHON_M_BOT = re.compile(r"python -m bot\b([^`\n|]*)")
SETTING = re.compile(r"\b(?:HANDRAIL|DISCORD|LOG|DATABASE)_[A-Z_]*[A-Z]\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EVENT_ROW = re.compile(r"^\| `(\w+\.\w+)` \|", re.MULTILINE)
# A line of which less is fixed could be any line.
FEWEST_FIXED_CHARACTERS = 12


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


every_document = pytest.mark.parametrize("document", DOCS, ids=named)


@every_document
def test_every_make_command_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    targets = set(re.findall(r"^([a-z.][\w./]*):", makefile, re.MULTILINE))
    named_here = set(MAKE.findall(document.read_text(encoding="utf-8")))
    assert named_here <= targets


@every_document
def test_every_command_of_the_bot_is_understood(document: Path) -> None:
    parser = command_line._parser()
    for command in PYTHON_M_BOT.findall(document.read_text(encoding="utf-8")):
        arguments = shlex.split(command)
        # `python -m bot lines` in running text names a family, not a command to type.
        if arguments != ["lines"]:
            parser.parse_args(arguments)


@every_document
def test_every_setting_named_exists(document: Path) -> None:
    text = FENCE.sub(_without_output, document.read_text(encoding="utf-8"))
    assert set(SETTING.findall(text)) <= set(KEYS)


def test_operators_find_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", OPERATORS.read_text(encoding="utf-8"), re.M)
    in_table = {key: default.strip("`") for key, default in rows if SETTING.fullmatch(key)}
    example = dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.M))
    assert in_table == {key: value or "none" for key, value in example.items()}
    assert set(in_table) == set(KEYS)


@every_document
def test_every_link_and_picture_is_there(document: Path) -> None:
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (document.parent / path).resolve() if path else document
        assert linked.is_file(), f"{target} is missing"
        assert not anchor or anchor in _anchors(linked), f"{target} has no such heading"


@pytest.mark.parametrize("document", [README, OPERATORS], ids=named)
def test_every_line_it_is_said_to_print_is_in_the_code(document: Path) -> None:
    quoted = _output_lines(document)
    assert quoted
    for line in quoted:
        assert any(each.fullmatch(line) for each in _lines_of_the_code()), line


def test_operators_read_of_events_that_are_logged() -> None:
    text = OPERATORS.read_text(encoding="utf-8").partition("## Logs")[2].partition("\n## ")[0]
    events = set(EVENT_ROW.findall(text))
    assert events
    assert events <= _constant_strings()


def test_clients_read_no_word_that_shouts_or_promises_safety() -> None:
    text = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8").replace("![", "[")
    assert not re.search(r"!|you are safe|you're safe|confidential", text, re.IGNORECASE)


def test_every_decision_is_listed_in_its_order() -> None:
    contributing = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    pages = sorted(page.name for page in (ROOT / "docs" / "decisions").iterdir())
    assert re.findall(r"\(decisions/([\w-]+\.md)\)", contributing) == pages
    assert [page[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]


def _without_output(fence: re.Match[str]) -> str:
    """Drop quoted output: it may name a setting that does not exist, to say so."""
    return "" if fence.group(1) == "text" else fence.group()


def _output_lines(document: Path) -> list[str]:
    fences = FENCE.findall(document.read_text(encoding="utf-8"))
    return [line for kind, body in fences if kind == "text" for line in body.splitlines()]


def _anchors(document: Path) -> set[str]:
    """The names under which headings can be linked, as GitHub makes them."""
    headings = HEADING.findall(FENCE.sub("", document.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@cache
def _lines_of_the_code() -> tuple[re.Pattern[str], ...]:
    """Every text of the code as a pattern, with anything in the place of a value."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    said = [re.escape(line) for line in re.findall(r"echo '([^']+)'", makefile)]
    for node in _nodes():
        fixed = "".join(_constants(node))
        if len(fixed) >= FEWEST_FIXED_CHARACTERS:
            said.append("".join(_pattern(node)))
    return tuple(re.compile(each) for each in said)


@cache
def _constant_strings() -> frozenset[str]:
    return frozenset("".join(_constants(node)) for node in _nodes())


def _nodes() -> Iterator[ast.expr]:
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Constant, ast.JoinedStr)):
                yield node


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.values if isinstance(node, ast.JoinedStr) else [node]


def _constants(node: ast.expr) -> Iterator[str]:
    for part in _parts(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _pattern(node: ast.expr) -> Iterator[str]:
    for part in _parts(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield re.escape(part.value)
        else:
            yield ".*"
