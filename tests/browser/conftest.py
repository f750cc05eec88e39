"""The rehearsal in real Chromium, at the width of a phone and of a desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.rehearsing import Visitor, rehearsal_process

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f'{CHROMIUM} is missing: install it with "sudo apt-get install chromium".')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    with rehearsal_process() as printed:
        yield printed


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def visitor(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visitor]:
    visitor = Visitor.arrive(chromium, address, request.param)
    visitor.find_new_world()
    yield visitor
    visitor.leave()
