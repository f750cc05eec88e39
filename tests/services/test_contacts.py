"""Choosing a person to be told, and what that person reads, agrees to and can end."""

import pytest

from bot.core.consents import Scope
from bot.core.designated_contacts import SilenceMeans, TellMode
from bot.core.invitations import VALID_FOR
from bot.core.outbox import DeliveryOutcome
from bot.core.people import ContactLinkId, InvitationId
from bot.core.screens import Screen
from bot.services.contacts import REACHABLE
from tests.services.contacts_house import (
    CLEO_READS,
    KIM_READS,
    SAM,
    SAM_READS,
    URL,
    ContactsHouse,
)
from tests.services.fakes import CLEO, assert_fits, labels, pressed, say

AUTOMATICALLY, ASK_FIRST, PRESS = TellMode


@pytest.fixture
def house() -> ContactsHouse:
    return ContactsHouse()


def read_by_sam(house: ContactsHouse) -> list[str]:
    return [each.text for each in house.messenger.read_by(SAM)]


def read_by_cleo(house: ContactsHouse) -> list[str]:
    return [each.text for each in house.messenger.read_by(CLEO)]


async def test_whoever_has_nobody_is_told_how_to_ask(house: ContactsHouse) -> None:
    screen = await house.contacts.show(CLEO_READS)

    assert say("contacts.none") in screen.text
    assert labels(screen) == ["Add a person"]
    assert "/contacts" in house.inviting.explain(CLEO_READS).text


async def test_asking_somebody_is_for_adults_and_needs_both_names(house: ContactsHouse) -> None:
    assert (await house.inviting.invite(CLEO_READS, "Sam", " ")).text == say("contacts.both_needed")

    refusal = await house.inviting.invite(CLEO_READS, "Sam", "Cleo")
    assert refusal.text == say("contacts.adults")
    assert house.storage.tables.invitations == {}

    await house.inviting.confirm_adult(CLEO_READS)
    assert "A code for Sam" in (await house.inviting.invite(CLEO_READS, "Sam", "Cleo")).text


async def test_the_code_comes_with_words_to_pass_on_and_is_not_kept(house: ContactsHouse) -> None:
    code = await house.asks()
    screen = await house.contacts.show(CLEO_READS)

    assert code.replace("-", "") not in repr(house.storage.tables)
    assert "Sam: asked." in screen.text
    assert labels(screen) == ["Take the code back"]
    assert URL.startswith("https://")


async def test_one_person_at_a_time(house: ContactsHouse) -> None:
    await house.asks()
    second = await house.inviting.invite(CLEO_READS, "Kim", "Cleo")
    assert second.text == say("contacts.one_only")

    await house.inviting.agree(SAM_READS, house.invitation.id, is_adult=True)
    third = await house.inviting.invite(CLEO_READS, "Kim", "Cleo")
    assert third.text == say("contacts.one_only")


async def test_a_code_can_be_taken_back_by_its_owner_only(house: ContactsHouse) -> None:
    await house.asks()
    invitation = house.invitation.id

    assert (await house.inviting.revoke(KIM_READS, invitation)).text == say("access.not_for_you")
    assert (await house.inviting.revoke(CLEO_READS, invitation)).text == say(
        "contacts.revoked", name="Sam"
    )
    assert (await house.inviting.revoke(CLEO_READS, invitation)).text == say("contacts.not_revoked")
    answer = await house.inviting.agree(SAM_READS, invitation, is_adult=True)
    assert answer.text == say("contact_invitation.closed")


async def test_the_person_reads_what_it_means_before_saying_yes(house: ContactsHouse) -> None:
    await house.asks()
    screen = await house.inviting.contact_invitation(SAM_READS, house.invitation)

    for words in ("Cleo", "not an emergency service", "Nobody watches", "Discord can see",
                  "You may say no", "the practice"):  # fmt: skip
        assert words in screen.text
    assert labels(screen) == ["I am 18 or older: no", "I agree", "No, thanks"]
    assert_fits(screen)
    ticked = await house.inviting.tick_age(SAM_READS, house.invitation.id, is_adult=True)
    assert labels(ticked)[0] == "I am 18 or older: yes"
    assert pressed(ticked, "I agree").action.argument(1) == "1"


async def test_without_the_tick_nobody_becomes_a_contact(house: ContactsHouse) -> None:
    await house.asks()
    screen = await house.inviting.agree(SAM_READS, house.invitation.id, is_adult=False)

    assert say("contact_invitation.adult_missing") in screen.text
    assert house.storage.tables.contacts == {}


