"""A client hears from the bot when they agreed to, and not once they changed their mind."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.check_in_plans import GRACE, CheckInPlan, Missed, Send, Skip, SkipReason
from bot.core.consents import CURRENT_VERSION, Consent, Consents, Scope
from bot.core.people import CareLinkId, CheckInPlanId, PersonId
from bot.core.recurrence import EVERY_DAY, ONE_OFF, Schedule

CLIENT = PersonId(1)
THERAPIST = PersonId(2)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# 09:00 in Lisbon is 09:00 UTC in winter.
TOMORROW_AT_NINE = NOON + 21 * HOUR
DAILY = Schedule("Europe/Lisbon", time(9), EVERY_DAY, anchor_local=date(2026, 11, 23))
ONCE = Schedule("Europe/Lisbon", time(9), ONE_OFF, anchor_local=date(2026, 11, 24))
AGREED = Consents(
    (Consent(CLIENT, Scope.CHECK_INS, CURRENT_VERSION[Scope.CHECK_INS], given_at=NOON),)
)


def proposed(schedule: Schedule = DAILY) -> CheckInPlan:
    return CheckInPlan(
        id=CheckInPlanId("plan"),
        link=CareLinkId("link"),
        client=CLIENT,
        therapist=THERAPIST,
        schedule=schedule,
        template="morning",
        words="",
        created_at=NOON - DAY,
    )


def accepted(schedule: Schedule = DAILY) -> CheckInPlan:
    return proposed(schedule).accept(NOON)


def test_nothing_is_due_before_the_client_says_yes() -> None:
    plan = proposed()

    assert plan.is_waiting
    assert not plan.is_running
    assert plan.next_due_at is None
    assert plan.after(NOON) == plan


def test_first_check_in_comes_after_the_yes() -> None:
    plan = accepted()

    assert plan.is_running
    assert not plan.is_waiting
    assert (plan.accepted_at, plan.next_due_at) == (NOON, TOMORROW_AT_NINE)


def test_second_yes_changes_nothing() -> None:
    assert accepted().accept(NOON + DAY) == accepted()


def test_one_off_accepted_too_late_never_comes() -> None:
    plan = proposed(ONCE).accept(NOON + 2 * DAY)

    assert plan.next_due_at is None
    assert not plan.is_running


def test_each_check_in_is_followed_by_the_next() -> None:
    plan = accepted().after(TOMORROW_AT_NINE)

    assert plan.next_due_at == TOMORROW_AT_NINE + DAY


def test_one_off_is_over_once_it_came() -> None:
    plan = accepted(ONCE).after(TOMORROW_AT_NINE)

    assert plan.next_due_at is None
    assert not plan.is_running
    # There is nothing left to pause.
    assert plan.pause(NOON + 2 * DAY, until=None) == plan


def test_pause_without_an_end_lasts_until_it_is_ended() -> None:
    plan = accepted().pause(NOON, until=None)

    assert plan.next_due_at is None
    assert plan.is_running
    assert plan.is_paused(NOON + 365 * DAY)

    resumed = plan.resume(NOON + 10 * DAY)
    assert not resumed.is_paused(NOON + 10 * DAY)
    assert resumed.next_due_at == TOMORROW_AT_NINE + 10 * DAY


def test_pause_with_an_end_ends_by_itself() -> None:
    until = NOON + 3 * DAY
    plan = accepted().pause(NOON, until)

    assert plan.is_paused(until - HOUR)
    assert not plan.is_paused(until)
    assert plan.next_due_at == TOMORROW_AT_NINE + 3 * DAY


def test_check_in_at_the_very_end_of_a_pause_comes() -> None:
    plan = accepted().pause(NOON, until=TOMORROW_AT_NINE + DAY)

    assert plan.next_due_at == TOMORROW_AT_NINE + DAY


def test_pause_that_would_end_in_the_past_brings_nothing_back() -> None:
    plan = accepted().after(TOMORROW_AT_NINE)
    paused = plan.pause(TOMORROW_AT_NINE + HOUR, until=NOON)

    assert paused.next_due_at == TOMORROW_AT_NINE + DAY


def test_later_pause_replaces_the_one_before() -> None:
    open_ended = accepted().pause(NOON, until=None)
    week = open_ended.pause(NOON, until=NOON + 7 * DAY)

    assert week.next_due_at == TOMORROW_AT_NINE + 7 * DAY
    assert week.pause(NOON, until=None) == open_ended


def test_pause_can_be_ended_early() -> None:
    plan = accepted().pause(NOON, until=NOON + 7 * DAY).resume(NOON + DAY)

    assert plan.next_due_at == TOMORROW_AT_NINE + DAY


def test_resuming_what_is_not_paused_loses_no_check_in_that_is_due() -> None:
    plan = accepted()

    assert plan.resume(TOMORROW_AT_NINE + HOUR) == plan


@pytest.mark.parametrize("by", [CLIENT, THERAPIST])
def test_stopped_plan_never_comes_back(by: PersonId) -> None:
    plan = accepted().pause(NOON, until=None).stop(NOON, by)

    assert plan.is_stopped
    assert not plan.is_running
    assert not plan.is_waiting
    assert (plan.stopped_at, plan.stopped_by, plan.next_due_at) == (NOON, by, None)
    for later in (
        plan.accept(NOON + DAY),
        plan.resume(NOON + DAY),
        plan.pause(NOON + DAY, until=None),
        plan.stop(NOON + DAY, THERAPIST),
        plan.after(TOMORROW_AT_NINE),
    ):
        assert later == plan


def test_proposal_that_was_stopped_can_not_be_accepted() -> None:
    assert proposed().stop(NOON, THERAPIST).accept(NOON).next_due_at is None


@pytest.mark.parametrize("late_by", [timedelta(0), GRACE - timedelta(seconds=1)])
def test_check_in_within_two_hours_is_sent(late_by: timedelta) -> None:
    now = TOMORROW_AT_NINE + late_by

    assert accepted().decide(TOMORROW_AT_NINE, now=now, consents=AGREED) == Send()


@pytest.mark.parametrize("late_by", [GRACE, 3 * DAY])
def test_check_in_two_hours_late_or_more_is_missed(late_by: timedelta) -> None:
    now = TOMORROW_AT_NINE + late_by

    assert accepted().decide(TOMORROW_AT_NINE, now=now, consents=AGREED) == Missed(late_by)


@pytest.mark.parametrize(
    ("plan", "consents", "reason"),
    [
        (proposed(), AGREED, SkipReason.NOT_ACCEPTED),
        (accepted().stop(NOON, CLIENT), AGREED, SkipReason.STOPPED),
        (accepted().pause(NOON, until=None), AGREED, SkipReason.PAUSED),
        (accepted().pause(NOON, until=NOON + 2 * DAY), AGREED, SkipReason.PAUSED),
        (accepted(), Consents(), SkipReason.CONSENT_WITHDRAWN),
        (
            accepted(),
            Consents(tuple(replace(each, withdrawn_at=NOON) for each in AGREED)),
            SkipReason.CONSENT_WITHDRAWN,
        ),
    ],
)
@pytest.mark.parametrize("late_by", [timedelta(0), DAY])
def test_unwanted_check_in_is_skipped_also_when_it_was_under_way(
    plan: CheckInPlan, consents: Consents, reason: SkipReason, late_by: timedelta
) -> None:
    decision = plan.decide(TOMORROW_AT_NINE, now=TOMORROW_AT_NINE + late_by, consents=consents)

    assert decision == Skip(reason)


def test_check_in_after_a_pause_is_sent() -> None:
    plan = accepted().pause(NOON, until=NOON + HOUR)

    assert plan.decide(TOMORROW_AT_NINE, now=TOMORROW_AT_NINE, consents=AGREED) == Send()


def test_after_a_long_outage_each_missed_one_is_told_and_none_is_sent() -> None:
    plan, now = accepted(), NOON + 5 * DAY
    decisions = []
    while plan.next_due_at is not None and plan.next_due_at <= now:
        decisions.append(plan.decide(plan.next_due_at, now=now, consents=AGREED))
        plan = plan.after(plan.next_due_at)

    assert [type(each) for each in decisions] == [Missed] * 5
    assert plan.next_due_at == TOMORROW_AT_NINE + 5 * DAY
