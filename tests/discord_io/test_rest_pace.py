"""The pace of the REST door, in a loop whose time jumps to whatever is due next."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from unittest.mock import Mock

import aiohttp
import discord
import pytest
from discord.http import Route

from bot.discord_io.rest_door import (
    CRISIS_ONLY_A_SECOND,
    GENERAL_A_SECOND,
    INVALID_WINDOW_SECONDS,
    MOST_INVALID,
    DoorClosed,
    RestDoor,
)
from bot.services.ports import Lane

MESSAGES = "/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"
FOLLOW_UP = "/webhooks/1/token"
TURN = 1 / GENERAL_A_SECOND
FINE = 200
# Sums of many turns are off by a little.
ROUNDING = 1e-6


class _JumpingSelector(selectors.SelectSelector):
    """Never waits: the time it was told to wait has then passed."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everybody waits, and nobody will be let through")
        self.passed += max(0.0, timeout)
        return super().select(0)


class _JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed


def in_jumping_time(work: Callable[[], Coroutine[object, object, None]]) -> None:
    with asyncio.Runner(loop_factory=_JumpingLoop) as runner:
        runner.run(work())


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Discord:
    """Behind a door; notes who came through and when, and refuses if told to."""

    door: RestDoor = field(default_factory=RestDoor)
    status: int = FINE
    passed: list[tuple[str, float]] = field(default_factory=list)

    async def call(self, name: str, lane: Lane | None = None, path: str = MESSAGES) -> None:
        through = self.door.guard(self._request)
        if lane is None:
            await through(Route("POST", path), name=name)
            return
        with self.door.lane(lane):
            await through(Route("POST", path), name=name)

    async def crowd(self, lane: Lane, count: int) -> list[asyncio.Task[None]]:
        """Let that many of one lane ask at once; nobody has to wait for this."""
        names = [f"{lane}{number}" for number in range(count)]
        tasks = [asyncio.ensure_future(self.call(name, lane)) for name in names]
        for _ in range(5):
            await asyncio.sleep(0)
        return tasks

    async def refuse(self, times: int) -> None:
        for number in range(times):
            with pytest.raises(discord.HTTPException):
                await self.call(f"refused{number}")

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.passed]

    @property
    def most_within_a_second(self) -> int:
        times = [at for _, at in self.passed]
        return max(sum(start <= at < start + 1 - ROUNDING for at in times) for start in times)

    async def _request(self, _: Route, *, name: str) -> None:
        self.passed.append((name, now()))
        if self.status != FINE:
            response = Mock(spec=aiohttp.ClientResponse, status=self.status, reason="refused")
            raise discord.HTTPException(response, "refused")


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


def test_450_messages_take_ten_seconds_in_their_order_and_no_second_has_more_than_45() -> None:
    async def work() -> None:
        behind = Discord()
        await end(await behind.crowd(Lane.DELIVERY, 450))

        assert now() == pytest.approx(449 * TURN)
        assert behind.most_within_a_second == GENERAL_A_SECOND
        assert behind.names == [f"delivery{number}" for number in range(450)]

    in_jumping_time(work)


def test_a_lone_message_does_not_wait() -> None:
    async def work() -> None:
        behind = Discord()
        for second in range(3):
            await behind.call("alone")
            assert now() == second
            await asyncio.sleep(1)

    in_jumping_time(work)


def test_a_crisis_answer_passes_at_once_while_500_wait() -> None:
    async def work() -> None:
        behind = Discord()
        others = await behind.crowd(Lane.DELIVERY, 500)
        await asyncio.sleep(1)
        asked_at = now()
        await behind.call("crisis", Lane.CRISIS)

        assert now() == asked_at
        await end(others)

    in_jumping_time(work)


def test_many_crisis_answers_go_before_everybody_who_was_there_first() -> None:
    async def work() -> None:
        behind = Discord()
        others = await behind.crowd(Lane.DELIVERY, 500)
        await end(await behind.crowd(Lane.CRISIS, 20))

        # One had passed before any crisis answer asked.
        assert behind.names == ["delivery0", *(f"crisis{number}" for number in range(20))]
        await end(others)

    in_jumping_time(work)


