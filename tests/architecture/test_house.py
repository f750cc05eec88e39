"""How the house is built: what stands where, what may know what, and how large it may get."""

import ast
import re
import subprocess
import sys
import tomllib
from statistics import median

import pytest

from bot import log, settings
from tests.architecture.sources import ROOT, Source, calls, literals, sources

TOP_LEVEL = {
    "bot", "cogs", "tests", "docs", "requirements", "config.example.env", "pyproject.toml",
    "README.md", "Makefile", "CHANGELOG.md", "LICENSE",
}  # fmt: skip
IMPURE = {
    "asyncio", "concurrent", "ctypes", "http", "importlib", "io", "logging", "multiprocessing",
    "os", "pathlib", "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
PURE = (set(sys.stdlib_module_names) - IMPURE) | {"bot", "dateutil"}
# The edge of every command, and the edges of the rehearsal's own page.
MAY_CATCH_EVERYTHING = {
    "bot/discord_io/client.py", "bot/rehearsal/landing.py", "bot/rehearsal/stage.py",
}  # fmt: skip
VAGUE_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "misc.py"}
CODE = ("bot", "cogs")


def _tracked() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_the_top_level_holds_what_a_newcomer_expects_and_nothing_else() -> None:
    seen = {line.partition("/")[0] for line in _tracked()}

    assert {each for each in seen if not each.startswith(".")} == TOP_LEVEL


def test_the_example_lists_exactly_the_settings_there_are() -> None:
    lines = (ROOT / "config.example.env").read_text(encoding="utf-8").splitlines()
    keys = [line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)]

    assert sorted(keys) == sorted(settings.KEYS)


@pytest.mark.parametrize("source", sources("bot/core"), ids=lambda each: each.name)
def test_the_core_knows_only_itself_and_pure_libraries(source: Source) -> None:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        assert {name.partition(".")[0] for name in names} <= PURE


def test_running_never_loads_the_rehearsal_nor_without_need_a_database() -> None:
    program = (
        "import sys, bot.__main__; print([name for name in sys.modules if name.startswith("
        "('simcord', 'time_machine', 'bot.rehearsal', 'sqlalchemy', 'cryptography'))])"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert run.stdout.strip() == "[]"


def test_files_and_functions_stay_small() -> None:
    lengths = {each.name: each.text.count("\n") for each in sources(*CODE)}
    functions = {
        f"{source.name}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for source in sources(*CODE)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name for name, length in lengths.items() if length > 400} == set()
    assert {name for name, length in functions.items() if length > 50} == set()
    assert median(functions.values()) < 10
    assert median(lengths.values()) < 130


def test_files_are_named_for_what_they_hold_and_say_it_first() -> None:
    for source in sources(*CODE):
        assert source.path.name not in VAGUE_NAMES
        assert not source.text.strip() or ast.get_docstring(source.tree), source.name


def test_everything_is_caught_only_at_the_named_edges() -> None:
    found = {
        source.name
        for source in sources(*CODE)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or "Exception" in [getattr(node.type, "id", "")])
    }

    assert found == MAY_CATCH_EVERYTHING


def test_ignored_types_name_their_code_and_a_reason() -> None:
    bare = re.compile(r"# type: ignore(?!\[[a-z-]+(,[a-z-]+)*\] +# \S)")
    for source in sources("bot", "cogs", "tests"):
        comments = (line.partition("  # ")[2] for line in source.text.splitlines())
        assert not [each for each in comments if bare.match(f"# {each}")], source.name


def test_log_calls_name_an_event_and_carry_only_known_fields() -> None:
    for source in sources(*CODE):
        for call in calls(source):
            is_log = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "log"
            if not is_log:
                continue
            event = call.args[0]
            assert isinstance(event, ast.Constant), ast.unparse(call)
            assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", str(event.value)), event.value
            for keyword in call.keywords:
                if keyword.arg == "extra":
                    assert isinstance(keyword.value, ast.Dict)
                    keys = {
                        key.value for key in keyword.value.keys if isinstance(key, ast.Constant)
                    }
                    assert keys <= log.FIELDS, keys - log.FIELDS


def test_trigger_is_a_word_nobody_uses() -> None:
    for source in sources(*CODE):
        names = {node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)}
        assert not [name for name in names if "trigger" in name.lower()], source.name


@pytest.mark.parametrize("name", ["run", "rehearsal", "test"])
def test_requirements_are_exact_and_hashed_and_name_no_index(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = [block for block in text.replace("\\\n", " ").splitlines() if block.strip()]

    assert not re.search(r"https?:|--index|--extra-index|--find-links", text)
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+ ", block), block
        assert "--hash=sha256:" in block, block


def test_locked_versions_are_the_ones_we_ask_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [each.replace(".", "-", 1) if "." in each.partition("==")[0] else each
             for each in project["dependencies"]]  # fmt: skip
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")

    names = {each.partition("==")[0].partition("[")[0] for each in project["dependencies"]}
    assert {"discord.py", "apscheduler", "aiosqlite", "python-dotenv"} <= names
    for each in asked:
        pin = re.sub(r"\[.*\]", "", each)
        assert re.search(rf"^{re.escape(pin)}\b", locked, re.MULTILINE), pin


def test_nothing_names_a_machine_or_a_registry() -> None:
    telling = re.compile(r"/wo[r]k/|pypi\.or[g]|registry\.npmj[s]|deb\.debia[n]|/roo[t]/")
    for line in _tracked():
        if line.endswith((".png", ".ogg", ".gif")):
            continue
        assert not telling.search((ROOT / line).read_text(encoding="utf-8")), line


def test_command_callbacks_only_translate() -> None:
    for source in sources("cogs"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.AsyncFunctionDef) and node.decorator_list:
                lines = (node.body[-1].end_lineno or 0) - node.body[0].lineno + 1
                assert lines <= 15, f"{source.name}:{node.name}"


def test_no_word_of_a_persons_text_can_be_written_in_code() -> None:
    """Sentences for people live in content/: code in services and cogs holds keys."""
    sentence = re.compile(r"^[A-Z][a-z']+ [a-z]+ [a-z]+.*[.?!]$")
    for source in sources("bot/services"):
        documented = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for text in literals(source.tree):
            assert text in documented or not sentence.match(text), f"{source.name}: {text}"
