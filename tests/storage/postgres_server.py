"""A PostgreSQL server of our own, for as long as the tests run: on a socket, in a folder, alone."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
# PostgreSQL refuses to run as root.
USER = "postgres"
SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=60 -c shared_buffers=16MB"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; each database is made from an earlier one within milliseconds."""

    programs: Path
    folder: Path
    numbers: "count[int]"

    def create(self, template: str = "template1") -> str:
        """Make a database and return its name."""
        name = f"handrail_{next(self.numbers)}"
        run(self.programs / "createdb", "-h", self.folder, "-U", USER, "-T", template, name)
        return name

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def stop(self) -> None:
        run(self.programs / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def start(self) -> None:
        options = f"-k {self.folder} {SETTINGS}"
        log = self.folder / "log"
        run(self.programs / "pg_ctl", "-D", self.folder / "data", "-o", options, "-l", log, "start")


def find_programs() -> Path | None:
    """Return the folder of the newest installed server, or None."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(beside).parent if beside else None


@contextmanager
def running_postgres(programs: Path) -> Iterator[PostgresServer]:
    """Start a server and stop it at the end, leaving nothing behind."""
    with tempfile.TemporaryDirectory(prefix="handrail-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data = folder / "data"
        run(programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8")
        server = PostgresServer(programs, folder, count(1))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def run(*command: str | Path) -> None:
    as_user = ("runuser", "-u", USER, "--") if os.geteuid() == 0 else ()
    words = [*as_user, *map(str, command)]
    subprocess.run(words, check=True, capture_output=True, cwd="/", timeout=60)