@pytest.mark.parametrize("how", ["unknown", "own", "expired", "used"])
async def test_an_invitation_that_is_not_open_makes_nobody_a_contact(
    house: ContactsHouse, how: str
) -> None:
    await house.asks()
    invitation, reader = house.invitation.id, SAM_READS
    match how:
        case "unknown":
            invitation = InvitationId("none")
        case "own":
            reader = CLEO_READS
        case "expired":
            house.clock.advance(VALID_FOR)
        case _:
            await house.inviting.agree(KIM_READS, invitation, is_adult=True)
    before = dict(house.storage.tables.contacts)

    for answer in (
        await house.inviting.agree(reader, invitation, is_adult=True),
        await house.inviting.tick_age(reader, invitation, is_adult=True),
        await house.inviting.refuse(reader, invitation),
    ):
        assert answer.text == say("contact_invitation.closed")
    assert house.storage.tables.contacts == before


async def test_no_is_fine_and_both_sides_know(house: ContactsHouse) -> None:
    await house.asks()
    answer = await house.inviting.refuse(SAM_READS, house.invitation.id)
    await house.settle()

    assert answer.text == say("contact_invitation.refused", name="Cleo")
    assert "Sam said no." in read_by_cleo(house)[-1]
    assert house.storage.tables.contacts == {}


async def test_after_a_yes_the_hello_comes_and_the_client_waits_for_it(
    house: ContactsHouse,
) -> None:
    contact = await house.agreed()

    hello = house.messenger.read_by(SAM)[-1]
    assert labels(hello) == ["It arrived", "Stop being a contact"]
    assert pressed(hello, "It arrived").action.argument(1) == house.messenger.sent[0].key
    assert "Sam said yes." in read_by_cleo(house)[-1]
    shown = await house.contacts.show(CLEO_READS)
    assert say("contacts.line_waiting", name="Sam") in shown.text
    refused = await house.contacts.choose(CLEO_READS, contact.id, AUTOMATICALLY, "")
    assert refused.text == say("contacts.not_reachable", name="Sam")


async def test_once_it_arrived_the_client_is_asked_about_danger_first(
    house: ContactsHouse,
) -> None:
    contact = await house.agreed()
    answer = await house.contacts.arrived(SAM_READS, contact.id)
    await house.contacts.arrived(SAM_READS, contact.id)
    await house.settle()

    assert answer.text == say("contact_hello.thanks", name="Cleo")
    asked = house.messenger.read_by(CLEO)
    assert len([each for each in asked if "danger to you" in each.text]) == 1
    assert labels(asked[-1]) == ["Yes, or not sure", "No"]
    shown = await house.contacts.show(CLEO_READS)
    assert say("contacts.line_open", name="Sam") in shown.text


async def test_somebody_who_may_be_the_danger_is_told_only_by_a_press(
    house: ContactsHouse,
) -> None:
    contact = await house.is_chosen()
    screen = await house.contacts.answer_danger(CLEO_READS, contact.id, may_be_danger=True)

    assert labels(screen) == ["Only when I press"]
    for mode in (AUTOMATICALLY, ASK_FIRST):
        refused = await house.contacts.choose(CLEO_READS, contact.id, mode, SilenceMeans.TELL)
        assert refused.text == say("contacts.danger_kept")
    assert house.chosen.mode is PRESS
    assert await house.writes() is None
    assert house.messenger.sent == []


async def test_the_choice_is_kept_with_consent_and_shown(house: ContactsHouse) -> None:
    contact = await house.agreed()
    await house.contacts.arrived(SAM_READS, contact.id)
    when = await house.contacts.answer_danger(CLEO_READS, contact.id, may_be_danger=False)
    assert len(labels(when)) == 3
    assert say("contacts.when_question", name="Sam") in when.text

    silence = await house.contacts.choose(CLEO_READS, contact.id, ASK_FIRST, "")
    assert labels(silence) == ["Tell Sam", "Don't tell Sam"]
    async with house.storage.read() as work:
        assert not (await work.consents.of(CLEO)).covers(Scope.CONTACT_ALERTS)

    done = await house.contacts.choose(CLEO_READS, contact.id, ASK_FIRST, SilenceMeans.DO_NOT_TELL)
    assert say("contacts.line_ask_first_do_not_tell", name="Sam") in done.text
    async with house.storage.read() as work:
        assert (await work.consents.of(CLEO)).covers(Scope.CONTACT_ALERTS)
    assert house.choices.find(CLEO) == house.chosen


