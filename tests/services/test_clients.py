"""A therapist's desk: codes, the list, the numbers, and how links end."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core.care_links import EndReason
from bot.core.check_ins import CheckInState
from bot.core.consents import Scope
from bot.core.people import CareLinkId, InvitationId, Reader
from bot.core.screens import Menu, Screen
from tests.services.care_desk import CLEO, CODE, DANA, SAM, THEA, Desk
from tests.services.fakes import assert_fits, labels, pressed, say

thea, cleo, dana = Reader(THEA), Reader(CLEO), Reader(DANA)
Use = Callable[[Desk, Reader], Awaitable[Screen]]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_code_comes_with_a_text_to_pass_on(desk: Desk) -> None:
    screen = await desk.clients.invite(thea, "blue door", "Thea P")

    assert_fits(screen)
    [code] = set(CODE.findall(screen.text))
    until = int((desk.clock.now() + timedelta(hours=72)).timestamp())
    assert f"<t:{until}:f>" in screen.text
    passed_on = screen.text.split("```")[1]
    assert "https://add.me" in passed_on
    assert f"/join and then {code}" in passed_on
    assert "blue door" not in passed_on
    kept = next(iter(desk.storage.tables.invitations.values()))
    assert code.replace("-", "") not in repr(kept)


async def test_words_cannot_break_out_of_the_text_to_pass_on(desk: Desk) -> None:
    screen = await desk.clients.invite(thea, " blue\n door ", "Thea ```\n# P")

    assert screen.text.count("```") == 2
    assert say("client.invited", label="blue door", code=CODE.findall(screen.text)[0]) in (
        screen.text
    )


async def test_words_are_needed_and_a_label_stands_for_one_person(desk: Desk) -> None:
    assert (await desk.clients.invite(thea, "  ", "Thea")).text == say("client.needs_words")
    await desk.pair()

    screen = await desk.clients.invite(thea, "Blue Door", "Thea")

    assert screen.text == say("client.label_taken", label="Blue Door")
    assert labels(screen) == []


async def test_a_code_that_is_taken_back_no_longer_works(desk: Desk) -> None:
    screen = await desk.clients.invite(thea, "blue door", "Thea P")
    code = CODE.findall(screen.text)[0]
    invitation = InvitationId(pressed(screen, say("client.revoke")).action.argument(0))

    revoked = await desk.clients.revoke(thea, invitation)
    again = await desk.clients.revoke(thea, invitation)

    assert revoked.text == say("client.revoked", label="blue door")
    assert again.text == say("client.not_revoked")
    assert (await desk.joining.open(cleo, code)).text == say("join.unknown")


async def test_another_therapist_can_touch_nothing_of_mine(desk: Desk) -> None:
    desk.therapists.listed.add(DANA)
    link = await desk.pair()
    code = await desk.invite("red door")
    before = desk.storage.tables

    for invitation in before.invitations:
        assert (await desk.clients.revoke(dana, invitation)).text == say("access.not_for_you")
    assert (await desk.clients.end(dana, link.id)).text == say("access.not_for_you")
    assert (await desk.clients.view(dana, link.id)).text == say("client.unknown")
    assert (await desk.clients.view(dana, "blue door")).text == say("client.unknown")
    assert (await desk.clients.ask_end(dana, link.id)).text == say("client.unknown")
    assert (await desk.clients.show_list(dana)).text == say("client.none")
    assert await desk.clients.suggest(dana, "") == ()
    assert desk.link(link.id) == link
    assert say("join.join") in labels(await desk.joining.open(Reader(SAM), code))


THERAPIST_ONLY: list[Use] = [
    lambda desk, who: desk.clients.invite(who, "x", "y"),
    lambda desk, who: desk.clients.revoke(who, InvitationId("x")),
    lambda desk, who: desk.clients.show_list(who),
    lambda desk, who: desk.clients.view(who, "x"),
    lambda desk, who: desk.clients.ask_end(who, "x"),
    lambda desk, who: desk.clients.end(who, CareLinkId("x")),
]


@pytest.mark.parametrize("use", THERAPIST_ONLY)
async def test_who_is_no_therapist_is_told_so(desk: Desk, use: Use) -> None:
    assert (await use(desk, cleo)).text == say("access.therapists_only")
    assert await desk.clients.suggest(cleo, "") == ()


async def test_the_list_says_how_it_stands_with_each(desk: Desk) -> None:
    linked = await desk.pair(CLEO, "blue door")
    ended = await desk.pair(DANA, "old door")
    await desk.join(await desk.invite("new door"), SAM)
    await desk.clients.end(thea, ended.id)
    await desk.invite("open door")

    screen = await desk.clients.show_list(thea)

    assert_fits(screen)
    now = f"<t:{int(desk.clock.now().timestamp())}:f>"
    until = f"<t:{int((desk.clock.now() + timedelta(hours=72)).timestamp())}:f>"
    assert screen.text.splitlines() == [
        say("client.heading"),
        say("client.line_invited", label="open door", until=until),
        say("client.line_linked", label="blue door", since=now),
        say("client.line_not_reachable", label="new door"),
        say("client.line_ended", label="old door", ended=now),
    ]
    [menu] = screen.rows
    assert isinstance(menu, Menu)
    assert [each.label for each in menu.options] == ["open door"]
    async with desk.storage.write() as work:
        await work.people.mark_unreachable(linked.client, desk.clock.now())
    screen = await desk.clients.show_list(thea)
    assert say("client.line_undelivered", label="blue door") in screen.text


async def test_a_long_list_comes_in_pages_that_fit(desk: Desk) -> None:
    for number in range(30):
        await desk.invite(f"{number:040}", "Thea P")

    first = await desk.clients.show_list(thea)
    last = await desk.clients.show_list(thea, 2)

    assert_fits(first)
    assert labels(first) == [say("client.more")]
    assert labels(last) == [say("client.earlier")]
    assert len(last.text.splitlines()) == 1 + 6


async def test_the_numbers_of_four_weeks_say_what_arrived_and_was_answered(desk: Desk) -> None:
    plan = await desk.plan(await desk.pair())
    await desk.check_in(plan, CheckInState.ANSWERED)
    desk.clock.advance(timedelta(weeks=4, seconds=1))
    for state in CheckInState:
        await desk.check_in(plan, state)
        desk.clock.advance(timedelta(seconds=1))

    text = (await desk.clients.view(thea, "Blue door")).text

    assert say("client.count_sent", count=3) in text
    assert say("client.count_answered", count=1) in text
    assert say("client.count_not_answered", count=2) in text
    assert say("client.count_undelivered", count=1) in text
    assert say("client.count_missed", count=1) in text
    assert say("client.count_unsure", count=1) in text
    assert say("client.view_limits") in text


async def test_without_the_clients_yes_there_are_no_numbers(desk: Desk) -> None:
    link = await desk.pair()
    await desk.privacy.withdraw(cleo, Scope.THERAPIST_VIEW)

    text = (await desk.clients.view(thea, link.id)).text

    assert say("client.view_hidden", label="blue door") in text
    assert "Check-ins sent" not in text


async def test_clients_are_found_by_a_part_of_their_label(desk: Desk) -> None:
    link = await desk.pair(CLEO, "blue door")
    ended = await desk.pair(DANA, "old door")
    await desk.clients.end(thea, ended.id)

    found = await desk.clients.suggest(thea, "DOOR")

    assert [(each.label, each.value) for each in found] == [("blue door", link.id)]


async def test_ending_asks_first_then_stops_everything_and_tells_the_client_once(
    desk: Desk,
) -> None:
    link = await desk.pair()
    plan = await desk.plan(link)
    waiting = await desk.check_in(plan, CheckInState.SENDING)

    asked = await desk.clients.ask_end(thea, "blue door")
    assert labels(asked) == [say("client.end_yes"), say("client.keep")]
    assert not desk.link(link.id).has_ended

    ended = await desk.clients.end(thea, link.id)
    again = await desk.clients.end(thea, link.id)

    assert ended.text == say("client.ended", label="blue door")
    assert again.text == say("client.ended_already")
    assert desk.link(link.id).ended_because is EndReason.THERAPIST_ENDED
    assert desk.storage.tables.plans[plan.id].is_stopped
    assert desk.storage.tables.check_ins[waiting.id].state is CheckInState.WITHDRAWN
    assert waiting.key not in desk.storage.tables.outbox
    [(told, notice)] = await desk.deliver()
    assert told == CLEO
    assert notice.text.startswith(say("link_notice.first"))
    assert say("link_notice.ended_by_therapist", name="Thea P") in notice.text
    assert labels(notice) == [say("row.help")]


async def test_what_is_under_way_is_left_to_tell_what_became_of_it(desk: Desk) -> None:
    link = await desk.pair()
    sending = await desk.check_in(await desk.plan(link), CheckInState.SENDING)
    now = desk.clock.now()
    async with desk.storage.write() as work:
        await work.outbox.lease(now, now + timedelta(minutes=2), 10)

    await desk.clients.end(thea, link.id)

    assert desk.storage.tables.check_ins[sending.id].state is CheckInState.SENDING


async def test_a_client_can_leave_and_the_therapist_is_told_without_a_reason(desk: Desk) -> None:
    link = await desk.pair()
    plan = await desk.plan(link)

    asked = await desk.clients.ask_leave(cleo, link.id)
    assert labels(asked) == [say("client.leave_yes"), say("client.keep")]
    left = await desk.clients.leave(cleo, link.id)
    again = await desk.clients.leave(cleo, link.id)

    assert left.text == say("client.left", name="Thea P")
    assert again.text == say("client.ended_already")
    assert desk.link(link.id).ended_because is EndReason.CLIENT_LEFT
    assert desk.storage.tables.plans[plan.id].stopped_by == CLEO
    assert await desk.tell() == {THEA: say("link_notice.client_left", label="blue door")}


async def test_an_ended_link_shows_no_numbers_and_ends_no_more(desk: Desk) -> None:
    link = await desk.pair()
    await desk.clients.leave(cleo, link.id)

    now = f"<t:{int(desk.clock.now().timestamp())}:f>"
    assert (await desk.clients.view(thea, link.id)).text.splitlines() == [
        say("client.line_ended", label="blue door", ended=now),
        "",
        say("client.view_limits"),
    ]
    assert (await desk.clients.ask_end(thea, link.id)).text == say("client.ended_already")
    assert (await desk.clients.ask_leave(cleo, link.id)).text == say("client.ended_already")


async def test_nobody_leaves_for_somebody_else(desk: Desk) -> None:
    link = await desk.pair()

    for person in (dana, thea):
        for use in (desk.clients.ask_leave, desk.clients.leave):
            assert (await use(person, link.id)).text == say("access.not_for_you")

    assert desk.link(link.id) == link


async def test_keeping_it_changes_nothing(desk: Desk) -> None:
    assert desk.clients.keep(thea).text == say("client.kept")


async def test_consents_do_not_wait_for_the_next_therapist(desk: Desk) -> None:
    desk.therapists.listed.add(DANA)
    first = await desk.pair()
    await desk.join(await desk.invite("cleo", "Dana", DANA))
    second = next(each for each in desk.links() if each.therapist == DANA)

    async def agrees() -> bool:
        async with desk.storage.read() as work:
            return (await work.consents.of(CLEO)).covers(Scope.THERAPIST_VIEW)

    await desk.clients.leave(cleo, first.id)
    assert await agrees()
    await desk.clients.leave(cleo, second.id)
    assert not await agrees()


async def test_a_therapist_who_is_removed_leaves_no_link_and_each_client_is_told(
    desk: Desk,
) -> None:
    first, second = await desk.pair(CLEO, "blue"), await desk.pair(DANA, "red")
    await desk.clients.leave(dana, second.id)
    await desk.deliver()
    code = await desk.invite("green")

    await desk.clients.therapist_removed(THEA)
    await desk.clients.therapist_removed(THEA)

    assert desk.link(first.id).ended_because is EndReason.THERAPIST_GONE
    assert desk.link(second.id).ended_because is EndReason.CLIENT_LEFT
    [(told, notice)] = await desk.deliver()
    assert told == CLEO
    assert say("link_notice.therapist_gone", name="Thea P") in notice.text
    assert (await desk.joining.open(cleo, code)).text == say("join.unknown")


async def test_commands_for_therapists_name_the_place_where_they_work(desk: Desk) -> None:
    assert desk.clients.only_in_dm(thea).text == say("access.only_in_dm")
    assert desk.joining.only_in_dm(cleo).text == say("access.only_in_dm")
