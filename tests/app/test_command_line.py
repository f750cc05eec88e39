"""The command line answers in one line, and its exit code says how it went."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import KEYS
from tests.architecture.sources import ROOT


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_no_token_is_one_line_that_says_what_to_do() -> None:
    ended = run()

    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith("There is no token: write DISCORD_TOKEN=... into .env")


def test_wrong_setting_is_one_line(empty_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty_folder / ".env").write_text("LOG_FORMAT=xml", encoding="utf-8")

    assert main(["run"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_wrong_usage_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["juggle"])

    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_scan_answers_every_line_in_order() -> None:
    ended = run("scan", "--place", "dm", stdin="i want to kill myself\n\ngood morning\n")

    assert ended.returncode == 0
    tiers = [line.partition('"tier": "')[2][:4].strip('",') for line in ended.stdout.splitlines()]
    assert tiers == ["T2", "none", "none"]


def test_lines_are_listed_checked_and_verified(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lines", "list", "GB"]) == 0
    assert "116 123" in capsys.readouterr().out
    assert main(["lines", "check"]) == 0

    given = ["--line", "Samaritans", "--number", "116 123", "--by", "Robin"]
    assert main(["lines", "verify", "GB", *given]) == 0
    capsys.readouterr()
    assert main(["lines", "list", "GB"]) == 0
    [row] = [line for line in capsys.readouterr().out.splitlines() if "Samaritans" in line]
    assert row.rstrip().endswith("shown")


def test_number_that_differs_by_a_digit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--line", "Samaritans", "--number", "116 124", "--by", "Robin"]

    assert main(["lines", "verify", "GB", *given]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_broken_content_stops_the_start_and_names_file_and_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exercises = tmp_path / "exercises"
    exercises.mkdir()
    for file in (ROOT / "bot" / "content" / "exercises").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        (exercises / file.name).write_text(
            text.replace('evidence = "C"', 'evidence = "D"') if file.stem == "sn-feet" else text,
            encoding="utf-8",
        )
    monkeypatch.setattr("bot.app.bundled_exercises", lambda: exercises)
    monkeypatch.setenv("DISCORD_TOKEN", "x")

    assert main(["run"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("sn-feet.toml: evidence: ")
