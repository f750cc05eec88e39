"""The rehearsal as a real process, and what a visitor does with it in a browser."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "out" / "screenshots"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/#\S+")
STARTS_WITHIN_SECONDS = 30
STOPS_WITHIN_SECONDS = 5
PATIENCE_MS = 10_000
HEIGHT = 900


@contextmanager
def rehearsal_process(*arguments: str) -> Iterator[str]:
    """Run `python -m bot rehearse` and give the printed address; it must end well on SIGTERM."""
    command = [sys.executable, "-m", "bot", "rehearse", "--port", "0", "--no-browser", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _printed_address(process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOPS_WITHIN_SECONDS) == 0
        finally:
            process.kill()


def _printed_address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    too_late = threading.Timer(STARTS_WITHIN_SECONDS, process.kill)
    too_late.start()
    try:
        for line in process.stdout:
            if found := ADDRESS.search(line):
                return found[0]
    finally:
        too_late.cancel()
    raise AssertionError("The rehearsal printed no address.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a screen of one width; every look at it is kept as a picture."""

    context: BrowserContext
    landing: Page
    width: int

    @classmethod
    def arrive(cls, browser: Browser, address: str, width: int) -> "Visitor":
        """Open the printed address in a window of `width`, with nothing from earlier visits."""
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT}, bypass_csp=True, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        landing = context.new_page()
        landing.goto(address)
        expect(landing.locator("a[data-place=cleo][href]")).to_be_visible()
        return cls(context, landing, width)

    def find_new_world(self) -> None:
        """Start over without the page's help, whatever earlier visitors left behind."""
        origin, _, key = self.landing.url.partition("#")
        answer = self.context.request.post(
            f"{origin}api/actions/start-over", headers={"X-Rehearsal-Key": key}
        )
        assert answer.ok, answer.text()

    def press(self, button: str, *, said: str) -> None:
        """Press a button of the landing page and wait for the line that it answers."""
        self.landing.bring_to_front()
        self.landing.get_by_role("button", name=button, exact=True).click()
        self.hears(said)

    def hears(self, line: str) -> None:
        """Wait for a line that tells what happened."""
        expect(self.landing.locator("#said")).to_contain_text(line)

    def open(self, place: str) -> "Surface":
        """Follow a card of the landing page."""
        self.landing.bring_to_front()
        with self.context.expect_page() as opened:
            self.landing.locator(f"a[data-place={place}]").click()
        surface = Surface(opened.value, self.width)
        expect(surface.composer).to_be_visible()
        return surface

    def look(self, name: str, *, whole: bool = True) -> None:
        """Keep a picture of the landing page, the whole of it or what is seen at once."""
        _keep(self.landing, self.width, name, full_page=whole)

    def leave(self) -> None:
        """Close the window."""
        self.context.close()


@dataclass(frozen=True, slots=True)
class Surface:
    """A place as one person sees it."""

    page: Page
    width: int

    @property
    def composer(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#channel-composer-input")

    @property
    def messages(self) -> Locator:
        """What stands in the channel, oldest first."""
        return self.page.locator("#channel-message-list .channel-message")

    def take_turn(self) -> None:
        """Look here, and wait until the page is done with what was pressed before."""
        self.page.bring_to_front()
        self.page.wait_for_function("window.simcordPreview?.ready")

    def write(self, text: str) -> None:
        """Send a plain message."""
        self.take_turn()
        self.composer.fill(text)
        self.composer.press("Enter")

    def use(self, command: str) -> None:
        """Choose a slash command from the list and send it without options."""
        self.take_turn()
        self.composer.fill(f"/{command}")
        option = self.page.get_by_role("option").filter(has_text=f"/{command}").first
        expect(option).to_be_visible()
        self.composer.press("Enter")
        chip = self.page.get_by_role("button", name=f"Command /{command}")
        expect(chip).to_be_visible()
        self.page.get_by_role("button", name="Send", exact=False).last.click()

    def button(self, label: str | re.Pattern[str]) -> Locator:
        """Find the newest button of that name."""
        exact = isinstance(label, str)
        return self.messages.get_by_role("button", name=label, exact=exact).last

    def press(self, label: str) -> None:
        """Press the newest button of that name."""
        self.take_turn()
        self.button(label).click()

    def shows(self, text: str | re.Pattern[str]) -> None:
        """Wait until the channel shows `text`."""
        expect(self.messages.get_by_text(text).last).to_be_visible(timeout=PATIENCE_MS)

    def look(self, name: str) -> None:
        """Keep a picture of what is seen without scrolling."""
        _keep(self.page, self.width, name, full_page=False)


def _keep(page: Page, width: int, name: str, *, full_page: bool) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=full_page)
