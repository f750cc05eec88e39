"""Alerts reach the next person until somebody has it, and then nobody is alarmed any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.crisis import Tier
from bot.core.crisis_episodes import EPISODE
from bot.core.escalation_changes import (
    Change,
    Standing,
    TellContact,
    acknowledge,
    decline,
    give_way,
    in_order_of_knowing,
    needs_new_alert,
    record,
    settle,
    standing_of,
    stop,
    tell_now,
)
from bot.core.escalations import (
    STALE_AFTER,
    T1_WAIT,
    WAIT,
    ClosedBecause,
    Fact,
    FactKind,
    StepOutcome,
    UnknownAlert,
    known_facts,
)
from bot.core.people import PersonId
from tests.core.escalation_examples import (
    ALI,
    KIM,
    KIMS,
    MINUTE,
    NOW,
    SAM,
    SAMS,
    SENT,
    TRY_LATER,
    UNKNOWN,
    UNREACHABLE,
    due,
    kinds,
    opened,
    sent,
    told,
    told_contacts,
)


def test_contacts_are_asked_one_after_the_other() -> None:
    chain = opened(SAM, KIM)
    assert due(chain, NOW) == ["Sam"]
    chain = sent(chain, SAMS)
    assert due(chain, NOW + T1_WAIT - MINUTE) == []
    assert chain.next_look_at(NOW) == NOW + T1_WAIT
    assert due(chain, NOW + T1_WAIT) == ["Kim"]


def test_milder_words_leave_each_contact_more_time() -> None:
    chain = sent(opened(SAM, KIM, tier=Tier.T2), SAMS)
    assert due(chain, NOW + WAIT - MINUTE) == []
    assert due(chain, NOW + WAIT) == ["Kim"]


def test_only_the_clients_own_contacts_who_agreed_are_told() -> None:
    others = replace(SAM, client=PersonId(9))
    chain = opened(replace(SAM, accepted_at=None), KIM.end(NOW), others, ALI)
    assert [(step.contact, step.number) for step in chain.steps] == [("Ali", 1)]


def test_with_nobody_to_tell_the_client_is_told_at_once() -> None:
    change = settle(opened(), NOW)
    assert told(change) == [FactKind.NOBODY_LEFT]
    assert settle(change.chain, NOW) == Change(change.chain)


def test_asked_first_waits_a_minute_and_can_be_hurried_or_stopped() -> None:
    chain = opened(SAM, KIM, first_due_at=NOW + MINUTE)
    assert due(chain, NOW) == []
    assert due(chain, NOW + MINUTE) == ["Sam"]
    hurried = tell_now(chain, NOW).chain
    assert due(hurried, NOW) == ["Sam"]
    assert due(hurried, NOW + T1_WAIT) == ["Sam", "Kim"]
    stopped = stop(chain, NOW)
    assert (told(stopped), told_contacts(stopped)) == ([FactKind.STOPPED], {})
    assert due(stopped.chain, NOW + MINUTE) == []
    assert tell_now(stopped.chain, NOW) == Change(stopped.chain)


@pytest.mark.parametrize("outcome", [UNREACHABLE, SENT])
def test_a_closed_dm_or_a_refusal_asks_the_next_at_once(outcome: StepOutcome) -> None:
    change = record(opened(SAM, KIM, ALI), SAMS, outcome, NOW)
    if outcome is SENT:
        change = decline(change.chain, SAMS, NOW)
    assert told(change) == [FactKind.CAN_NOT if outcome is SENT else FactKind.NOT_REACHED]
    assert due(change.chain, NOW) == ["Kim"]
    assert due(sent(change.chain, KIMS), NOW + T1_WAIT) == ["Ali"]


def test_a_late_refusal_takes_no_time_from_whoever_is_asked_now() -> None:
    chain = sent(opened(SAM, KIM, ALI), SAMS, KIMS)
    assert due(decline(chain, SAMS, NOW).chain, NOW) == []


def test_an_acknowledgement_stops_the_rest_and_says_so_to_everybody() -> None:
    change = acknowledge(sent(opened(SAM, KIM, ALI), SAMS, KIMS), KIMS, NOW + MINUTE)
    assert told(change) == [FactKind.HAS_IT]
    assert told_contacts(change) == {
        "Kim": Standing.YOURS,
        "Sam": Standing.SOMEONE_ELSE_HAS_IT,
    }
    assert all(
        news.since_at == NOW + MINUTE for news in change.news if isinstance(news, TellContact)
    )
    assert due(change.chain, NOW + T1_WAIT * 2) == []


def test_a_late_tap_is_kept_and_answered_with_how_it_stands() -> None:
    chain = acknowledge(sent(opened(SAM, KIM), SAMS, KIMS), KIMS, NOW).chain
    late = acknowledge(chain, SAMS, NOW + MINUTE)
    assert told_contacts(late) == {"Sam": Standing.SOMEONE_ELSE_HAS_IT}
    assert told(late) == []
    assert late.chain.get_step(SAMS).acknowledged_at == NOW + MINUTE
    refusal = decline(chain, SAMS, NOW + MINUTE)
    assert told_contacts(refusal) == {"Sam": Standing.SOMEONE_ELSE_HAS_IT}
    assert refusal.chain.get_step(SAMS).declined_at == NOW + MINUTE


def test_pressing_twice_changes_nothing() -> None:
    chain = acknowledge(sent(opened(SAM), SAMS), SAMS, NOW).chain
    again = acknowledge(chain, SAMS, NOW + MINUTE)
    assert (again.chain, told(again)) == (chain, [])
    refused = decline(sent(opened(SAM, KIM), SAMS), SAMS, NOW).chain
    again = decline(refused, SAMS, NOW + MINUTE)
    assert (again.chain, told_contacts(again)) == (refused, {"Sam": Standing.YOU_DECLINED})


def test_an_alert_on_its_way_during_the_acknowledgement_says_who_has_it() -> None:
    chain = acknowledge(sent(opened(SAM, KIM), SAMS), SAMS, NOW).chain
    arrived = record(chain, KIMS, SENT, NOW + MINUTE)
    assert told_contacts(arrived) == {"Kim": Standing.SOMEONE_ELSE_HAS_IT}
    assert told(arrived) == [FactKind.SENT]


def test_an_answer_before_the_record_keeps_the_alert_from_leaving_again() -> None:
    chain = acknowledge(opened(SAM, KIM), SAMS, NOW).chain
    assert kinds(chain) == [(FactKind.HAS_IT, "Sam")]
    assert record(chain, SAMS, TRY_LATER, NOW) == Change(chain)
    assert kinds(sent(chain, SAMS)) == [(FactKind.SENT, "Sam"), (FactKind.HAS_IT, "Sam")]
    given_back = decline(chain, SAMS, NOW).chain
    assert due(given_back, NOW) == ["Kim"]


def test_who_had_it_and_can_not_any_more_sets_the_others_going_again() -> None:
    chain = sent(opened(SAM, KIM, ALI), SAMS, KIMS)
    chain = acknowledge(acknowledge(chain, SAMS, NOW).chain, KIMS, NOW).chain
    hours_later = NOW + timedelta(hours=3)
    change = decline(chain, SAMS, hours_later)
    assert told(change) == [FactKind.CAN_NOT]
    assert told_contacts(change) == {"Sam": Standing.YOU_DECLINED, "Kim": Standing.ASKED_AGAIN}
    assert due(change.chain, hours_later) == ["Ali"]
    back = acknowledge(change.chain, SAMS, hours_later + MINUTE)
    assert told(back) == [FactKind.HAS_IT]
    assert due(back.chain, hours_later + MINUTE) == []


def test_who_answered_before_the_record_is_asked_again_without_a_second_alert() -> None:
    chain = acknowledge(sent(opened(SAM, KIM), SAMS), SAMS, NOW).chain
    chain = acknowledge(chain, KIMS, NOW).chain
    change = decline(chain, SAMS, NOW + MINUTE)
    assert told_contacts(change)["Kim"] is Standing.ASKED_AGAIN
    assert due(change.chain, NOW + MINUTE) == []


def test_who_left_before_their_turn_is_not_alerted() -> None:
    chain = decline(sent(opened(SAM, KIM, ALI), SAMS), KIMS, NOW).chain
    assert due(chain, NOW + 2 * T1_WAIT) == ["Ali"]


def test_who_is_asked_again_has_the_whole_wait_again() -> None:
    chain = acknowledge(sent(opened(SAM, KIM), SAMS, KIMS), SAMS, NOW).chain
    chain = decline(chain, SAMS, NOW + 10 * MINUTE).chain
    assert chain.ends_at == NOW + 10 * MINUTE + T1_WAIT


def test_when_all_refuse_the_client_is_told_at_once() -> None:
    change = decline(sent(opened(SAM), SAMS), SAMS, NOW)
    assert told(change) == [FactKind.CAN_NOT, FactKind.NOBODY_LEFT]
    assert standing_of(change.chain, change.chain.get_step(SAMS)) is Standing.YOU_DECLINED


@pytest.mark.parametrize("outcome", [SENT, UNKNOWN])
def test_when_nobody_answers_the_client_is_told_after_the_last_wait(outcome: StepOutcome) -> None:
    chain = record(opened(SAM), SAMS, outcome, NOW).chain
    assert settle(chain, NOW + T1_WAIT - MINUTE) == Change(chain)
    change = settle(chain, NOW + T1_WAIT)
    assert told(change) == [FactKind.NOBODY_ANSWERED]
    assert standing_of(change.chain, change.chain.get_step(SAMS)) is Standing.OVER
    assert change.chain.next_look_at(NOW) is None


def test_an_answer_after_the_end_still_reaches_the_client() -> None:
    ended = settle(sent(opened(SAM, KIM), SAMS, KIMS), NOW + T1_WAIT).chain
    late = acknowledge(ended, SAMS, NOW + WAIT)
    assert told(late) == [FactKind.HAS_IT]
    assert told_contacts(late)["Sam"] is Standing.YOURS
    assert kinds(late.chain)[-1] == (FactKind.SENT, "Kim")
    assert told(decline(late.chain, SAMS, NOW + WAIT)) == [FactKind.CAN_NOT]
    assert told(decline(ended, SAMS, NOW + WAIT)) == [FactKind.CAN_NOT]


def test_discord_being_down_is_tried_again_until_it_would_only_alarm() -> None:
    change = record(opened(SAM), SAMS, TRY_LATER, NOW)
    assert told(change) == [FactKind.NOT_SENT_YET]
    assert told(record(change.chain, SAMS, TRY_LATER, NOW)) == []
    assert due(change.chain, NOW + STALE_AFTER - MINUTE) == ["Sam"]
    assert change.chain.due(NOW + STALE_AFTER) == ()
    assert told(settle(change.chain, NOW + STALE_AFTER)) == [FactKind.NOBODY_LEFT]


def test_an_alert_that_is_tried_again_holds_up_nobody_else() -> None:
    chain = record(opened(SAM, KIM, ALI), SAMS, TRY_LATER, NOW).chain
    refused = record(chain, KIMS, UNREACHABLE, NOW + T1_WAIT).chain
    assert due(refused, NOW + T1_WAIT) == ["Sam", "Ali"]


def test_what_was_sent_stays_sent() -> None:
    chain = sent(opened(SAM), SAMS)
    assert record(chain, SAMS, UNREACHABLE, NOW) == Change(chain)


def test_stopping_tells_those_who_were_told_and_hears_no_answer_after_it() -> None:
    change = stop(sent(opened(SAM, KIM), SAMS), NOW)
    assert told_contacts(change) == {"Sam": Standing.CLIENT_STOPPED}
    assert stop(change.chain, NOW) == Change(change.chain)
    for answer in (acknowledge, decline):
        late = answer(change.chain, SAMS, NOW + MINUTE)
        assert (told(late), told_contacts(late)) == ([], {"Sam": Standing.CLIENT_STOPPED})
    tapped = acknowledge(change.chain, SAMS, NOW + MINUTE).chain
    assert kinds(tapped)[-1] == (FactKind.STOPPED, None)


def test_an_acknowledged_escalation_ends_with_the_episode() -> None:
    chain = acknowledge(sent(opened(SAM, KIM), SAMS), SAMS, NOW).chain
    assert chain.next_look_at(NOW) == NOW + EPISODE
    change = settle(chain, NOW + EPISODE)
    assert change.chain.escalation.closed_because is ClosedBecause.ACKNOWLEDGED
    assert change.news == ()


def test_the_client_sees_what_is_known_with_its_time_and_nothing_else() -> None:
    chain = record(sent(opened(SAM, KIM, ALI), SAMS), KIMS, UNREACHABLE, NOW).chain
    chain = decline(acknowledge(chain, SAMS, NOW + MINUTE).chain, SAMS, NOW + 2 * MINUTE).chain
    assert known_facts(chain.escalation, reversed(chain.steps)) == (
        Fact(FactKind.SENT, SAM.id, NOW),
        Fact(FactKind.HAS_IT, SAM.id, NOW + MINUTE),
        Fact(FactKind.CAN_NOT, SAM.id, NOW + 2 * MINUTE),
        Fact(FactKind.NOT_REACHED, KIM.id),
    )


def test_a_key_of_another_escalation_is_refused() -> None:
    with pytest.raises(UnknownAlert):
        acknowledge(opened(SAM), KIMS, NOW)


@pytest.mark.parametrize("tier", [Tier.T1, Tier.T2])
def test_the_same_alert_is_not_sent_again_while_contacts_are_told(tier: Tier) -> None:
    under_way = sent(opened(SAM), SAMS)
    assert not needs_new_alert(under_way, tier, NOW + MINUTE, is_pressed=True)


def test_the_first_words_and_graver_words_do_alert() -> None:
    assert needs_new_alert(None, Tier.T3, NOW, is_pressed=True)
    milder = sent(opened(SAM, tier=Tier.T2), SAMS)
    assert needs_new_alert(milder, Tier.T1, NOW, is_pressed=False)


def test_an_alert_that_nobody_closed_in_time_does_not_silence_the_next() -> None:
    silent = sent(opened(SAM), SAMS)
    assert needs_new_alert(silent, Tier.T1, NOW + T1_WAIT, is_pressed=False)


def test_writing_again_after_somebody_had_it_begins_with_them() -> None:
    held = acknowledge(sent(opened(SAM, KIM), SAMS, KIMS), KIMS, NOW).chain
    assert needs_new_alert(held, Tier.T1, NOW + MINUTE, is_pressed=False)
    assert needs_new_alert(held, Tier.T3, NOW + MINUTE, is_pressed=True)
    assert not needs_new_alert(held, Tier.T2, NOW + MINUTE, is_pressed=False)
    assert needs_new_alert(held, Tier.T2, NOW + EPISODE, is_pressed=False)
    assert in_order_of_knowing(held, [SAM, KIM, ALI], NOW + MINUTE) == (KIM, SAM, ALI)
    assert in_order_of_knowing(held, [SAM, KIM], NOW + EPISODE) == (SAM, KIM)
    assert in_order_of_knowing(None, [SAM, KIM], NOW) == (SAM, KIM)


def test_an_escalation_that_gave_way_answers_with_the_newer_one() -> None:
    old = give_way(sent(opened(SAM, KIM), SAMS), NOW).chain
    assert give_way(old, NOW + MINUTE) == Change(old)
    assert told_contacts(acknowledge(old, SAMS, NOW)) == {"Sam": Standing.WRITTEN_AGAIN}
    assert due(old, NOW + T1_WAIT) == []
