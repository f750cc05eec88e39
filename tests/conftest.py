"""What every test relies on: nothing may fail in silence."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_error_is_logged(
    caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fail on any record at ERROR or above: listeners and jobs only log their failures."""
    yield
    if request.node.get_closest_marker("errors_expected"):
        return
    for phase in ("setup", "call"):
        for record in caplog.get_records(phase):
            assert record.levelno < logging.ERROR, f"{record.name}: {record.msg}"
