"""The stand-in keeps its own promises, checked with the plainest of bots."""

import asyncio
import time
from datetime import timedelta

import aiohttp
import pytest

from tests.wire.conftest import Launch
from tests.wire.discord_server import WireDiscord, until
from tests.wire.faults import Moment
from tests.wire.gateway import MESSAGE_CONTENT
from tests.wire.payloads import Payload, parsed, text
from tests.wire.process import FORM, PLAIN, BotProcess
from tests.wire.state import Channel

MESSAGES = "/channels/*/messages"


async def call(
    discord: WireDiscord, method: str, path: str, body: Payload | None = None
) -> tuple[int, Payload]:
    """Make one request as a bot would, without discord.py's retries."""
    headers = {"Authorization": f"Bot {discord.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, discord.api_base + path, json=body) as response,
    ):
        return response.status, parsed(await response.read())


async def post(discord: WireDiscord, channel: Channel, content: str, nonce: str) -> str:
    """Post with a nonce and return the id of the message that Discord names."""
    body: Payload = {"content": content, "nonce": nonce, "enforce_nonce": True}
    _, message = await call(discord, "POST", f"/channels/{channel.id}/messages", body)
    return text(message, "id")


async def test_refused_token_ends_the_process(discord: WireDiscord, launch: Launch) -> None:
    process = await launch(PLAIN, DISCORD_TOKEN="wrong")
    assert await process.ended() == 1
    assert "token refused" in process.errors


async def test_switched_off_intent_closes_with_4014(discord: WireDiscord, launch: Launch) -> None:
    discord.gateway.allowed_intents = 0
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway.url) as ws:
        await ws.receive_json()
        await ws.send_json({"op": 2, "d": {"token": discord.token, "intents": MESSAGE_CONTENT}})
        closing = await ws.receive()
    assert closing.data == 4014


