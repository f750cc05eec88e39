"""The rehearsal's host: its landing page, its people, its time, with a small bot of the test's."""

import asyncio
import importlib.util
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.machinery import ModuleSpec

import aiohttp
import discord
import pytest
import pytest_asyncio
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from discord.ext import commands
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import ContentError, HandrailError
from bot.rehearsal.flow import LONGEST_STEP, stops_on_the_way
from bot.rehearsal.host import rehearse
from bot.rehearsal.landing import KEY_HEADER, STATIC, Landing
from bot.rehearsal.stage import Scene, Stage
from bot.rehearsal.visit import StillBusy, Visit

WRITES_BACK_AFTER = timedelta(minutes=5)


def new_world(_therapist: int) -> "type[EchoBot]":
    return EchoBot


class EchoBot(commands.Bot):
    """Repeats what it hears, writes once more five minutes later, and has one button."""

    built = 0

    def __init__(self) -> None:
        super().__init__(commands.when_mentioned, intents=discord.Intents.default())
        EchoBot.built += 1
        self.number = EchoBot.built
        self.scheduler = AsyncIOScheduler(timezone=UTC)

    async def setup_hook(self) -> None:
        self.scheduler.start()

    async def close(self) -> None:
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        if message.author.bot:
            return
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Next", custom_id="next"))
        await message.author.send(f"you said: {message.content}", view=view)
        self.scheduler.add_job(
            message.author.send,
            "date",
            args=["five minutes later"],
            run_date=discord.utils.utcnow() + WRITES_BACK_AFTER,
        )

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.edit_message(content=f"bot {self.number} answered")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    stage: Stage
    landing: Landing
    browser: aiohttp.ClientSession

    @property
    def scene(self) -> Scene:
        return self.stage._get_scene()

    @property
    def visit(self) -> Visit:
        return self.landing._opened()[1]

    @property
    def key(self) -> str:
        return self.landing.url.partition("#")[2]

    async def press(self, button: str) -> str:
        headers = {KEY_HEADER: self.key}
        url = f"{self.landing.origin}api/actions/{button}"
        async with self.browser.post(url, headers=headers) as answer:
            assert answer.status == 200
            return str((await answer.json())["said"])

    def heard_by_cleo(self) -> list[str]:
        channel = self.scene.world.cleo.dm_channel
        return [message.content for message in channel.history() if message.author.bot]


@pytest_asyncio.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    landing = Landing()
    await landing.open(0)
    stage = Stage(new_world, back_to=landing.origin)
    await stage.open()
    landing.show(stage)
    async with aiohttp.ClientSession() as browser:
        yield Rehearsal(stage, landing, browser)
    await stage.close()
    await landing.close()


async def test_every_card_opens_a_place_with_its_own_title(rehearsal: Rehearsal) -> None:
    cards = re.findall(r'data-place="(\w+)"', (STATIC / "landing.html").read_text())

    assert sorted(cards) == sorted(rehearsal.stage.urls)
    for url in rehearsal.stage.urls.values():
        async with rehearsal.browser.get(url) as page:
            text = await page.text()
        assert re.search(r"<title>.+ - rehearsal</title>", text)
        assert f'class="rehearsal-back" href="{rehearsal.landing.origin}"' in text


async def test_what_the_bot_plans_comes_when_the_clock_is_moved(rehearsal: Rehearsal) -> None:
    await rehearsal.scene.world.cleo.send_dm("hello")
    assert rehearsal.heard_by_cleo() == ["you said: hello"]

    said = await rehearsal.press("hour")

    assert said.endswith(", 19:00.")
    assert rehearsal.heard_by_cleo() == ["you said: hello", "five minutes later"]


async def test_time_passes_as_it_does_outside(rehearsal: Rehearsal) -> None:
    before = rehearsal.stage.now
    async with asyncio.TaskGroup() as tasks:
        keeping = tasks.create_task(rehearsal.stage.keep_time())
        await asyncio.sleep(0.6)
        passed = rehearsal.stage.now - before
        keeping.cancel()

    assert timedelta(seconds=0.4) < passed < timedelta(seconds=1.5)


async def test_a_button_pressed_while_another_works_is_asked_to_wait(rehearsal: Rehearsal) -> None:
    async with asyncio.TaskGroup() as tasks:
        week = tasks.create_task(rehearsal.visit.do("week"))
        await asyncio.sleep(0)
        with pytest.raises(StillBusy, match="Please wait: a week goes by"):
            await rehearsal.visit.do("hour")
        assert not week.done()


