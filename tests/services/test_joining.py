"""From a code to a client who is known to be reached."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.actions import Action
from bot.core.consents import Scope
from bot.core.invitations import WRONG_ATTEMPTS, Invitation, InvitationKind, normalise_code
from bot.core.outbox import DeliveryOutcome
from bot.core.people import CareLinkId, ChannelId, InvitationId, PersonId, Reader
from bot.core.screens import Screen
from bot.services.joining import JoiningService, Ticks
from bot.services.storage_port import Storage
from tests.services.care_desk import CLEO, DANA, EVERYTHING, SAM, THEA, Desk
from tests.services.fakes import assert_fits, labels, pressed, say, texts

HERE = ChannelId(112)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def consents_of(storage: Storage, person: PersonId) -> set[Scope]:
    async with storage.read() as work:
        consents = await work.consents.of(person)
    return {scope for scope in Scope if consents.covers(scope)}


async def press(desk: Desk, screen: Screen, label: str, person: PersonId = CLEO) -> Screen:
    """Press a button of the invitation, as the cog would hand it on."""
    action = pressed(screen, label).action
    invitation, ticks = InvitationId(action.argument(0)), Ticks.decode(action.argument(1))
    if action.name == "join.choose":
        return await desk.joining.choose(Reader(person), invitation, ticks)
    return await desk.joining.join(Reader(person), invitation, ticks, HERE)


async def test_an_invitation_says_what_it_means_and_nothing_is_ticked(desk: Desk) -> None:
    screen = await desk.joining.open(Reader(CLEO), await desk.invite())

    assert_fits(screen)
    assert say("join.invites", name="Thea P") in screen.text
    assert say("join.run_by", run_by="Door Practice") in screen.text
    assert say("join.discord") in screen.text
    assert labels(screen) == [
        say("join.check_ins_no"),
        say("join.view_no"),
        say("join.adult_no"),
        say("join.join"),
        say("join.decline"),
    ]
    assert "blue door" not in screen.text


async def test_each_yes_is_its_own_tick(desk: Desk) -> None:
    screen = await desk.joining.open(Reader(CLEO), await desk.invite())

    screen = await press(desk, screen, say("join.view_no"))

    assert labels(screen)[:3] == [
        say("join.check_ins_no"),
        say("join.view_yes"),
        say("join.adult_no"),
    ]
    screen = await press(desk, screen, say("join.view_yes"))
    assert labels(screen)[1] == say("join.view_no")


async def test_joining_without_the_age_or_check_ins_says_what_is_missing(desk: Desk) -> None:
    screen = await desk.joining.open(Reader(CLEO), await desk.invite())

    screen = await press(desk, screen, say("join.join"))
    assert say("join.missing_adult") in screen.text

    screen = await press(desk, screen, say("join.adult_no"))
    screen = await press(desk, screen, say("join.join"))

    assert_fits(screen)
    assert say("join.missing_check_ins") in screen.text
    assert desk.links() == []
    assert await consents_of(desk.storage, CLEO) == set()


async def test_only_what_was_ticked_is_agreed_to(desk: Desk) -> None:
    await desk.join(await desk.invite(), ticks=Ticks(check_ins=True, adult=True))

    assert await consents_of(desk.storage, CLEO) == {Scope.CHECK_INS}
    async with desk.storage.read() as work:
        known = await work.people.find(CLEO)
    assert known is not None
    assert known.is_adult
    assert known.dm_channel == HERE
    assert desk.woken == 1


async def test_both_sides_hear_of_it_and_the_client_is_not_reachable_yet(desk: Desk) -> None:
    await desk.join(await desk.invite())

    sent = dict(await desk.deliver())

    assert sent[THEA].text == say("join_notice.joined", label="blue door")
    assert sent[CLEO].text.startswith("A note you asked for.")
    assert labels(sent[CLEO]) == [say("hello.arrived")]
    assert "Thea" not in sent[CLEO].text
    assert not desk.links()[0].is_reachable


async def test_pressing_the_hello_makes_the_client_reachable_and_tells_once(desk: Desk) -> None:
    await desk.join(await desk.invite())
    hello = dict(await desk.deliver())[CLEO]
    link = CareLinkId(pressed(hello, say("hello.arrived")).action.argument(0))

    thanks = await desk.joining.arrived(Reader(CLEO), link)
    again = await desk.joining.arrived(Reader(CLEO), link)

    assert desk.link(link).is_reachable
    assert await desk.tell() == {THEA: say("join_notice.reached", label="blue door")}
    assert thanks == again
    assert labels(thanks) == [say("hello.leave"), say("row.help")]


async def test_another_persons_hello_changes_nothing(desk: Desk) -> None:
    await desk.join(await desk.invite())
    link = desk.links()[0]

    for stranger in (DANA, THEA):
        screen = await desk.joining.arrived(Reader(stranger), link.id)
        assert screen.text == say("access.not_for_you")

    assert desk.link(link.id) == link


async def test_a_code_works_once(desk: Desk) -> None:
    code = await desk.invite()
    screen = await desk.joining.open(Reader(DANA), code)
    await desk.join(code)

    late = await press(desk, all_ticked(screen), say("join.join"), DANA)

    assert late.text == say("join.unknown")
    assert [each.client for each in desk.links()] == [CLEO]


def all_ticked(screen: Screen) -> Screen:
    """The same screen, as it looks with everything ticked."""
    join = pressed(screen, say("join.join"))
    action = Action.of("join.join", join.action.argument(0), EVERYTHING.encoded)
    return Screen(screen.text, ((type(join)(join.label, action),),))


@pytest.mark.parametrize("typed", ["WRNG-CDEF", "hello", ""])
async def test_an_unknown_code_is_answered_kindly(desk: Desk, typed: str) -> None:
    assert (await desk.joining.open(Reader(CLEO), typed)).text == say("join.unknown")


async def test_codes_that_ran_out_were_revoked_or_used_are_answered_like_unknown_ones(
    desk: Desk,
) -> None:
    used = await desk.invite("red door")
    await desk.join(used, SAM)
    revoked, old = await desk.invite("green door"), await desk.invite("old door")
    await desk.clients.therapist_removed(THEA)

    for code in (used, revoked):
        assert (await desk.joining.open(Reader(CLEO), code)).text == say("join.unknown")
    desk.clock.advance(timedelta(hours=72))
    assert (await desk.joining.open(Reader(CLEO), old)).text == say("join.unknown")


async def test_my_own_used_code_and_the_code_i_gave_out_say_so(desk: Desk) -> None:
    code = await desk.invite()
    assert (await desk.joining.open(Reader(THEA), code)).text == say("join.own")

    await desk.join(code)

    assert (await desk.joining.open(Reader(CLEO), code)).text == say("join.used_by_you")


async def test_a_code_copied_by_hand_is_understood(desk: Desk) -> None:
    code = (await desk.invite()).lower().replace("-", " ")

    assert say("join.join") in labels(await desk.joining.open(Reader(CLEO), code))


async def test_after_a_few_wrong_codes_even_the_right_one_waits(desk: Desk) -> None:
    code = await desk.invite()
    for _ in range(WRONG_ATTEMPTS):
        await desk.joining.open(Reader(CLEO), "WRNG-CDEF")

    screen = await desk.joining.open(Reader(CLEO), code)

    again = int((desk.clock.now() + timedelta(hours=1)).timestamp())
    assert screen.text == say("join.too_many", again=f"<t:{again}:R>")
    assert say("join.join") in labels(await desk.joining.open(Reader(DANA), code))
    desk.clock.advance(timedelta(hours=1))
    assert say("join.join") in labels(await desk.joining.open(Reader(CLEO), code))


async def test_the_code_of_somebody_who_is_no_therapist_any_more_does_not_pair(desk: Desk) -> None:
    code = await desk.invite()
    screen = all_ticked(await desk.joining.open(Reader(CLEO), code))
    desk.therapists.listed.clear()

    assert (await press(desk, screen, say("join.join"))).text == say("join.unknown")
    assert (await desk.joining.open(Reader(CLEO), code)).text == say("join.unknown")
    assert desk.links() == []


async def test_two_who_are_linked_are_not_linked_twice(desk: Desk) -> None:
    await desk.pair()

    screen = await desk.joining.open(Reader(CLEO), await desk.invite("the same person"))

    assert screen.text == say("join.linked", name="Thea P")


async def test_pressing_join_at_the_same_moment_pairs_once(desk: Desk) -> None:
    first, other = await desk.invite("blue door"), await desk.invite("red door")
    opened = [
        (person, all_ticked(await desk.joining.open(Reader(person), code)))
        for person, code in ((CLEO, first), (CLEO, first), (SAM, first), (CLEO, other))
    ]

    await asyncio.gather(
        *(press(desk, screen, say("join.join"), person) for person, screen in opened)
    )

    assert [(each.client, each.label) for each in desk.links()] == [(CLEO, "blue door")]


async def test_an_earlier_yes_that_counts_here_too_is_said(desk: Desk) -> None:
    await desk.pair()
    desk.therapists.listed.add(DANA)
    code = await desk.invite("cleo", "Dana", DANA)

    screen = await desk.joining.open(Reader(CLEO), code)

    assert_fits(screen)
    assert say("join.already_view", name="Dana") in screen.text
    assert labels(screen)[0] == say("join.check_ins_no")


async def test_declining_keeps_nothing(desk: Desk) -> None:
    await desk.invite()

    screen = desk.joining.decline(Reader(CLEO))

    assert screen.text == say("join.declined")
    assert CLEO not in desk.storage.tables.people


async def test_the_hello_of_an_ended_link_is_not_sent(desk: Desk) -> None:
    await desk.join(await desk.invite())
    [link] = desk.links()
    hello = next(row for row in desk.waiting() if row.person == CLEO)

    await desk.clients.leave(Reader(CLEO), link.id)

    assert await desk.joining.compose_hello(hello) is None
    late = await desk.joining.arrived(Reader(CLEO), link.id)
    assert late.text == say("hello.ended")


async def test_a_contacts_code_is_handed_on(desk: Desk) -> None:
    async def explain(reader: Reader, invitation: Invitation) -> Screen:
        return Screen(f"{reader.person} {invitation.label}")

    joining = JoiningService(
        desk.storage, texts(), desk.clock, desk.therapists, desk.wake, "us", explain
    )
    code = await invite_contact(desk)

    assert (await joining.open(Reader(SAM), code)).text == f"{SAM} brother"
    assert (await desk.joining.open(Reader(SAM), code)).text == say("join.not_here")
    [invitation] = desk.storage.tables.invitations
    refused = await joining.join(Reader(SAM), invitation, EVERYTHING, HERE)
    assert refused.text == say("join.unknown")


async def invite_contact(desk: Desk) -> str:
    code = desk.storage.new_code()
    now = desk.clock.now()
    async with desk.storage.write() as work:
        await work.invitations.add(
            Invitation(
                InvitationId(desk.storage.new_id()),
                InvitationKind.CONTACT,
                CLEO,
                desk.storage.hash_code(normalise_code(code) or ""),
                "brother",
                now,
                now + timedelta(hours=72),
            )
        )
    return code


async def test_a_hello_that_did_not_come_can_be_sent_again(desk: Desk) -> None:
    joined = await desk.join(await desk.invite())
    await desk.deliver()
    again = pressed(joined, say("join.again")).action
    link = CareLinkId(again.argument(0))

    assert (await desk.joining.send_again(Reader(DANA), link)).text == say("access.not_for_you")
    shown = await desk.joining.send_again(Reader(CLEO), link)
    await desk.joining.send_again(Reader(CLEO), link)

    assert shown.text == say("join.sent_again")
    assert [person for person, _ in await desk.deliver()] == [CLEO]
    await desk.joining.arrived(Reader(CLEO), link)
    await desk.deliver()
    thanks = await desk.joining.send_again(Reader(CLEO), link)
    assert labels(thanks) == [say("hello.leave"), say("row.help")]
    assert desk.waiting() == []


async def test_a_hello_that_cannot_be_delivered_is_told_to_the_therapist(desk: Desk) -> None:
    await desk.join(await desk.invite())
    hello = next(row for row in desk.waiting() if row.person == CLEO)
    await desk.deliver()

    async with desk.storage.write() as work:
        await desk.joining.settle_hello(work, hello, DeliveryOutcome.SENT)
        await desk.joining.settle_hello(work, hello, DeliveryOutcome.UNREACHABLE)

    assert await desk.tell() == {THEA: say("join_notice.undelivered", label="blue door")}


async def test_every_message_that_comes_by_itself_can_be_found_again(desk: Desk) -> None:
    link = await desk.pair()
    await desk.pair(DANA, "red door")
    await desk.clients.end(Reader(THEA), link.id)
    await desk.privacy.withdraw(Reader(DANA), Scope.CHECK_INS)
    await desk.privacy.erase(Reader(DANA))

    for row in desk.waiting():
        screen = await desk.compose(row)
        if screen is not None:
            assert_fits(screen)
            assert any(row.key in each.action.encoded for each in screen.buttons)


async def test_nobody_named_as_the_operator_is_said_too(desk: Desk) -> None:
    unnamed = replace(desk.joining, run_by="")

    screen = await unnamed.open(Reader(CLEO), await desk.invite())

    assert say("join.run_by_nobody") in screen.text