def test_five_more_a_second_are_kept_for_crisis_and_cost_nobody_a_turn() -> None:
    async def work() -> None:
        behind = Discord()
        others = await behind.crowd(Lane.DELIVERY, 300)
        for number in range(3 * CRISIS_ONLY_A_SECOND):
            asked_at = now()
            await behind.call(f"crisis{number}", Lane.CRISIS)
            assert now() == asked_at
            await asyncio.sleep(1 / CRISIS_ONLY_A_SECOND + ROUNDING)
        await end(others)

        assert now() == pytest.approx(299 * TURN)
        assert behind.most_within_a_second == GENERAL_A_SECOND + CRISIS_ONLY_A_SECOND

    in_jumping_time(work)


def test_catching_up_waits_until_nobody_else_does() -> None:
    async def work() -> None:
        behind = Discord()
        await behind.call("first")
        late = await behind.crowd(Lane.CATCH_UP, 20)
        await end([*late, *await behind.crowd(Lane.DELIVERY, 20)])

        lanes = [name.rstrip("0123456789") for name in behind.names]
        assert lanes == ["first"] + ["delivery"] * 20 + ["catch_up"] * 20

    in_jumping_time(work)


def test_what_names_no_lane_is_an_ordinary_delivery() -> None:
    async def work() -> None:
        behind = Discord()
        await behind.call("first")
        late = await behind.crowd(Lane.CATCH_UP, 2)
        await behind.call("plain")
        await end(late)

        assert behind.names == ["first", "plain", "catch_up0", "catch_up1"]

    in_jumping_time(work)


@pytest.mark.parametrize("path", [CALLBACK, FOLLOW_UP])
def test_answers_to_presses_and_commands_neither_wait_nor_take_a_turn(path: str) -> None:
    async def work() -> None:
        behind = Discord()
        others = await behind.crowd(Lane.DELIVERY, 100)
        for number in range(60):
            await behind.call(f"answer{number}", path=path)
        assert now() == 0.0

        await end(others)
        assert now() == pytest.approx(99 * TURN)

    in_jumping_time(work)


@pytest.mark.parametrize("status", [401, 403, 429])
def test_after_too_many_refusals_only_crisis_passes_for_ten_minutes(status: int) -> None:
    async def work() -> None:
        behind = Discord(status=status)
        await behind.refuse(MOST_INVALID)
        behind.status = FINE

        for lane in (Lane.DELIVERY, Lane.CATCH_UP):
            with pytest.raises(DoorClosed):
                await behind.call("shut out", lane)
        await behind.call("crisis", Lane.CRISIS)
        await asyncio.sleep(INVALID_WINDOW_SECONDS)
        await behind.call("open again")

        assert behind.names[MOST_INVALID:] == ["crisis", "open again"]

    in_jumping_time(work)


def test_one_refusal_less_leaves_the_door_open_whatever_else_fails() -> None:
    async def work() -> None:
        behind = Discord(status=403)
        await behind.refuse(MOST_INVALID - 1)
        behind.status = 500
        await behind.refuse(10)
        behind.status = FINE

        await behind.call("open")

    in_jumping_time(work)


@pytest.mark.parametrize("given_up", [(0,), (4,), (1, 2, 3), (0, 1, 2, 3), (*range(9),)], ids=str)
def test_whoever_gives_up_waiting_costs_nobody_a_turn(given_up: tuple[int, ...]) -> None:
    async def work() -> None:
        behind = Discord()
        await behind.call("first")
        tasks = await behind.crowd(Lane.DELIVERY, 10)
        for number in given_up:
            tasks[number].cancel()
        stayed = [number for number in range(10) if number not in given_up]
        await end(tasks[number] for number in stayed)

        assert now() == pytest.approx(len(stayed) * TURN)
        assert behind.names == ["first", *(f"delivery{number}" for number in stayed)]

    in_jumping_time(work)


def test_somebody_who_gives_up_just_as_the_turn_comes_leaves_it_to_the_others() -> None:
    async def work() -> None:
        behind = Discord()
        await behind.call("first")
        tasks = await behind.crowd(Lane.DELIVERY, 10)
        for number in range(0, 10, 2):
            await asyncio.sleep(TURN)
            tasks[number].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        assert {f"delivery{number}" for number in range(1, 10, 2)} <= set(behind.names)

    in_jumping_time(work)
