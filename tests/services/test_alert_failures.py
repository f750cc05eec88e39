"""Alerts when parts fail: a locked database, a crash, a closed DM, somebody who is gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.consents import Scope
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import ContactLinkId, PersonId
from tests.services.contacts_house import (
    MINUTE,
    SAM,
    SAM_READS,
    ContactsHouse,
    alerts_of,
    told,
)
from tests.services.fakes import CLEO, say


@pytest.fixture
def house() -> ContactsHouse:
    return ContactsHouse()


async def test_a_lock_of_ten_seconds_does_not_hold_up_the_alert(house: ContactsHouse) -> None:
    await house.is_chosen()
    house.storage.locked_until = house.clock.now() + timedelta(seconds=10)
    house.storage.reads_locked = True
    before = house.clock.now()

    await house.writes()

    assert house.clock.now() == before
    assert len(alerts_of(house)) == 1
    assert house.storage.tables.steps == {}

    await house.settle()
    [step] = house.storage.tables.steps.values()
    assert step.outcome is DeliveryOutcome.SENT


async def test_a_contact_can_answer_while_the_database_is_locked(house: ContactsHouse) -> None:
    await house.is_chosen()
    house.storage.locked_until = house.clock.now() + timedelta(seconds=10)
    house.storage.reads_locked = True
    await house.writes()

    answer = await house.answers(SAM_READS, alerts_of(house)[0], has_it=True)
    assert answer.text == say("alert.standing_yours", name="Cleo")

    await house.settle()
    assert "Sam says: I've got this." in told(house)


async def test_a_crash_between_sending_and_recording_shows_the_alert_once(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    await house.writes()
    house = await house.restart()
    assert house.storage.tables.steps == {}

    await house.writes()
    await house.settle()
    assert len(alerts_of(house)) == 1
    assert len(house.storage.tables.steps) == 1


async def test_an_alert_that_was_never_recorded_can_be_answered(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes()
    house = await house.restart()

    answer = await house.answers(SAM_READS, alerts_of(house)[0], has_it=True)
    await house.settle()
    assert answer.text == say("alert.standing_yours", name="Cleo")
    assert "Sam says: I've got this." in told(house)


async def test_a_restart_keeps_what_was_recorded_and_does_not_alert_again(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    await house.writes()
    await house.settle()
    house = await house.restart()

    await house.writes(message=7)
    await house.settle()
    assert len(alerts_of(house)) == 1


async def test_a_closed_dm_of_the_contact_is_said_plainly(house: ContactsHouse) -> None:
    await house.is_chosen()
    house.messenger.outcomes[SAM] = DeliveryOutcome.UNREACHABLE
    await house.writes()

    assert told(house).startswith(say("alert.fact_not_reached", name="Sam"))
    assert say("alert.numbers") in told(house)

    house.messenger.outcomes.clear()
    await house.writes(message=3)
    assert len(alerts_of(house)) == 1


async def test_what_could_not_leave_now_leaves_later_and_the_client_hears_both(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    house.messenger.outcomes[SAM] = DeliveryOutcome.TRY_LATER
    await house.writes()
    assert told(house).startswith(say("alert.fact_not_sent_yet", name="Sam"))
    await house.settle()

    house.messenger.outcomes.clear()
    await house.later(MINUTE)
    await house.later(MINUTE)
    assert len(alerts_of(house)) == 1
    assert told(house).startswith("Sent to Sam")


async def test_nothing_is_recorded_of_somebody_who_was_erased_meanwhile(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    await house.writes()
    await house.storage.erase(CLEO, house.clock.now())
    await house.settle()

    assert house.storage.tables.escalations == {}
    assert house.storage.tables.steps == {}


async def test_choices_and_alerts_are_known_again_after_a_restart(house: ContactsHouse) -> None:
    await house.is_chosen()
    house = await house.restart()
    await house.writes()

    assert len(alerts_of(house)) == 1


async def test_without_consent_nothing_is_remembered(house: ContactsHouse) -> None:
    contact = await house.is_chosen()
    async with house.storage.write() as work:
        await work.consents.withdraw(CLEO, Scope.CONTACT_ALERTS, house.clock.now())
    house = await house.restart()
    house.choices.update(replace(contact, client_name="C."))

    assert await house.writes() is None
    assert house.messenger.sent == []
    assert house.choices.find_link(contact.id) is None


@pytest.mark.parametrize("person", [CLEO, SAM])
async def test_whoever_was_erased_is_out_of_memory_at_once(
    house: ContactsHouse, person: PersonId
) -> None:
    contact = await house.is_chosen()
    await house.storage.erase(person, house.clock.now())
    await house.choices.refresh(person)

    assert await house.writes() is None
    assert house.messenger.sent == []
    assert house.choices.find_link(contact.id) is None


async def test_an_alert_that_ended_while_the_bot_was_away_is_closed_at_the_start(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    await house.writes()
    await house.background.settle()
    house.clock.advance(timedelta(hours=1))
    house.storage.locked_until = house.clock.now() + MINUTE
    house = await house_after(house, is_locked=True)
    [escalation] = house.storage.tables.escalations.values()
    assert escalation.closed_at is None

    house = await house_after(house, is_locked=False)
    [escalation] = house.storage.tables.escalations.values()
    assert escalation.closed_at is not None


async def house_after(house: ContactsHouse, *, is_locked: bool) -> ContactsHouse:
    """The bot after a restart; nothing is sent yet."""
    if not is_locked:
        house.clock.advance(MINUTE)
    again = ContactsHouse(house)
    await again.alerts.load()
    return again


async def test_an_answer_to_an_older_alert_is_still_taken_in(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes(message=1)
    await house.answers(SAM_READS, alerts_of(house)[0], has_it=False)
    await house.writes(message=2)
    await house.settle()
    first, second = alerts_of(house)
    house = await house.restart()

    late = await house.answers(SAM_READS, first, has_it=True)
    assert late.text == say("alert.standing_yours", name="Cleo")
    await house.settle()
    assert "Sam says: I've got this." in told(house)
    now = await house.answers(SAM_READS, second, has_it=True)
    assert now.text == say("alert.standing_yours", name="Cleo")


async def test_rows_of_alerts_that_nobody_knows_are_let_go(house: ContactsHouse) -> None:
    await house.is_chosen()
    row = OutboxRow("a1-5", SAM, OutboxKind.ALERT, "a1-5", Lane.CRISIS, house.clock.now())
    assert await house.alerts.compose_alert(row) is None
    for compose in house.alerts.notices().values():
        assert await compose(replace(row, reference="alert:a1-5")) is None
    async with house.storage.write() as work:
        await house.alerts.settle_alert(work, row, DeliveryOutcome.SENT)
    assert house.storage.tables.steps == {}


async def test_a_press_that_can_not_be_looked_up_is_answered_kindly(house: ContactsHouse) -> None:
    contact = await house.is_chosen()
    house.storage.locked_until = house.clock.now() + MINUTE
    house.storage.reads_locked = True

    unknown = await house.alerts.answer(SAM_READS, ContactLinkId("none"), "a1-1", has_it=True)
    assert unknown.text == say("access.not_for_you")
    known = await house.alerts.answer(SAM_READS, contact.id, "a1-1", has_it=True)
    assert known.text == say("alert.standing_yours", name="Cleo")
    await house.settle()
    assert len(house.storage.tables.steps) == 1
