"""The child process: reads the database's address from standard input, ends with 0 or 1."""

import asyncio
import sys

from bot.services.storage_port import StorageError
from bot.storage.engine import find_database
from bot.storage.migrations.steps import bring_up_to_date

FINE, WRONG = 0, 1


def main() -> int:
    """Bring the tables up to date; says in one line what is wrong."""
    try:
        asyncio.run(bring_up_to_date(find_database(sys.stdin.read().strip())))
    except StorageError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG
    return FINE


if __name__ == "__main__":
    sys.exit(main())