async def test_every_way_to_be_told_is_shown_in_words(house: ContactsHouse) -> None:
    contact = await house.is_chosen()
    for mode, silence in (
        (AUTOMATICALLY, ""), (ASK_FIRST, "tell"), (ASK_FIRST, "do_not_tell"), (PRESS, "")
    ):  # fmt: skip
        await house.contacts.choose(CLEO_READS, contact.id, mode, silence)
        screen = await house.contacts.show(CLEO_READS)
        suffix = f"{mode}_{silence}" if silence else mode
        assert say(f"contacts.line_{suffix}", name="Sam") in screen.text
        assert labels(screen) == ["Choose when I write", "Remove Sam"]


async def test_removing_ends_it_for_both(house: ContactsHouse) -> None:
    contact = await house.is_chosen()
    answer = await house.contacts.remove(CLEO_READS, contact.id)
    await house.settle()

    assert answer.text == say("contacts.removed", name="Sam")
    assert say("contact_notice.removed", name="Cleo") in read_by_sam(house)[-1]
    assert house.choices.find(CLEO) is None
    again = await house.contacts.remove(CLEO_READS, contact.id)
    assert again.text == say("contacts.gone")
    async with house.storage.read() as work:
        assert not (await work.consents.of(CLEO)).covers(Scope.CONTACT_ALERTS)


async def test_a_contact_can_stop_and_the_client_is_told(house: ContactsHouse) -> None:
    contact = await house.is_chosen()
    screen = await house.contacts.show(SAM_READS)
    assert say("contacts.for_others", name="Cleo") in screen.text
    assert "Stop being a contact for Cleo" in labels(screen)

    answer = await house.contacts.leave(SAM_READS, contact.id)
    await house.settle()
    assert answer.text == say("contact_hello.left", name="Cleo")
    assert say("contact_notice.left", name="Sam") in read_by_cleo(house)[-1]
    assert "Help now" in labels(house.messenger.read_by(CLEO)[-1])
    for late in (
        await house.contacts.leave(SAM_READS, contact.id),
        await house.contacts.arrived(SAM_READS, contact.id),
    ):
        assert late.text == say("contacts.gone")


async def test_a_contact_who_stops_before_the_hello_gets_none(house: ContactsHouse) -> None:
    await house.asks()
    await house.inviting.agree(SAM_READS, house.invitation.id, is_adult=True)
    await house.contacts.leave(SAM_READS, house.chosen.id)
    await house.settle()

    assert read_by_sam(house) == []
    assert len(read_by_cleo(house)) == 1


async def test_a_hello_that_does_not_arrive_is_said_to_the_client(house: ContactsHouse) -> None:
    house.messenger.outcomes[SAM] = DeliveryOutcome.UNREACHABLE
    await house.agreed()
    await house.settle()

    assert say("contact_notice.undelivered", name="Sam") in read_by_cleo(house)[-1]
    shown = await house.contacts.show(CLEO_READS)
    assert "Remove Sam" in labels(shown)


async def test_nobody_can_press_for_somebody_else(house: ContactsHouse) -> None:
    contact = await house.is_chosen()
    service, before = house.contacts, house.storage.tables
    presses: list[Screen] = [
        await service.arrived(KIM_READS, contact.id),
        await service.leave(CLEO_READS, contact.id),
        await service.remove(SAM_READS, contact.id),
        await service.ask_danger(SAM_READS, contact.id),
        await service.answer_danger(KIM_READS, contact.id, may_be_danger=True),
        await service.choose(SAM_READS, contact.id, PRESS, ""),
        await service.remove(CLEO_READS, ContactLinkId("none")),
    ]

    assert {each.text for each in presses} == {say("access.not_for_you")}
    assert house.storage.tables.contacts == before.contacts
    assert house.storage.tables.consents == before.consents


async def test_notes_about_people_who_were_erased_are_not_sent(house: ContactsHouse) -> None:
    contact = await house.agreed()
    await house.contacts.arrived(SAM_READS, contact.id)
    [row] = [r for r in house.storage.tables.outbox.values() if r.reference.startswith(REACHABLE)]
    await house.storage.erase(CLEO, house.clock.now())

    for compose in (*house.contacts.notices().values(), *house.inviting.notices().values()):
        assert await compose(row) is None
    assert await house.contacts.compose_hello(row) is None


async def test_everything_about_contacts_stays_in_the_direct_message(house: ContactsHouse) -> None:
    assert house.contacts.only_in_dm(CLEO_READS).text == say("access.only_in_dm")
