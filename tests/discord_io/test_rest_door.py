"""One door: paced below Discord's limit, crisis first, catching up last."""

import asyncio
from types import SimpleNamespace

import discord
import pytest
from discord.http import Route

from bot.discord_io.rest_door import (
    CRISIS_ONLY_A_SECOND,
    GENERAL_A_SECOND,
    MOST_INVALID,
    DoorClosed,
    RestDoor,
)
from bot.services.ports import Lane

MESSAGE = Route("POST", "/channels/{channel_id}/messages", channel_id=1)
CALLBACK = Route("POST", "/interactions/{id}/{token}/callback", id=1, token="t")
FORBIDDEN = 403


class Discord:
    """Takes requests and notes when, and by whom."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, object]] = []
        self.refuses = False

    async def request(self, route: Route, **kwargs: object) -> object:
        self.seen.append((asyncio.get_running_loop().time(), kwargs.get("name")))
        if self.refuses:
            response = SimpleNamespace(status=FORBIDDEN, reason="Forbidden")
            raise discord.Forbidden(response, "no")  # type: ignore[arg-type] # all it reads
        return route.path

    @property
    def names(self) -> list[object]:
        return [name for _, name in self.seen]

    def most_in_a_second(self) -> int:
        times = [at for at, _ in self.seen]
        return max(sum(1 for at in times if start <= at < start + 1) for start in times)


class Door:
    """The door in front of the noting Discord."""

    def __init__(self) -> None:
        self.discord = Discord()
        self.door = RestDoor()
        self.request = self.door.guard(self.discord.request)

    async def send(self, lane: Lane, name: object = None, route: Route = MESSAGE) -> None:
        with self.door.lane(lane):
            await self.request(route, name=name)


@pytest.mark.slow
async def test_no_more_than_the_limit_leaves_in_any_second() -> None:
    door = Door()

    async with asyncio.TaskGroup() as group:
        for _ in range(GENERAL_A_SECOND + 20):
            group.create_task(door.send(Lane.DELIVERY))

    assert door.discord.most_in_a_second() <= GENERAL_A_SECOND + 1


async def test_crisis_passes_a_queue_and_catching_up_comes_last() -> None:
    door = Door()

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(door.send(Lane.CATCH_UP, f"late {number}"))
        for number in range(20):
            group.create_task(door.send(Lane.DELIVERY, f"due {number}"))
        await asyncio.sleep(0.05)
        for number in range(10):
            group.create_task(door.send(Lane.CRISIS, f"crisis {number}"))

    names = [str(name).partition(" ")[0] for name in door.discord.names]
    last_crisis = len(names) - 1 - names[::-1].index("crisis")
    assert last_crisis < 20, "crisis goes before whatever waited already"
    assert names[-15:] == ["late"] * 15


@pytest.mark.slow
async def test_crisis_has_five_a_second_of_its_own() -> None:
    door = Door()

    async with asyncio.TaskGroup() as group:
        for _ in range(GENERAL_A_SECOND * 2):
            group.create_task(door.send(Lane.DELIVERY))
        for _ in range(20):
            group.create_task(door.send(Lane.CRISIS))
            await asyncio.sleep(0.01)

    most = GENERAL_A_SECOND + CRISIS_ONLY_A_SECOND
    assert GENERAL_A_SECOND < door.discord.most_in_a_second() <= most + 2


async def test_answers_to_interactions_do_not_wait() -> None:
    door = Door()
    waiting = [asyncio.ensure_future(door.send(Lane.DELIVERY)) for _ in range(30)]
    await asyncio.sleep(0)

    async with asyncio.timeout(0.05):
        await door.send(Lane.CATCH_UP, "answer", CALLBACK)

    assert "answer" in door.discord.names
    await asyncio.gather(*waiting)


async def test_cancelled_waiter_costs_nobody_a_turn() -> None:
    door = Door()
    waiting = [asyncio.ensure_future(door.send(Lane.DELIVERY, n)) for n in range(10)]
    await asyncio.sleep(0.01)
    for each in waiting[1:9]:
        each.cancel()

    async with asyncio.timeout(0.5):
        await waiting[9]

    assert door.discord.names == [0, 9]
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_too_many_refusals_close_the_door_for_all_but_crisis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = Door()
    door.discord.refuses = True
    now = asyncio.get_running_loop().time()
    door.door._invalid_at.extend([now] * (MOST_INVALID - 1))
    with pytest.raises(discord.Forbidden):
        await door.send(Lane.DELIVERY)

    with pytest.raises(DoorClosed):
        await door.send(Lane.DELIVERY)
    door.discord.refuses = False
    await door.send(Lane.CRISIS, "crisis")

    assert door.discord.names[-1] == "crisis"
