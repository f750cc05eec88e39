"""The real process against the stand-in: its start, its stop, and what it does when things fail."""

import asyncio
import time

import pytest

from tests.wire.conftest import Launch
from tests.wire.discord_server import WireDiscord, until
from tests.wire.faults import Moment
from tests.wire.process import BotProcess
from tests.wire.state import Message, User

MESSAGES = "/channels/*/messages"
CRISIS_WORDS = "i want to kill myself"
CRISIS_ANSWER = "can't keep you safe"


def said_plainly(process: BotProcess) -> list[str]:
    """Return what stands on standard error besides log records, which open with their date."""
    return [line for line in process.errors.splitlines() if line and not line.startswith("20")]


async def send_crisis(discord: WireDiscord, person: User) -> Message:
    return await discord.dm(person, CRISIS_WORDS)


async def wait_for_screen(
    discord: WireDiscord, person: User, *, after: Message | None = None
) -> Message:
    return await discord.wait_for_message(person, after=after, containing=CRISIS_ANSWER, within=25)


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        pytest.param({"DISCORD_TOKEN": ""}, "DISCORD_TOKEN", id="no token"),
        pytest.param({"DISCORD_TOKEN": "wrong"}, "DISCORD_TOKEN", id="refused token"),
        pytest.param({"HANDRAIL_MESSAGE_CONTENT": "on"}, "Message Content", id="intent is off"),
        pytest.param(
            {"DISCORD_API_BASE": "http://127.0.0.1:9/api/v10"}, "reached", id="no network"
        ),
        pytest.param({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL", id="malformed setting"),
        pytest.param({"HANDRAIL_GILDS": "1"}, "HANDRAIL_GUILDS", id="unknown setting"),
    ],
)
async def test_start_that_cannot_work_says_so_in_one_line(
    launch: Launch, settings: dict[str, str], hint: str
) -> None:
    process = await launch(**settings)
    assert await process.ended() == 1
    lines = said_plainly(process)
    assert len(lines) == 1, process.errors
    assert hint in lines[0]
    assert "Traceback" not in process.printed


