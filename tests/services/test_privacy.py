"""Everybody's rights over what is stored, and that no client can infer another."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest

from bot.core.care_links import EndReason
from bot.core.check_ins import CheckInState
from bot.core.consents import Scope
from bot.core.designated_contacts import DesignatedContact
from bot.core.people import CareLinkId, PersonId, Reader
from bot.core.screens import Menu, Screen
from bot.services.joining import Ticks
from tests.services.care_desk import CLEO, DANA, SAM, THEA, Desk, actions
from tests.services.fakes import assert_fits, labels, say
from tests.storage import samples
from tests.storage.memory import MemoryStorage

thea, cleo, dana, sam = Reader(THEA), Reader(CLEO), Reader(DANA), Reader(SAM)
IDS = re.compile(r"id\d{20}")
CHECK_INS = say("privacy.check_ins")


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def agrees(desk: Desk, scope: Scope, person: PersonId = CLEO) -> bool:
    async with desk.storage.read() as work:
        return (await work.consents.of(person)).covers(scope)


async def choose_contact(desk: Desk, *, accepted: bool = True) -> DesignatedContact:
    chosen = samples.contact(desk.storage, CLEO, SAM)
    chosen = replace(chosen, accepted_at=desk.clock.now() if accepted else None)
    async with desk.storage.write() as work:
        await work.contacts.add(chosen)
    return chosen


async def test_somebody_unknown_reads_that_nothing_is_kept(desk: Desk) -> None:
    screen = await desk.privacy.open(cleo)

    assert screen.text == say("privacy.nothing")
    assert labels(screen) == [say("row.ground"), say("row.breathe"), say("row.help")]
    assert json.loads(await desk.privacy.export(cleo)) == {}


async def test_a_client_sees_each_kind_with_its_count_and_each_yes_with_its_date(
    desk: Desk,
) -> None:
    await desk.plan(await desk.pair())

    screen = await desk.privacy.open(cleo)

    assert_fits(screen)
    given = f"<t:{int(desk.clock.now().timestamp())}:f>"
    assert say("stored.your_therapists", count=1) in screen.text
    assert say("stored.check_in_plans_for_you", count=1) in screen.text
    assert say("privacy.given", what=CHECK_INS, given=given) in screen.text
    assert labels(screen) == [
        say("privacy.withdraw", what=CHECK_INS),
        say("privacy.withdraw", what=say("privacy.therapist_view")),
        say("privacy.export"),
        say("privacy.erase"),
    ]
    menu = screen.rows[-1]
    assert isinstance(menu, Menu)
    assert [each.label for each in menu.options] == ["Thea P"]


async def test_therapists_and_contacts_see_what_is_kept_of_them_too(desk: Desk) -> None:
    await desk.pair()
    await choose_contact(desk)

    assert say("stored.your_clients", count=1) in (await desk.privacy.open(thea)).text
    assert say("stored.people_who_chose_you", count=1) in (await desk.privacy.open(sam)).text


async def test_a_screen_with_every_kind_of_row_fits(desk: Desk) -> None:
    await samples.live_a_little(desk.storage, CLEO)
    async with desk.storage.write() as work:
        for scope in Scope:
            await work.consents.give(CLEO, scope, desk.clock.now())

    assert_fits(await desk.privacy.open(cleo))
    assert_fits(await desk.privacy.open(Reader(samples.THEA)))


async def test_no_to_check_ins_stops_them_in_that_moment_and_tells_the_therapist(
    desk: Desk,
) -> None:
    plan = await desk.plan(await desk.pair())
    waiting = await desk.check_in(plan, CheckInState.SENDING)

    screen = await desk.privacy.withdraw(cleo, Scope.CHECK_INS)

    assert screen.text == say("privacy.withdrawn_check_ins")
    assert desk.storage.tables.plans[plan.id].is_stopped
    assert waiting.key not in desk.storage.tables.outbox
    assert desk.storage.tables.check_ins[waiting.id].state is CheckInState.WITHDRAWN
    assert await agrees(desk, Scope.THERAPIST_VIEW)
    assert desk.changed == [CLEO]
    assert await desk.tell() == {THEA: say("gone_notice.check_ins_stopped", label="blue door")}


async def test_taking_back_twice_or_something_unknown_does_no_harm(desk: Desk) -> None:
    await desk.pair()
    await desk.privacy.withdraw(cleo, Scope.CHECK_INS)
    await desk.deliver()

    screen = await desk.privacy.withdraw(cleo, Scope.CHECK_INS)
    unknown = await desk.privacy.withdraw(cleo, "everything")

    assert screen.text == say("privacy.not_given")
    assert unknown == await desk.privacy.open(cleo)
    assert desk.waiting() == []


async def test_saying_yes_again_starts_nothing_that_was_stopped(desk: Desk) -> None:
    plan = await desk.plan(await desk.pair())
    await desk.privacy.withdraw(cleo, Scope.CHECK_INS)
    assert say("privacy.give", what=CHECK_INS) in labels(await desk.privacy.open(cleo))

    screen = await desk.privacy.give(cleo, Scope.CHECK_INS)

    assert screen.text == say("privacy.given_now", what=CHECK_INS)
    assert await agrees(desk, Scope.CHECK_INS)
    assert desk.storage.tables.plans[plan.id].is_stopped


async def test_numbers_can_be_allowed_later(desk: Desk) -> None:
    await desk.join(await desk.invite(), ticks=Ticks(check_ins=True, adult=True))

    await desk.privacy.give(cleo, Scope.THERAPIST_VIEW)

    assert await agrees(desk, Scope.THERAPIST_VIEW)


async def test_without_a_therapist_there_is_nothing_to_say_yes_to(desk: Desk) -> None:
    link = await desk.pair()
    await desk.clients.leave(cleo, link.id)

    screen = await desk.privacy.give(cleo, Scope.CHECK_INS)

    assert screen.text == say("privacy.not_offered")
    assert labels(await desk.privacy.open(cleo)) == [say("privacy.export"), say("privacy.erase")]
    assert (await desk.privacy.give(dana, "no such thing")).text == say("privacy.not_offered")


async def test_only_adults_can_say_yes(desk: Desk) -> None:
    link = samples.care_link(desk.storage, CLEO, THEA)
    async with desk.storage.write() as work:
        await work.care_links.add(link)

    screen = await desk.privacy.give(cleo, Scope.CHECK_INS)

    assert screen.text == say("privacy.not_adult")
    assert not await agrees(desk, Scope.CHECK_INS)


async def test_the_export_is_readable_and_names_no_other_person(desk: Desk) -> None:
    await samples.live_a_little(desk.storage, CLEO)

    written = await desk.privacy.export(cleo)

    assert json.loads(written)["check_in_plans_for_you"][0]["words"] == samples.WORDS
    assert "\n  " in written
    assert str(samples.THEA) not in written
    assert str(samples.SAM) not in written


async def test_erasing_asks_first(desk: Desk) -> None:
    await desk.pair()

    screen = desk.privacy.ask_erase(cleo)

    assert labels(screen) == [say("privacy.erase_yes"), say("privacy.erase_no")]
    assert desk.privacy.keep(cleo).text == say("privacy.erase_kept")
    assert CLEO in desk.storage.tables.people


async def test_after_erasing_nothing_is_left_and_the_therapist_learns_only_the_end(
    desk: Desk,
) -> None:
    await desk.plan(await desk.pair())

    screen = await desk.privacy.erase(cleo)

    assert labels(screen) == [say("row.help")]
    assert say("privacy.erased") in screen.text
    assert (await desk.privacy.open(cleo)).text == say("privacy.nothing")
    assert desk.links() == []
    assert set(desk.changed) == {CLEO, THEA}
    assert await desk.tell() == {THEA: say("gone_notice.your_client", name="blue door")}


async def test_after_a_restart_the_end_is_still_told_though_its_word_is_gone(desk: Desk) -> None:
    await desk.pair()
    await desk.privacy.erase(cleo)
    restarted = Desk()
    restarted.storage.tables = desk.storage.tables

    [(told, notice)] = await restarted.deliver()

    assert (told, notice.text) == (THEA, say("gone_notice.your_client_unnamed"))


async def test_everyone_who_depended_on_somebody_is_told_when_they_erase(desk: Desk) -> None:
    await desk.pair()
    await choose_contact(desk)

    await desk.privacy.erase(sam)
    assert await desk.tell() == {CLEO: say("gone_notice.your_contact", name="my brother")}

    await choose_contact(desk)
    await desk.privacy.erase(thea)
    assert await desk.tell() == {CLEO: say("gone_notice.your_therapist", name="Thea P")}

    await desk.privacy.erase(cleo)
    assert await desk.tell() == {SAM: say("gone_notice.who_chose_you", name="Cle")}


async def test_an_end_that_was_not_told_yet_is_told_after_erasing(desk: Desk) -> None:
    link = await desk.pair()
    await desk.clients.leave(cleo, link.id)
    await desk.privacy.erase(cleo)
    assert await desk.tell() == {THEA: say("gone_notice.your_client", name="blue door")}

    link = await desk.pair()
    await desk.clients.end(thea, link.id)
    await desk.privacy.erase(thea)
    assert await desk.tell() == {CLEO: say("gone_notice.your_therapist", name="Thea P")}


async def test_an_end_that_was_told_is_not_told_again(desk: Desk) -> None:
    link = await desk.pair()
    await desk.clients.leave(cleo, link.id)
    await desk.deliver()

    await desk.privacy.erase(cleo)

    assert await desk.tell() == {}


async def test_somebody_who_never_became_a_contact_is_not_written_to(desk: Desk) -> None:
    await choose_contact(desk, accepted=False)

    await desk.privacy.erase(cleo)

    assert await desk.deliver() == []


async def test_if_erasing_fails_the_links_have_ended_and_it_can_be_tried_again(desk: Desk) -> None:
    class LostDisk(OSError):
        pass

    class BrokenStorage(MemoryStorage):
        async def erase(self, person: PersonId, at: datetime) -> None:
            raise LostDisk

    link = await desk.pair()
    broken = BrokenStorage(desk.storage.tables)
    privacy = replace(desk.privacy, storage=broken)

    with pytest.raises(LostDisk):
        await privacy.erase(cleo)

    desk.storage.tables = broken.tables
    assert desk.link(link.id).ended_because is EndReason.CLIENT_LEFT
    await desk.privacy.erase(cleo)
    assert len(await desk.deliver()) == 1


async def live_as_cleo(desk: Desk) -> AsyncIterator[str]:
    """All that Cleo can reach, as text: screens, what is on their buttons, suggestions, export."""
    code = await desk.invite("blue door")
    yield repr(await desk.joining.open(cleo, code))
    yield repr(await desk.join(code))
    [link] = [each for each in desk.links() if each.client == CLEO]
    yield repr([each for each in await desk.deliver() if each[0] == CLEO])
    yield repr(await desk.joining.arrived(cleo, link.id))
    await desk.check_in(await desk.plan(link), CheckInState.SENT)
    for command in (desk.clients.show_list, desk.privacy.open):
        yield repr(await command(cleo))
    for client in ("", "red door", "blue door", link.id):
        yield repr(await desk.clients.suggest(cleo, client))
        yield repr(await desk.clients.view(cleo, client))
        yield repr(await desk.clients.ask_end(cleo, client))
    yield repr(await desk.clients.invite(cleo, "red door", "me"))
    for action in actions(await desk.privacy.open(cleo)):
        yield repr(await do(desk, action.name, action.argument(0)))
    yield await desk.privacy.export(cleo)
    yield repr(await desk.clients.leave(cleo, link.id))
    yield repr(await desk.privacy.open(cleo))
    yield repr(await desk.privacy.erase(cleo))
    yield repr([each for each in await desk.deliver() if each[0] == CLEO])


async def do(desk: Desk, name: str, argument: str) -> Screen | str:
    match name:
        case "privacy.withdraw":
            return await desk.privacy.withdraw(cleo, argument)
        case "privacy.export":
            return await desk.privacy.export(cleo)
        case "privacy.ask_erase":
            return desk.privacy.ask_erase(cleo)
        case "client.leave":
            return await desk.clients.ask_leave(cleo, CareLinkId(argument))
    raise AssertionError(name)


@asynccontextmanager
async def with_dana(desk: Desk) -> AsyncIterator[None]:
    """Dana is a client of the same therapist all the while, with check-ins and a waiting code."""
    await desk.check_in(await desk.plan(await desk.pair(DANA, "red door")), CheckInState.ANSWERED)
    await desk.invite("green door")
    yield
    await desk.clients.therapist_removed(THEA)


async def test_nothing_that_a_client_reaches_tells_of_another_client(desk: Desk) -> None:
    alone = [each async for each in live_as_cleo(desk)]
    crowded = Desk()
    async with with_dana(crowded):
        beside_dana = [each async for each in live_as_cleo(crowded)]

    assert [without_ids(each) for each in beside_dana] == [without_ids(each) for each in alone]
    assert "Thea P" in "".join(alone)
    assert "red door" not in "".join(beside_dana)


def without_ids(text: str) -> str:
    """Random ids and codes are random for everyone; the storage in memory only counts them."""
    return IDS.sub("an id", text)
