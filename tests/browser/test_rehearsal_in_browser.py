"""A newcomer's first quarter of an hour: one command, and then everything in the browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.rehearsing import Surface, Visitor

pytestmark = pytest.mark.slow

MOST_STEPS = 20
SMALLEST_TARGET_PX = 44


def test_the_landing_page_fits_the_screen_and_its_buttons_answer(visitor: Visitor) -> None:
    page = visitor.landing
    visitor.look("landing")
    assert page.evaluate("document.documentElement.scrollWidth") == visitor.width
    for target in page.locator("a.card, button:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= SMALLEST_TARGET_PX

    clock = page.locator("#time").inner_text()
    expect(page.locator("#time")).not_to_have_text(clock)

    visitor.press("1 hour on", said=", 19:0")
    visitor.press("To tomorrow, 09:00", said=", 09:00.")
    visitor.press("Cleo closes her DMs", said="does not arrive")
    visitor.look("landing-closed-dms")
    visitor.press("Cleo opens her DMs", said="can write to her again")


def test_starting_over_asks_first_and_opens_a_new_world_in_the_same_tabs(visitor: Visitor) -> None:
    dm = visitor.open("cleo")
    dm.write("hello")
    dm.shows("I'm Handrail")
    visitor.press("1 hour on", said=", 19:0")

    visitor.landing.get_by_role("button", name="Start over", exact=True).click()
    visitor.look("start-over", whole=False)
    visitor.landing.get_by_role("button", name="Stay here").click()
    expect(visitor.landing.locator("#time")).to_have_text(re.compile("^19:"))

    visitor.landing.get_by_role("button", name="Start over", exact=True).click()
    visitor.landing.get_by_role("dialog").get_by_role("button", name="Start over").click()
    visitor.hears("A new world began")
    expect(dm.page.get_by_text("No messages in this channel.")).to_be_visible()


def test_grounding_goes_to_its_end_though_the_bot_restarts_in_between(visitor: Visitor) -> None:
    dm = visitor.open("cleo")
    dm.use("ground")
    dm.shows("What is it like right now?")
    dm.look("ground-1-state")
    dm.press("Too much")
    dm.shows("Where would you like to begin?")
    dm.look("ground-2-way-in")
    dm.press("Hands or feet")
    expect(dm.button("Next")).to_be_visible()
    dm.look("ground-3-first-step")

    visitor.press("Restart the bot", said="The bot restarted")

    steps = _press_next_to_the_end(dm)
    assert steps > 1
    dm.shows("How is it now, 0 to 10?")
    dm.look("ground-4-after")
    dm.press("Skip")
    dm.shows("That's fine.")
    dm.look("ground-5-end")


def _press_next_to_the_end(dm: Surface) -> int:
    for pressed in range(MOST_STEPS):
        dm.take_turn()
        message = dm.messages.last
        before = message.inner_text()
        if not message.get_by_role("button", name="Next", exact=True).count():
            return pressed
        dm.press("Next")
        expect(message).not_to_have_text(before)
    raise AssertionError("The exercise has no end.")


def test_breathing_starts(visitor: Visitor) -> None:
    dm = visitor.open("cleo")
    dm.use("breathe")
    expect(dm.button("Start")).to_be_visible()
    dm.look("breathe-1-introduction")
    dm.press("Start")
    expect(dm.button("Stop")).to_be_visible()
    expect(dm.button("Start")).to_have_count(0)
    dm.look("breathe-2-first-step")


def test_help_now_is_one_message(visitor: Visitor) -> None:
    dm = visitor.open("cleo")
    dm.use("help-now")
    dm.shows("call your local emergency number")
    expect(dm.messages).to_have_count(1)
    dm.look("help-now")

    _choose_united_kingdom(dm)
    dm.shows("116 123")
    dm.look("help-now-in-a-country")


def _choose_united_kingdom(dm: Surface) -> None:
    for label in ("Choose my country", "Western Europe", "United Kingdom"):
        expect(dm.button(label)).to_be_visible()
        dm.press(label)
    expect(dm.button("Change country")).to_be_visible()


def test_words_of_crisis_bring_the_crisis_screen(visitor: Visitor) -> None:
    dm = visitor.open("cleo")
    dm.write("i cant do this anymore")
    dm.shows("That sounds really hard.")
    dm.look("distress")
    dm.write("i want to kill myself")
    dm.shows("I'm glad you said it.")
    dm.shows("A person can, right now.")
    expect(dm.button("Stay here and ground")).to_be_visible()
    dm.look("crisis")

    _choose_united_kingdom(dm)
    dm.write("i'm going to kill myself tonight")
    expect(dm.messages.last).to_contain_text(re.compile("I'm glad you said it.*999", re.DOTALL))
    dm.button("You misread me").scroll_into_view_if_needed()
    dm.look("crisis-in-a-country")


def test_a_place_leads_back_to_all_people(visitor: Visitor) -> None:
    dm = visitor.open("sam")
    dm.page.get_by_role("link", name="All people").click()

    expect(visitor.landing.locator("#time")).to_have_text(re.compile("^18:"))
    visitor.press("Restart the bot", said="The bot restarted")
    assert len(visitor.context.pages) == 2


def test_in_a_channel_only_the_one_who_asked_sees_the_answer(visitor: Visitor) -> None:
    channel = visitor.open("support")
    channel.use("ground")
    channel.shows("What is it like right now?")
    channel.look("support-as-cleo")

    channel.take_turn()
    channel.page.get_by_label("Viewing as").select_option(label="Mo")
    expect(channel.page.get_by_text("What is it like right now?")).to_have_count(0)
    channel.look("support-as-mo")
