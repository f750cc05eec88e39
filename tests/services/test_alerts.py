"""What becomes of an alert, for the client and for the contact."""

from datetime import timedelta

import pytest

from bot.core.crisis import Category, Detection, Tier
from bot.core.designated_contacts import NEVER_AUTOMATIC, TellMode
from bot.core.outbox import Lane
from bot.core.people import ContactLinkId, MessageId, Reader
from tests.services.contacts_house import (
    CLEO_READS,
    DANGER_NOW,
    KIM_READS,
    MINUTE,
    SAM,
    SAM_READS,
    ContactsHouse,
    alerts_of,
    told,
)
from tests.services.fakes import CLEO, assert_fits, labels, pressed, say

PRESS = MessageId(99)
ASKED = MessageId(1_175_000_000_000_000_000)


@pytest.fixture
def house() -> ContactsHouse:
    return ContactsHouse()


async def test_danger_now_reaches_the_contact_at_once_without_what_was_written(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()

    assert await house.writes() is None

    [alert] = alerts_of(house)
    assert alert.text.startswith("Cleo may be in danger.")
    assert f"<t:{int(house.clock.now().timestamp())}" in alert.text
    assert "call Cleo now" in alert.text
    assert "You may say no" in alert.text
    assert {each.lane for each in house.messenger.sent} == {Lane.CRISIS}
    assert_fits(alert)


async def test_the_client_is_told_only_what_is_known(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes()

    assert told(house).startswith("Sent to Sam <t:")
    assert "I can't know whether Sam saw it." in told(house)
    assert "Help now" in labels(house.messenger.read_by(CLEO)[-1])


@pytest.mark.parametrize(
    "detection",
    [
        Detection(Tier.T2, Category.SUICIDE),
        Detection(Tier.T3, Category.DISTRESS),
        *(Detection(Tier.T1, each) for each in sorted(NEVER_AUTOMATIC)),
    ],
)
async def test_nothing_leaves_by_itself_for_less_or_where_the_contact_may_be_the_danger(
    house: ContactsHouse, detection: Detection
) -> None:
    await house.is_chosen()

    assert await house.writes(detection) is None
    await house.settle()
    assert house.messenger.sent == []


async def test_only_when_i_press_sends_only_when_pressed(house: ContactsHouse) -> None:
    await house.is_chosen(TellMode.ONLY_WHEN_I_PRESS)

    assert await house.writes() is None
    await house.settle()
    assert house.messenger.sent == []

    answer = house.alerts.tell(CLEO_READS, PRESS)
    await house.settle()
    assert answer.text == say("alert.sending", name="Sam")
    assert alerts_of(house)[0].text.startswith("Cleo asks for you.")


async def test_the_button_is_there_only_for_whoever_chose_somebody(house: ContactsHouse) -> None:
    assert house.alerts.tell_button(CLEO_READS) is None
    assert house.alerts.tell(CLEO_READS, PRESS).text == say("alert.nobody")

    await house.is_chosen()
    button = house.alerts.tell_button(CLEO_READS)
    assert button is not None
    assert button.label == "Tell Sam"
    assert house.alerts.tell_button(SAM_READS) is None


async def test_two_presses_and_more_words_alert_once(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes(message=1)
    await house.writes(message=2)
    house.alerts.tell(CLEO_READS, PRESS)
    house.alerts.tell(CLEO_READS, MessageId(100))
    await house.settle()

    assert len(alerts_of(house)) == 1


async def test_the_client_hears_that_the_contact_has_it_or_can_not(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes()
    await house.settle()
    [alert] = alerts_of(house)

    answer = await house.answers(SAM_READS, alert, has_it=False)
    await house.settle()
    assert answer.text == say("alert.standing_you_declined", name="Cleo")
    assert "Sam can't right now." in told(house)
    assert "I can't know" not in told(house)

    await house.answers(SAM_READS, alert, has_it=True)
    await house.settle()
    assert "Sam says: I've got this." in told(house)


async def test_a_second_press_is_answered_with_how_it_stands(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes()
    [alert] = alerts_of(house)
    await house.answers(SAM_READS, alert, has_it=True)
    await house.settle()
    messages = len(house.messenger.sent)

    answer = await house.answers(SAM_READS, alert, has_it=True)
    await house.settle()
    assert answer.text == say("alert.standing_yours", name="Cleo")
    assert len(house.messenger.sent) == messages


@pytest.mark.parametrize("reader", [KIM_READS, CLEO_READS])
async def test_another_persons_press_changes_nothing(house: ContactsHouse, reader: Reader) -> None:
    await house.is_chosen()
    await house.writes()
    await house.settle()

    answer = await house.answers(reader, alerts_of(house)[0], has_it=True)
    await house.settle()
    assert answer.text == say("access.not_for_you")
    assert "I've got this" not in told(house)


async def test_a_button_of_a_link_or_alert_that_is_gone_says_so(house: ContactsHouse) -> None:
    contact = await house.is_chosen()

    nobody = await house.alerts.answer(SAM_READS, ContactLinkId("none"), "a1-1", has_it=True)
    assert nobody.text == say("access.not_for_you")
    for key in ("", "a1-x", "a2-1", "b-1"):
        over = await house.alerts.answer(SAM_READS, contact.id, key, has_it=True)
        assert over.text == say("alert.standing_over", name="Cleo")


async def test_no_answer_is_said_after_five_minutes(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes()
    await house.later(MINUTE)
    await house.later(5 * MINUTE)

    assert say("alert.fact_nobody_answered") in told(house)


async def test_an_answer_in_time_leaves_nothing_to_say_after_five_minutes(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    await house.writes()
    await house.answers(SAM_READS, alerts_of(house)[0], has_it=True)
    await house.settle()
    messages = len(house.messenger.sent)
    await house.later(10 * MINUTE)

    assert len(house.messenger.sent) == messages


async def test_words_after_an_acknowledgement_alert_again(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes(message=1)
    await house.answers(SAM_READS, alerts_of(house)[0], has_it=True)
    await house.writes(message=2)
    await house.settle()

    first, _ = alerts_of(house)
    late = await house.answers(SAM_READS, first, has_it=False)
    assert late.text == say("alert.standing_written_again", name="Cleo")


async def test_old_words_alert_nobody_by_themselves(house: ContactsHouse) -> None:
    await house.is_chosen()
    written_at = house.clock.now()
    house.clock.advance(timedelta(hours=2))

    await house.alerts.after_crisis(CLEO_READS, DANGER_NOW, ASKED, written_at)
    assert house.messenger.sent == []


async def test_a_contact_who_left_a_moment_before_is_not_written_to(house: ContactsHouse) -> None:
    contact = await house.is_chosen()
    house.alerts.tell(CLEO_READS, PRESS)
    house.choices.forget(CLEO)
    await house.settle()

    assert alerts_of(house) == []
    assert house.alerts.tell_button(CLEO_READS) is None
    assert contact.id not in house.storage.tables.outbox


async def test_the_alerts_buttons_carry_the_alerts_key(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes()

    [sent] = [each for each in house.messenger.sent if each.to == SAM]
    for button in sent.screen.buttons:
        assert button.action.argument(1) == sent.key
        assert button.action.encoded
    assert pressed(sent.screen, "I've got this")


async def test_a_contact_who_changes_something_of_their_own_stays_a_contact(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    await house.choices.refresh(SAM)

    await house.writes()
    assert len(alerts_of(house)) == 1


async def test_pressing_again_after_nobody_answered_alerts_again(house: ContactsHouse) -> None:
    await house.is_chosen()
    await house.writes()
    await house.later(10 * MINUTE)
    house.alerts.tell(CLEO_READS, PRESS)
    await house.settle()

    assert len(alerts_of(house)) == 2


async def test_the_same_words_read_again_after_they_ended_alert_nobody_anew(
    house: ContactsHouse,
) -> None:
    await house.is_chosen()
    await house.writes()
    await house.later(10 * MINUTE)
    await house.writes()

    assert len(alerts_of(house)) == 1
