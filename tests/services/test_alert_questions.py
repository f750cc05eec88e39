"""A client who wants to be asked first: yes, no, silence, and taking it back meanwhile."""

from datetime import timedelta

import pytest

from bot.core.consents import Scope
from bot.core.designated_contacts import SilenceMeans, TellMode
from bot.core.people import MessageId
from tests.services.contacts_house import (
    CLEO_READS,
    MINUTE,
    SAM,
    SAM_READS,
    ContactsHouse,
    alerts_of,
    told,
)
from tests.services.fakes import CLEO, labels, say

ASK_FIRST, TELL, DO_NOT = TellMode.ASK_FIRST, SilenceMeans.TELL, SilenceMeans.DO_NOT_TELL
PRESS = MessageId(99)
ASKED = MessageId(1_175_000_000_000_000_000)


@pytest.fixture
def house() -> ContactsHouse:
    return ContactsHouse()


@pytest.mark.parametrize("silence", [TELL, DO_NOT])
async def test_asked_first_the_client_reads_what_silence_means(
    house: ContactsHouse, silence: SilenceMeans
) -> None:
    await house.is_chosen(ASK_FIRST, silence)
    question = await house.writes()

    assert question is not None
    assert question.text.startswith("Shall I tell Sam?")
    assert ("I won't" in question.text) == (silence is DO_NOT)
    assert labels(question) == ["Tell Sam", "Don't"]
    await house.later(timedelta(seconds=59))
    assert house.messenger.sent == []

    await house.later(timedelta(seconds=1))
    assert len(alerts_of(house)) == (1 if silence is TELL else 0)


async def test_silence_tells_also_after_a_restart(house: ContactsHouse) -> None:
    await house.is_chosen(ASK_FIRST, TELL)
    await house.writes()
    await house.settle()
    house = await house.restart()

    await house.later(MINUTE)
    assert len(alerts_of(house)) == 1
    assert told(house).startswith("Sent to Sam")


async def test_silence_tells_also_while_the_database_stays_locked(house: ContactsHouse) -> None:
    await house.is_chosen(ASK_FIRST, TELL)
    asked_at = house.clock.now()
    house.storage.locked_until = asked_at + 10 * MINUTE
    await house.writes()
    await house.background.tasks[0]

    assert len(alerts_of(house)) == 1
    assert MINUTE <= house.clock.now() - asked_at < 2 * MINUTE
    await house.background.settle()
    assert len(house.storage.tables.steps) == 1


@pytest.mark.parametrize("silence", [TELL, DO_NOT])
async def test_yes_tells_at_once_and_once(house: ContactsHouse, silence: SilenceMeans) -> None:
    await house.is_chosen(ASK_FIRST, silence)
    await house.writes()
    await house.settle()

    answer = await house.alerts.say_yes(CLEO_READS, ASKED, PRESS)
    await house.settle()
    assert answer.text == say("alert.sending", name="Sam")
    assert len(alerts_of(house)) == 1

    again = await house.alerts.say_yes(CLEO_READS, ASKED, MessageId(100))
    await house.later(2 * MINUTE)
    assert again.text.startswith("Sent to Sam")
    assert len(alerts_of(house)) == 1


@pytest.mark.parametrize("silence", [TELL, DO_NOT])
async def test_no_tells_nobody_until_the_client_presses_again(
    house: ContactsHouse, silence: SilenceMeans
) -> None:
    await house.is_chosen(ASK_FIRST, silence)
    await house.writes()
    await house.settle()

    answer = await house.alerts.say_no(CLEO_READS, ASKED)
    await house.later(2 * MINUTE)
    assert answer.text == say("alert.not_told", name="Sam")
    assert house.messenger.sent == []

    await house.alerts.say_yes(CLEO_READS, ASKED, PRESS)
    await house.settle()
    assert len(alerts_of(house)) == 1


async def test_no_after_it_left_says_that_it_left(house: ContactsHouse) -> None:
    await house.is_chosen(ASK_FIRST, TELL)
    await house.writes()
    await house.settle()
    await house.later(MINUTE)

    answer = await house.alerts.say_no(CLEO_READS, ASKED)
    assert answer.text.startswith("Sent to Sam")


async def test_the_question_is_not_repeated_while_it_waits(house: ContactsHouse) -> None:
    await house.is_chosen(ASK_FIRST, DO_NOT)
    assert await house.writes(message=1) is not None
    assert await house.writes(message=2) is None
    house.clock.advance(MINUTE)
    assert await house.writes(message=3) is not None


async def test_the_question_leads_nowhere_once_there_is_nobody(house: ContactsHouse) -> None:
    contact = await house.is_chosen(ASK_FIRST, DO_NOT)
    await house.writes()
    await house.contacts.remove(CLEO_READS, contact.id)

    for answer in (
        await house.alerts.say_yes(CLEO_READS, ASKED, PRESS),
        await house.alerts.say_no(CLEO_READS, ASKED),
    ):
        assert answer.text == say("alert.nobody")
    await house.settle()
    assert alerts_of(house) == []


@pytest.mark.parametrize("how", ["client", "contact", "consent", "danger", "silence"])
async def test_taking_it_back_stops_what_waits(house: ContactsHouse, how: str) -> None:
    contact = await house.is_chosen(ASK_FIRST, TELL)
    await house.writes()
    await house.settle()
    match how:
        case "client":
            await house.contacts.remove(CLEO_READS, contact.id)
        case "contact":
            await house.contacts.leave(SAM_READS, contact.id)
        case "consent":
            async with house.storage.write() as work:
                await work.consents.withdraw(CLEO, Scope.CONTACT_ALERTS, house.clock.now())
            await house.choices.refresh(CLEO)
        case "danger":
            await house.contacts.answer_danger(CLEO_READS, contact.id, may_be_danger=True)
        case _:
            await house.contacts.choose(CLEO_READS, contact.id, ASK_FIRST, DO_NOT)
    await house.later(2 * MINUTE)

    assert alerts_of(house) == []
    # Nothing is left that would hold up a later alert.
    latest = house.records.latest(CLEO)
    assert latest is not None
    assert latest.is_closed


async def test_yes_during_the_night_after_a_restart_still_tells(house: ContactsHouse) -> None:
    await house.is_chosen(ASK_FIRST, DO_NOT)
    await house.writes()
    house = await house.restart()
    house.clock.advance(timedelta(hours=5))

    await house.alerts.say_yes(CLEO_READS, ASKED, PRESS)
    await house.settle()
    assert len(alerts_of(house)) == 1


async def test_a_press_while_the_question_waits_sends_the_same_alert(house: ContactsHouse) -> None:
    await house.is_chosen(ASK_FIRST, TELL)
    await house.writes()
    house.alerts.tell(CLEO_READS, PRESS)
    await house.later(2 * MINUTE)

    assert len(alerts_of(house)) == 1
    assert not [row for row in house.storage.tables.outbox.values() if row.done_at is None
                and row.person == SAM]  # fmt: skip