async def test_the_other_jumps_end_where_their_buttons_say(rehearsal: Rehearsal) -> None:
    evening = rehearsal.stage.now
    await rehearsal.press("tomorrow")
    assert rehearsal.stage.now == (evening + timedelta(days=1)).replace(hour=9, minute=0)

    await rehearsal.press("week")
    assert rehearsal.stage.now == (evening + timedelta(days=8)).replace(hour=9, minute=0)


async def test_closed_dms_refuse_the_bot_until_they_open_again(rehearsal: Rehearsal) -> None:
    world = rehearsal.scene.world
    await rehearsal.press("close-dms")
    with pytest.raises(discord.Forbidden) as refused:
        await _send_as_bot(rehearsal, world.cleo.id)
    assert refused.value.code == 50007
    assert not rehearsal.stage.cleo_takes_dms

    await rehearsal.press("open-dms")
    await _send_as_bot(rehearsal, world.cleo.id)
    assert rehearsal.heard_by_cleo() == ["by itself"]


async def _send_as_bot(rehearsal: Rehearsal, person: int) -> None:
    person_seen = await rehearsal.scene.env.bot.fetch_user(person)
    await person_seen.send("by itself")


async def test_an_old_button_is_answered_by_the_restarted_bot(rehearsal: Rehearsal) -> None:
    world, old = rehearsal.scene.world, rehearsal.scene.env.bot
    await world.cleo.send_dm("hello")
    message = world.cleo.dm_channel.last_message

    await rehearsal.press("restart")
    await world.cleo.click(message, label="Next")

    assert old.is_closed()
    assert rehearsal.heard_by_cleo() == [f"bot {EchoBot.built} answered"]


async def test_a_bot_that_does_not_come_back_is_said_and_starting_over_helps(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_bot: EchoBot) -> None:
        raise ContentError("br-box.toml", "steps", "missing")

    urls = dict(rehearsal.stage.urls)
    with monkeypatch.context() as broken:
        broken.setattr(EchoBot, "setup_hook", fail)
        with pytest.raises(ContentError):
            await rehearsal.visit.do("restart")
    with pytest.raises(HandrailError, match="start over"):
        await rehearsal.visit.do("hour")

    await rehearsal.press("start-over")

    assert rehearsal.stage.urls == urls


async def test_starting_over_forgets_all_and_keeps_every_address(rehearsal: Rehearsal) -> None:
    evening, urls = rehearsal.stage.now, dict(rehearsal.stage.urls)
    await rehearsal.scene.world.cleo.send_dm("hello")
    await rehearsal.press("tomorrow")
    await rehearsal.press("close-dms")

    await rehearsal.press("start-over")

    assert rehearsal.heard_by_cleo() == []
    assert rehearsal.stage.cleo_takes_dms
    assert rehearsal.stage.now - evening < timedelta(minutes=1)
    assert rehearsal.stage.urls == urls


async def test_only_the_printed_address_shows_or_moves_anything(rehearsal: Rehearsal) -> None:
    """A page from elsewhere lacks the key, names another host, or can only ask and not post."""
    state = f"{rehearsal.landing.origin}api/state"
    hour = f"{rehearsal.landing.origin}api/actions/hour"
    right = {KEY_HEADER: rehearsal.key}

    assert await _status(rehearsal, "GET", state, right) == 200
    assert await _status(rehearsal, "GET", state, {}) == 403
    assert await _status(rehearsal, "POST", hour, {KEY_HEADER: "guessed"}) == 403
    assert await _status(rehearsal, "POST", hour, right | {"Host": "example.org"}) == 403
    assert await _status(rehearsal, "GET", hour, right) == 405
    assert await _status(rehearsal, "GET", rehearsal.landing.origin, {"Host": "example.org"}) == 403


async def _status(rehearsal: Rehearsal, method: str, url: str, headers: dict[str, str]) -> int:
    async with rehearsal.browser.request(method, url, headers=headers) as answer:
        return answer.status


def test_a_port_in_use_is_said_in_one_line() -> None:
    said: list[str] = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = rehearse(new_world, port=port, open_browser=False, announce=said.append)

    assert code == 1
    assert len(said) == 1
    assert str(port) in said[0]


def test_without_the_extra_one_line_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find_nothing(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", find_nothing)
    said: list[str] = []

    code = rehearse(new_world, open_browser=False, announce=said.append)

    assert code == 1
    assert len(said) == 1
    assert "make rehearse" in said[0]


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=365)).map(
    NEW_YEAR.__add__
)


@given(INSTANTS, st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=30)))
def test_a_jump_goes_in_short_steps_and_ends_at_its_end(start: datetime, long: timedelta) -> None:
    stops = stops_on_the_way(start, start + long)

    assert stops[-1] == start + long
    for before, after in zip([start, *stops], stops, strict=False):
        assert timedelta(0) < after - before <= LONGEST_STEP + timedelta(microseconds=1)