async def test_slash_command_and_dm_are_answered(
    discord: WireDiscord, plain_bot: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    answered = await discord.slash(cleo, "ground")
    assert answered.message is not None
    assert answered.message.content == "Press your feet into the floor."
    assert answered.message.is_ephemeral
    assert 0 < answered.seconds < 1
    await discord.dm(cleo, "hello")
    reply = await discord.wait_for_message(cleo, containing="You said")
    assert reply.content == "You said: hello"


async def test_a_command_nobody_registered_is_not_offered(
    discord: WireDiscord, plain_bot: BotProcess
) -> None:
    with pytest.raises(LookupError, match="not registered"):
        await discord.slash(discord.user("Cleo"), "nothing")


async def test_buttons_menus_modals_and_autocomplete(discord: WireDiscord, launch: Launch) -> None:
    bot = await launch(FORM)
    await bot.ready(discord)
    cleo = discord.user("Cleo")
    channel = discord.guild("Support", "support").channels[0]
    assert await discord.autocomplete(cleo, "form", "word", "go") == [
        {"name": "going", "value": "go"}
    ]
    asked = await discord.slash(cleo, "form", options={"word": "now"}, channel=channel)
    assert asked.message is not None
    assert asked.message.content == "First step now"
    assert asked.message.labels == ["Next", "Name"]
    await discord.click(asked.message, "Next", user=cleo)
    assert asked.message.content == "Second step"
    opened = await discord.click(asked.message, "name", user=cleo)
    greeted = await discord.submit_modal(opened, {"What are you called": "Mo"})
    assert greeted.message is not None
    assert greeted.message.content == "Hello Mo"
    chosen = await discord.select(asked.message, "colour", "blue", user=cleo)
    filled = await discord.wait_for_message(channel, containing="You chose blue")
    assert filled is chosen.message
    assert filled.only_for == cleo


async def test_same_nonce_makes_one_message_within_the_memory_only(discord: WireDiscord) -> None:
    channel = discord.world.dm_of(discord.user("Cleo"))
    first = await post(discord, channel, "once", "n1")
    assert await post(discord, channel, "once", "n1") == first
    assert await post(discord, channel, "once", "n2") != first
    discord.posts.nonce_memory = timedelta(0)
    assert await post(discord, channel, "once", "n1") != first
    assert len(discord.messages(channel)) == 3


async def test_cut_after_storing_leaves_the_message(discord: WireDiscord) -> None:
    channel = discord.world.dm_of(discord.user("Cleo"))
    discord.faults.cut("POST", MESSAGES, moment=Moment.AFTER)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(discord, channel, "kept", "n1")
    assert [each.content for each in discord.messages(channel)] == ["kept"]


async def test_cut_before_storing_leaves_nothing(discord: WireDiscord) -> None:
    channel = discord.world.dm_of(discord.user("Cleo"))
    discord.faults.cut("POST", MESSAGES)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(discord, channel, "lost", "n1")
    assert discord.messages(channel) == []


async def test_429_is_waited_for_and_retried(discord: WireDiscord, plain_bot: BotProcess) -> None:
    cleo = discord.user("Cleo")
    discord.faults.too_many("POST", MESSAGES, retry_after=0.5)
    began = time.monotonic()
    await discord.dm(cleo, "hello")
    await discord.wait_for_message(cleo)
    assert time.monotonic() - began >= 0.5
    assert [each.status for each in discord.requests_for("POST", "/messages")][:1] == [429]


async def test_limit_answers_429_with_its_headers(discord: WireDiscord) -> None:
    channel = discord.world.dm_of(discord.user("Cleo"))
    discord.faults.limit("POST", MESSAGES, calls=1, seconds=60)
    body: Payload = {"content": "hello"}
    path = f"/channels/{channel.id}/messages"
    assert (await call(discord, "POST", path, body))[0] == 200
    status, refusal = await call(discord, "POST", path, body)
    assert status == 429
    assert refusal["global"] is False
    assert discord.faults.rate_limited == 1


async def test_resume_replays_what_was_missed(discord: WireDiscord, plain_bot: BotProcess) -> None:
    cleo = discord.user("Cleo")
    discord.gateway.cut()
    await discord.dm(cleo, "while away")
    reply = await discord.wait_for_message(cleo)
    assert reply.content == "You said: while away"
    assert (discord.gateway.identifies, discord.gateway.resumes) == (1, 1)


async def test_killed_process_is_a_new_session_and_misses_messages(
    discord: WireDiscord, launch: Launch, plain_bot: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    await plain_bot.kill()
    await discord.dm(cleo, "while away")
    again = await launch(PLAIN)
    await again.ready(discord)
    await discord.dm(cleo, "back")
    await discord.wait_for_message(cleo, containing="back")
    assert len(discord.from_bot(cleo)) == 1


async def test_closed_dm_refuses_with_50007(discord: WireDiscord) -> None:
    cleo = discord.user("Cleo")
    discord.close_dm(cleo)
    path = f"/channels/{discord.world.dm_of(cleo).id}/messages"
    assert await call(discord, "POST", path, {"content": "hello"}) == (
        403,
        {"message": "Cannot send messages to this user", "code": 50007},
    )


async def test_late_and_second_answers_are_refused(
    discord: WireDiscord, plain_bot: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    answered = await discord.slash(cleo, "ground")
    path = f"/interactions/{answered.id}/{answered.token}/callback"
    body: Payload = {"type": 4, "data": {"content": "again"}}
    assert (await call(discord, "POST", path, body))[1]["code"] == 40060
    discord.interactions.answer_within = 0.1
    discord.faults.delay("POST", "/interactions/*", seconds=0.2)
    with pytest.raises(TimeoutError):
        await discord.slash(cleo, "ground", within=1)
    late = discord.requests_for("POST", "/callback")
    assert [each.status for each in late] == [200, 400, 404]


async def test_history_pages_before_and_after(discord: WireDiscord) -> None:
    cleo = discord.user("Cleo")
    sent = [await discord.dm(cleo, str(count)) for count in range(5)]
    path = f"/channels/{sent[0].channel.id}/messages"

    async def page(query: str) -> list[str]:
        _, found = await call(discord, "GET", path + query)
        listed = found["items"]
        assert isinstance(listed, list)
        return [each["content"] for each in listed]

    assert await page("?limit=2") == ["4", "3"]
    assert await page(f"?before={sent[2].id}") == ["1", "0"]
    assert await page(f"?after={sent[1].id}&limit=2") == ["3", "2"]


async def test_channel_words_are_hidden_without_the_intent(discord: WireDiscord) -> None:
    channel = discord.guild("Support", "support").channels[0]
    intents = 1 << 9
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway.url) as ws:
        await ws.receive_json()
        await ws.send_json({"op": 2, "d": {"token": discord.token, "intents": intents}})
        assert [(await ws.receive_json())["t"] for _ in range(2)] == ["READY", "GUILD_CREATE"]
        await discord.say(discord.user("Cleo"), channel, "secret")
        await discord.say(discord.user("Cleo"), channel, f"<@{discord.world.bot.id}> hello")
        assert (await ws.receive_json())["d"]["content"] == ""
        assert "hello" in (await ws.receive_json())["d"]["content"]


async def test_gateway_outage_ends_and_the_bot_returns(
    discord: WireDiscord, plain_bot: BotProcess
) -> None:
    cleo = discord.user("Cleo")
    with discord.gateway.outage():
        await asyncio.sleep(0.2)
        assert not discord.gateway.is_connected
        await discord.dm(cleo, "while away")
    await discord.wait_for_message(cleo, within=20)
    await until(lambda: discord.gateway.is_connected or None)
