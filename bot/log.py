"""Logging set-up; no record ever carries what a person wrote.

Our own records are an event name and a few plain fields. Records of libraries show their constant
template without the values, because the values hold payloads; exceptions show their type and where
they were raised, never their text.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from enum import Enum
from types import TracebackType
from typing import Literal, TextIO

# What a record may carry beside its event: counts, codes and ids of our own making.
FIELDS = frozenset(
    {
        "action", "attempts", "category", "close_code", "code", "command", "count", "exercise",
        "file", "kind", "lane", "milliseconds", "outcome", "place", "problem", "reason", "reply",
        "shard", "status", "tier", "version",
    }
)  # fmt: skip
OUR_LOGGERS = ("bot", "cogs")
# Libraries whose records without values are constant sentences; read in their sources.
CONSTANT_LOGGERS = ("discord", "apscheduler")

PLAIN_TYPES = (str, int, float, bool)


def set_up_logging(
    *, log_format: Literal["text", "json"], level: str, stream: TextIO | None = None
) -> None:
    """Send every record of the process through the one formatter that keeps words out."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    # A record that can't be formatted, or an error nobody caught, would be printed with its values.
    logging.raiseExceptions = False
    sys.excepthook = _log_uncaught


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logging.getLogger("bot").critical("app.crashed", exc_info=(kind, error, trace))


class WordlessFormatter(logging.Formatter):
    """Turns a record into plain facts; subclasses only choose how they look."""

    def facts(self, record: logging.LogRecord) -> dict[str, str | int | float | bool]:
        """Return time, level, logger, event and the allowed fields of `record`."""
        at = datetime.fromtimestamp(record.created, UTC)
        facts: dict[str, str | int | float | bool] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
        }
        for name in sorted(FIELDS & record.__dict__.keys()):
            facts[name] = _plain(record.__dict__[name])
        return facts | _error_facts(record)


class TextFormatter(WordlessFormatter):
    """One readable line a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = self.facts(record)
        head = " ".join(str(facts.pop(name)) for name in ("at", "level", "logger", "event"))
        return " ".join([head, *(f"{name}={value}" for name, value in facts.items())])


class JsonFormatter(WordlessFormatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line."""
        return json.dumps(self.facts(record), ensure_ascii=False)


def _belongs(name: str, families: tuple[str, ...]) -> bool:
    return any(name == family or name.startswith(f"{family}.") for family in families)


def _event(record: logging.LogRecord) -> str:
    constant = isinstance(record.msg, str) and (
        bool(record.args) or _belongs(record.name, OUR_LOGGERS + CONSTANT_LOGGERS)
    )
    event = str(record.msg) if constant else f"{record.module}:{record.lineno}"
    return event.replace("\n", " ")


def _plain(value: object) -> str | int | float | bool:
    if isinstance(value, Enum):
        value = value.value
    return value if isinstance(value, PLAIN_TYPES) else type(value).__name__


def _error_facts(record: logging.LogRecord) -> dict[str, str | int | float | bool]:
    if not record.exc_info or record.exc_info[1] is None:
        return {}
    error = record.exc_info[1]
    facts: dict[str, str | int | float | bool] = {"error": type(error).__name__}
    for name in ("status", "code"):
        if isinstance(number := getattr(error, name, None), int):
            facts[f"error_{name}"] = number
    return facts | {"where": _where(error)}


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    return " > ".join(places[-6:])
