"""What every test relies on: nothing may fail in silence."""

import logging
import os
from collections.abc import Generator, Iterator

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test where the pipeline says that nothing may be skipped."""
    report = yield
    if report.skipped and os.environ.get("TESTS_MAY_SKIP") == "no":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and nothing may be skipped here."
    return report
