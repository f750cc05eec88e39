"""The source files of the project, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Source:
    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))


def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file below `folders`."""
    paths = sorted(path for each in folders for path in (ROOT / each).rglob("*.py"))
    return tuple(_parse(path) for path in paths)


@cache
def _parse(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text))


def calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def called_name(call: ast.Call) -> str:
    """`say` for `self.texts.say(...)`, `of` for `Action.of(...)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def literals(node: ast.AST) -> Iterator[str]:
    """Every text literal inside `node`."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
