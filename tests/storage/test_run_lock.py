"""Only one bot runs with one database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.services.storage_port import StorageError
from bot.storage.run_lock import AlreadyRunning, lock_path, run_lock

HOLD = """
import sys, time
from pathlib import Path
from bot.storage.run_lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_bot(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_second_bot_is_refused_with_the_number_of_the_first(tmp_path: Path) -> None:
    path = lock_path(tmp_path / "handrail.db")
    with another_bot(path) as first:
        with (
            pytest.raises(AlreadyRunning, match=rf"process {first.pid}\b") as error,
            run_lock(path),
        ):
            pass
        assert "\n" not in str(error.value)


def test_lock_is_free_at_once_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with another_bot(path) as first:
        first.kill()
        first.wait()
        with run_lock(path):
            assert path.read_text() == str(os.getpid())


def test_lock_can_be_taken_again_after_an_ordinary_end(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    for _ in range(2):
        with run_lock(path), pytest.raises(AlreadyRunning), run_lock(path):
            pass


def test_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with run_lock(path):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with run_lock(path):
            pass
    finally:
        child.kill()
        child.wait()


def test_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageError, match="can't be written"),
        run_lock(tmp_path / "file" / "lock"),
    ):
        pass
