"""One running bot for one database: a lock that the system itself frees when a process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.services.storage_port import StorageError

ENDING = ".run"
OWNER_ONLY = 0o600
MOST_DIGITS = 20


class AlreadyRunning(StorageError):
    """Another process runs with this database."""


def lock_path(database: Path) -> Path:
    """Return the side file of a database; its being there means nothing, the lock on it does."""
    return database.with_name(database.name + ENDING)


@contextmanager
def run_lock(path: Path) -> Iterator[None]:
    """Hold the run role; raises AlreadyRunning at once, naming the process that holds it.

    The lock ends with the process, however it ends, and is not passed on to children.
    """
    file = _open(path)
    try:
        _take(file)
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(file)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
    except OSError:
        raise StorageError(f"{path} can't be written: check who owns its folder.") from None


def _take(file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(file, MOST_DIGITS, 0).decode("ascii", errors="replace") or "starting"
        raise AlreadyRunning(
            f"Handrail is running with this database already (process {holder}): stop it first."
        ) from None