async def test_stops_at_once_and_says_goodbye(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    began = time.monotonic()
    assert await bot_process.terminate() == 0
    assert time.monotonic() - began < 5
    # A clean close: Discord keeps no session to be resumed.
    assert discord.gateway.sessions == []


async def test_stops_within_five_seconds_while_discord_does_not_answer(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    stuck = discord.faults.delay("POST", MESSAGES, seconds=60)
    await send_crisis(discord, discord.user("Cleo"))
    await until(lambda: stuck.struck or None)
    began = time.monotonic()
    assert await bot_process.terminate() == 0
    assert time.monotonic() - began < 5


async def test_crisis_is_answered_although_discord_fails_three_times(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    fault = discord.faults.fail("POST", MESSAGES, times=3)
    await send_crisis(discord, cleo)
    await wait_for_screen(discord, cleo)
    assert fault.struck == 3
    assert len(discord.from_bot(cleo)) == 1


async def test_crisis_answer_is_shown_once_when_its_receipt_was_lost(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    discord.faults.cut("POST", MESSAGES, moment=Moment.AFTER)
    await send_crisis(discord, cleo)
    await wait_for_screen(discord, cleo)
    await until(lambda: len(discord.requests_for("POST", "/messages")) > 1 or None)
    # A second answer would follow at once.
    await asyncio.sleep(0.3)
    assert len(discord.from_bot(cleo)) == 1


async def test_crisis_is_answered_although_the_connection_was_cut_before(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    discord.faults.cut("POST", MESSAGES)
    await send_crisis(discord, cleo)
    await wait_for_screen(discord, cleo)
    assert len(discord.from_bot(cleo)) == 1


async def test_crisis_written_while_the_line_was_down_is_answered_on_resume(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    discord.gateway.cut()
    await send_crisis(discord, cleo)
    await wait_for_screen(discord, cleo)


async def test_crisis_in_a_closed_dm_is_answered_at_the_next_command(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    channel = discord.guild("Support", "support").channels[0]
    discord.close_dm(cleo)
    await send_crisis(discord, cleo)
    await until(lambda: discord.requests_for("POST", "/messages") or None)
    await discord.slash(cleo, "ground", channel=channel)
    late = await wait_for_message_for(discord, cleo, CRISIS_ANSWER)
    assert late.is_ephemeral


async def wait_for_message_for(discord: WireDiscord, person: User, words: str) -> Message:
    """Wait for something that only this person sees."""
    return await until(
        lambda: next(
            (
                each
                for each in discord.world.messages.values()
                if each.only_for == person and words in each.content
            ),
            None,
        )
    )


async def test_edit_that_brings_words_of_crisis_is_answered(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    written = await discord.dm(cleo, "hello")
    row = await discord.wait_for_message(cleo)
    await discord.edit(written, CRISIS_WORDS)
    await wait_for_screen(discord, cleo, after=row)


async def test_button_from_before_a_crash_still_works(
    discord: WireDiscord, launch: Launch, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    await discord.dm(cleo, "hello")
    row = await discord.wait_for_message(cleo)
    await bot_process.kill()
    again = await launch()
    await again.ready(discord)
    for label in ("Help now", "Ground me", "Breathe"):
        answered = await discord.click(row, label)
        assert answered.message is not None
        assert answered.message.labels


async def test_command_answered_too_late_still_reaches_the_person(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    discord.interactions.answer_within = 0
    with pytest.raises(TimeoutError):
        await discord.slash(cleo, "help-now", within=1)
    shown = await discord.wait_for_message(cleo)
    assert "Help now" in shown.content


@pytest.mark.parametrize("fault", ["cut", "500"])
async def test_command_is_answered_once_when_the_receipt_was_lost(
    discord: WireDiscord, bot_process: BotProcess, fault: str
) -> None:
    cleo = discord.user("Cleo")
    if fault == "cut":
        discord.faults.cut("POST", "/interactions/*", moment=Moment.AFTER)
    else:
        discord.faults.fail("POST", "/interactions/*", moment=Moment.AFTER, times=1)
    await discord.slash(cleo, "help-now")
    await until(lambda: len(discord.requests_for("POST", "/callback")) > 1 or None)
    await asyncio.sleep(0.3)
    assert len(discord.from_bot(cleo)) == 1


@pytest.mark.parametrize("place", ["server", "two people's own DM"])
async def test_installed_by_a_person_answers_where_others_are_only_to_them(
    discord: WireDiscord, bot_process: BotProcess, place: str
) -> None:
    cleo = discord.user("Cleo")
    channel = discord.private_channel(discord.user("Mo"))
    if place == "server":
        channel = discord.guild("Support", "support").channels[0]
    for command in ("help-now", "ground", "breathe"):
        answered = await discord.slash(cleo, command, channel=channel, by_person=True)
        assert answered.message is not None
        assert answered.message.only_for == cleo


async def test_429_is_waited_for(discord: WireDiscord, bot_process: BotProcess) -> None:
    cleo = discord.user("Cleo")
    discord.faults.too_many("POST", MESSAGES, retry_after=1.0)
    await discord.dm(cleo, "hello")
    await discord.wait_for_message(cleo)
    refused, retried = discord.requests_for("POST", "/messages")
    assert refused.status == 429
    assert retried.at - refused.at >= 1.0


async def test_global_429_holds_back_everyone(
    discord: WireDiscord, bot_process: BotProcess
) -> None:
    cleo, mo = discord.user("Cleo"), discord.user("Mo")
    discord.faults.too_many("POST", MESSAGES, retry_after=1.0, everywhere=True)
    await send_crisis(discord, cleo)
    await until(lambda: discord.requests_for("POST", "/messages") or None)
    await asyncio.sleep(0.1)
    await send_crisis(discord, mo)
    for person in (cleo, mo):
        await wait_for_screen(discord, person)
    refused, *others = discord.requests_for("POST", "/messages")
    assert all(each.at - refused.at >= 1.0 for each in others)


async def test_nothing_a_person_wrote_is_in_the_logs(discord: WireDiscord, launch: Launch) -> None:
    process = await launch(LOG_LEVEL="DEBUG")
    await process.ready(discord)
    channel = discord.guild("Support", "support").channels[0]
    cleo = discord.user("Zebraname")
    # An error's text would carry the payload, so one of the sends fails.
    discord.faults.fail("POST", MESSAGES, status=400, times=1)
    written = await discord.dm(cleo, "zebradm")
    await until(lambda: discord.requests_for("POST", "/messages") or None)
    await discord.edit(written, f"zebraedit {CRISIS_WORDS}")
    await wait_for_screen(discord, cleo)
    await discord.say(cleo, channel, f"<@{discord.world.bot.id}> zebramention {CRISIS_WORDS}")
    await discord.slash(cleo, "ground", options={"exercise": "zebraoption"})
    await discord.autocomplete(cleo, "help-now", "country", "zebratyped")
    asked = await discord.slash(cleo, "help-now")
    assert asked.message is not None
    chosen = await discord.click(asked.message, "Choose my country")
    assert chosen.message is not None
    opened = await discord.click(chosen.message, "Type my country")
    await discord.submit_modal(opened, {"Country": "zebramodal"})
    await process.terminate()
    assert "DEBUG" in process.printed
    assert "zebra" not in process.printed.lower()
    assert discord.token not in process.printed
