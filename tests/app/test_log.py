"""No record, of ours or a library's, at any level, shows what a person wrote."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from bot.log import set_up_logging

CANARY = "marzipan zeppelin"
PLACES = ("text", "json")


@pytest.fixture(params=PLACES)
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the log writes, at the lowest level."""
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, sys.excepthook
    raises = logging.raiseExceptions
    stream = io.StringIO()
    set_up_logging(log_format=request.param, level="DEBUG", stream=stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook, logging.raiseExceptions = before, hook, raises
    root.setLevel(level)


def test_own_event_shows_its_known_fields(written: io.StringIO) -> None:
    logging.getLogger("bot.x").info("check_in.sent", extra={"count": 3, "tier": "T1"})

    assert "check_in.sent" in written.getvalue()
    assert "T1" in written.getvalue()


def test_unknown_fields_and_rich_values_are_left_out(written: io.StringIO) -> None:
    extra = {"words": CANARY, "reason": [CANARY]}
    logging.getLogger("bot.x").info("check_in.sent", extra=extra)

    assert CANARY not in written.getvalue()
    assert "list" in written.getvalue()


def test_values_of_a_library_are_left_out_and_its_template_stays(written: io.StringIO) -> None:
    logging.getLogger("discord.gateway").debug("WebSocket Event: %s", {"content": CANARY})

    assert "WebSocket Event" in written.getvalue()
    assert CANARY not in written.getvalue()


def test_sentence_of_an_unread_library_is_left_out(written: io.StringIO) -> None:
    logging.getLogger("somewhere").warning(CANARY)

    assert CANARY not in written.getvalue()
    assert "test_log" in written.getvalue()


def test_error_shows_its_type_and_place_and_not_its_text(written: io.StringIO) -> None:
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("bot.x").warning("listener.failed", exc_info=True)

    assert "ValueError" in written.getvalue()
    assert "test_log.py" in written.getvalue()
    assert CANARY not in written.getvalue()


def test_record_that_can_not_be_formatted_shows_nothing(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("discord").info("%d of %d", CANARY)  # noqa: PLE1206 - that is the point

    assert CANARY not in written.getvalue() + capsys.readouterr().err


@pytest.mark.errors_expected
def test_uncaught_error_and_warning_show_no_text(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, None)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(CANARY, UserWarning, stacklevel=1)

    assert "app.crashed" in written.getvalue()
    assert CANARY not in written.getvalue() + capsys.readouterr().err


def test_every_record_is_one_line(written: io.StringIO, request: pytest.FixtureRequest) -> None:
    logging.getLogger("discord").warning("two\nlines")
    logging.getLogger("bot.x").info("check_in.sent", extra={"count": 1})

    lines = written.getvalue().splitlines()
    assert len(lines) == 2
    if "json" in request.node.name:
        assert [json.loads(line)["level"] for line in lines] == ["WARNING", "INFO"]
