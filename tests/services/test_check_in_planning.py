"""A therapist proposes, the client decides; nothing goes out before and nothing after a stop."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.people import CheckInPlanId, PersonId, Reader
from bot.core.screens import Menu, Placement, Screen
from bot.services.check_in_planning import MOST_LINES, PlanOrder
from tests.services.check_in_house import CLEO, DANA, THEA, CheckInHouse
from tests.services.fakes import assert_fits, labels, pressed, say

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY_DAY = {"days": "every day", "time": "13:00", "zone": "London"}


@pytest.fixture
def house() -> CheckInHouse:
    return CheckInHouse()


def plan_of(screen: Screen) -> CheckInPlanId:
    return CheckInPlanId(screen.buttons[0].action.argument(0))


async def schedule(house: CheckInHouse, client: str, **order: str) -> Screen:
    typed = PlanOrder(client, **(EVERY_DAY | order))
    return await house.planning.schedule(house.thea, typed, in_dm=True)


async def asked(house: CheckInHouse, **order: str) -> tuple[CheckInPlanId, Screen]:
    """Let Thea ask Cleo; return the plan and the question as Cleo gets it."""
    link = await house.pair()
    plan = plan_of(await schedule(house, link.id, **order))
    await house.planning.ask(house.thea, plan)
    await house.run()
    return plan, house.dms.to(CLEO)[-1]


async def test_the_preview_shows_five_times_in_both_zones_and_the_note(
    house: CheckInHouse,
) -> None:
    link = await house.pair(zone="America/New_York")

    screen = await house.planning.schedule(
        house.thea, PlanOrder(link.id, "every day", "9 am", words="One small\nstep?"), in_dm=True
    )

    due = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    times = [line for line in screen.text.splitlines() if line.startswith("- ")]
    assert len(times) == 5
    assert times[0] == f"- Mon 23 Nov, 09:00 = <t:{int(due.timestamp())}:F>"
    assert "> A note you asked for.\n> \n> One small\n> step?" in screen.text
    assert "Okay | Not great | Need help now" in screen.text
    assert say("check_in_plan.warning") in screen.text
    assert labels(screen) == ["Ask blue door to accept", "Discard"]
    assert_fits(screen)


async def test_the_longest_preview_and_question_fit(house: CheckInHouse) -> None:
    link = await house.pair(label="w" * 40)
    preview = await schedule(house, link.id, words="\n".join("x" * 150), days="mon tue wed thu fri")
    await house.planning.ask(house.thea, plan_of(preview))
    await house.run()

    assert_fits(preview)
    assert_fits(house.dms.to(CLEO)[0])


async def test_nothing_goes_out_before_the_client_accepts(house: CheckInHouse) -> None:
    await asked(house)
    await house.run_after(3 * DAY)

    assert [each.text.split(".")[0] for each in house.dms.to(CLEO)] == [
        "Something for you to decide"
    ]


async def test_asking_twice_asks_once(house: CheckInHouse) -> None:
    plan, _ = await asked(house)
    await house.planning.ask(house.thea, plan)
    await house.run()

    assert len(house.dms.to(CLEO)) == 1


async def test_the_question_says_what_and_when_and_that_no_is_fine(house: CheckInHouse) -> None:
    _, question = await asked(house, words="How was the train?")

    assert "> How was the train?" in question.text
    assert question.text.count("<t:") == 3
    assert say("check_in_ask.terms", name="Thea P") in question.text
    assert labels(question) == ["Accept", "No, thanks"]


async def test_yes_starts_it_and_is_told_to_the_therapist(house: CheckInHouse) -> None:
    plan, _ = await asked(house)
    woken = house.woken

    answered = await house.own.accept(house.cleo, plan)
    await house.run()
    await house.run_after(HOUR)

    assert answered.placement is Placement.SAME
    assert house.woken == woken + 1
    assert house.dms.to(THEA)[0].text.startswith("blue door has accepted")
    assert house.dms.to(CLEO)[-1].text.startswith(say("check_in"))


async def test_yes_twice_is_yes_once(house: CheckInHouse) -> None:
    plan, _ = await asked(house)
    await house.own.accept(house.cleo, plan)
    await house.own.accept(house.cleo, plan)
    await house.run()

    assert len(house.dms.to(THEA)) == 1


async def test_yes_keeps_a_zone_that_was_chosen_before(house: CheckInHouse) -> None:
    link = await house.pair(zone="America/New_York")
    plan = plan_of(await schedule(house, link.id, zone="Berlin"))
    await house.own.accept(house.cleo, plan)

    async with house.storage.read() as work:
        known = await work.people.find(CLEO)
    assert known is not None
    assert known.zone == "America/New_York"


async def test_no_ends_it_and_is_told_without_a_reason(house: CheckInHouse) -> None:
    plan, _ = await asked(house)

    await house.own.decline(house.cleo, plan)
    late = await house.own.accept(house.cleo, plan)
    again = await house.own.decline(house.cleo, plan)
    await house.run_after(DAY)

    assert "stopped" in late.text
    assert late == again
    assert len(house.dms.to(CLEO)) == 1
    assert [each.text.split(" to ")[0] for each in house.dms.to(THEA)] == [
        "blue door said no, thanks"
    ]


async def test_a_yes_after_the_time_has_passed_says_so(house: CheckInHouse) -> None:
    plan, _ = await asked(house, days="today")
    house.clock.advance(2 * HOUR)

    answered = await house.own.accept(house.cleo, plan)

    assert answered.text == say("check_in_ask.too_late", name="Thea P")


async def test_a_yes_without_consent_to_check_ins_starts_nothing(house: CheckInHouse) -> None:
    plan, _ = await asked(house)
    await house.withdraw()

    refused = await house.own.accept(house.cleo, plan)

    assert refused.text == say("check_in_ask.not_allowed")
    assert (await house.plan(plan)).is_waiting


async def test_a_question_is_not_sent_once_consent_is_taken_back(house: CheckInHouse) -> None:
    link = await house.pair()
    plan = plan_of(await schedule(house, link.id))
    await house.planning.ask(house.thea, plan)
    await house.withdraw()
    await house.run()

    assert house.dms.shown == []
    refused = await house.planning.ask(house.thea, plan)
    assert refused.text == say("check_in_plan.no_consent", label="blue door")


async def test_a_question_that_cannot_arrive_is_told_to_the_therapist(
    house: CheckInHouse,
) -> None:
    link = await house.pair()
    plan = plan_of(await schedule(house, link.id))
    await house.planning.ask(house.thea, plan)
    house.dms.closed.add(CLEO)

    await house.run()

    assert house.dms.to(THEA)[0].text.startswith("I could not ask blue door")


async def test_a_discarded_proposal_can_be_neither_asked_nor_seen(house: CheckInHouse) -> None:
    link = await house.pair()
    plan = plan_of(await schedule(house, link.id))

    await house.planning.discard(house.thea, plan)
    late = await house.planning.ask(house.thea, plan)
    await house.run()

    assert late.text == say("check_in_plan.not_waiting")
    assert house.dms.shown == []
    shown = await house.planning.list_plans(house.thea, in_dm=True)
    assert shown.text == say("check_in_plan.none")


async def test_an_accepted_one_is_not_discarded(house: CheckInHouse) -> None:
    plan = await house.agree(await house.pair())

    refused = await house.planning.discard(house.thea, plan.id)

    assert refused.text == say("check_in_plan.not_waiting")
    assert (await house.plan(plan.id)).is_running


async def test_a_stop_of_the_therapist_ends_it_and_tells_the_client(house: CheckInHouse) -> None:
    plan = await house.agree(await house.pair())

    stopped = await house.planning.stop(house.thea, plan.id, in_dm=True)
    again = await house.planning.stop(house.thea, plan.id, in_dm=True)
    await house.run_after(DAY)

    assert stopped.text == say("check_in_plan.now_stopped", label="blue door")
    assert again.text == say("check_in_plan.was_stopped", label="blue door")
    assert [each.text.partition(":")[0] for each in house.dms.to(CLEO)] == ["A small change"]


async def test_the_list_shows_how_each_plan_stands(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.propose(link)
    running, paused, away, stopped = [await house.agree(link) for _ in range(4)]
    await house.own.pause_open_ended(house.cleo, paused.id)
    await house.own.pause_a_week(house.cleo, away.id)
    await house.own.stop(house.cleo, stopped.id)
    assert running.next_due_at is not None
    due = int(running.next_due_at.timestamp())
    week = timedelta(days=7).total_seconds()

    shown = await house.planning.list_plans(house.thea, in_dm=True)

    states = [line.split(": ")[1] for line in shown.text.splitlines()[1:]]
    assert states == [
        "waiting for a yes",
        f"next <t:{due}:F>",
        "paused",
        f"paused, goes on <t:{due + int(week)}:F>",
        "stopped",
    ]
    house.clock.advance(timedelta(days=29))
    later = await house.planning.list_plans(house.thea, in_dm=True)
    assert "stopped" not in later.text


async def test_many_plans_fit_into_one_list(house: CheckInHouse) -> None:
    link = await house.pair(label="w" * 40)
    for _ in range(MOST_LINES + 1):
        await house.agree(link, days="mon tue wed thu fri sat")

    assert_fits(await house.planning.list_plans(house.thea, in_dm=True))
    assert_fits(await house.own.open(house.cleo))


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ({"time": "teatime"}, "check_in_plan.wrong_time"),
        ({"time": "9"}, "check_in_plan.wrong_half_of_day"),
        ({"days": "sometimes"}, "check_in_plan.wrong_days"),
        ({"days": "2024-01-01"}, "check_in_plan.wrong_past"),
        ({"days": "2029-01-01"}, "check_in_plan.wrong_too_far"),
    ],
)
async def test_words_that_cannot_be_read_are_answered_with_right_ones(
    house: CheckInHouse, order: dict[str, str], key: str
) -> None:
    link = await house.pair()

    screen = await schedule(house, link.id, **order)

    assert screen.text.startswith(say(key, example="|").partition("|")[0])
    assert await house.plans() == ()


async def test_a_place_nobody_knows_is_asked_for_again(house: CheckInHouse) -> None:
    link = await house.pair()

    unknown = await schedule(house, link.id, zone="Atlantis")
    missing = await schedule(house, link.id, zone="")

    assert unknown.text == say("check_in_plan.wrong_zone", label="blue door")
    assert missing.text == say("check_in_plan.ask_zone", label="blue door")


async def test_words_beyond_three_hundred_characters_are_refused(house: CheckInHouse) -> None:
    link = await house.pair()

    screen = await schedule(house, link.id, words="x" * 301)

    assert screen.text == say("check_in_plan.too_long", most=300)


async def test_a_client_can_be_named_by_label(house: CheckInHouse) -> None:
    await house.pair()

    assert labels(await schedule(house, "Blue Door"))


async def test_a_client_without_consent_is_not_planned_for(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.withdraw()

    screen = await schedule(house, link.id)

    assert screen.text == say("check_in_plan.no_consent", label="blue door")


async def test_an_ended_link_looks_like_one_that_never_was(house: CheckInHouse) -> None:
    link = await house.pair()
    await house.end(link)

    assert await schedule(house, link.id) == await schedule(house, "nobody")
    assert await house.planning.suggest_clients(house.thea, "") == ()


async def test_another_therapist_neither_finds_nor_changes_anything(house: CheckInHouse) -> None:
    link = await house.pair()
    plan = await house.agree(link)
    other = Reader(PersonId(9))
    house.therapists.people.add(other.person)
    proposed = PlanOrder(link.id, **EVERY_DAY)

    refused = await house.planning.schedule(other, proposed, in_dm=True)
    assert refused.text == say("check_in_plan.no_client")
    assert await house.planning.suggest_clients(other, "") == ()
    assert await house.planning.suggest_plans(other, "") == ()
    for screen in (
        await house.planning.ask(other, plan.id),
        await house.planning.discard(other, plan.id),
        await house.planning.stop(other, plan.id, in_dm=True),
    ):
        assert screen.text == say("access.not_for_you")
    assert await house.plans() == (plan,)


async def test_who_is_no_therapist_any_more_can_do_nothing(house: CheckInHouse) -> None:
    link = await house.pair()
    plan = await house.agree(link)
    house.therapists.people.clear()

    for screen in (
        await schedule(house, link.id),
        await house.planning.ask(house.thea, plan.id),
        await house.planning.discard(house.thea, plan.id),
        await house.planning.stop(house.thea, plan.id, in_dm=True),
        await house.planning.list_plans(house.thea, in_dm=True),
    ):
        assert screen.text == say("access.therapists_only")
    assert await house.planning.suggest_clients(house.thea, "") == ()
    assert await house.planning.suggest_plans(house.thea, "") == ()
    assert await house.plans() == (plan,)


async def test_in_a_server_nothing_is_shown(house: CheckInHouse) -> None:
    await house.agree(await house.pair())

    shown = await house.planning.list_plans(house.thea, in_dm=False)

    assert shown.text == say("access.only_in_dm")


async def test_suggestions_fit_what_was_typed(house: CheckInHouse) -> None:
    await house.pair(CLEO, "blue door")
    link = await house.pair(DANA, "green door")
    plan = await house.agree(link)

    [client] = await house.planning.suggest_clients(house.thea, "GREEN")
    [found] = await house.planning.suggest_plans(house.thea, "green")
    [zone] = house.planning.suggest_zones("munich")

    assert (client.label, client.value) == ("green door", link.id)
    assert found.label == "green door: every day at 13:00 (Europe/London)"
    assert found.value == plan.id
    assert zone.value == "Europe/Berlin"


async def test_a_client_pauses_goes_on_and_stops(house: CheckInHouse) -> None:
    plan = await house.agree(await house.pair())
    listed = await house.own.open(house.cleo)
    [menu] = [row for row in listed.rows if isinstance(row, Menu)]
    assert [each.value for each in menu.options] == [plan.id]

    chosen = await house.own.choose(house.cleo, plan.id)
    assert labels(chosen) == ["Pause a week", "Pause until I say", "Stop"]
    paused = await house.own.pause_a_week(house.cleo, plan_of(chosen))
    assert labels(paused) == ["Go on", "Stop"]
    await house.run_after(3 * DAY)
    assert house.dms.shown == []
    resumed = await house.own.go_on(house.cleo, plan.id)
    assert labels(resumed) == labels(chosen)
    await house.run_after(HOUR)
    assert len(house.dms.to(CLEO)) == 1
    stopped = await house.own.stop(house.cleo, plan.id)
    assert labels(stopped) == []
    await house.run_after(DAY)
    assert len(house.dms.to(CLEO)) == 1
    # Thea sees it in her list and is not written to about it.
    assert house.dms.to(THEA) == []
    assert (await house.own.open(house.cleo)).text == say("check_ins.none")


async def test_a_waiting_plan_can_be_answered_from_the_list_too(house: CheckInHouse) -> None:
    plan, _ = await asked(house)

    chosen = await house.own.choose(house.cleo, plan)

    assert pressed(chosen, "Accept").action.name == "check_in_plan.accept"


async def test_another_persons_press_on_a_plan_changes_nothing(house: CheckInHouse) -> None:
    link = await house.pair()
    waiting, plan = await house.propose(link), await house.agree(link)
    before = await house.plans()
    dana = Reader(DANA)

    for screen in (
        await house.own.accept(dana, waiting.id),
        await house.own.decline(dana, waiting.id),
        await house.own.choose(dana, plan.id),
        await house.own.pause_a_week(dana, plan.id),
        await house.own.pause_open_ended(dana, plan.id),
        await house.own.go_on(dana, plan.id),
        await house.own.stop(dana, plan.id),
        await house.own.stop(dana, CheckInPlanId("none")),
    ):
        assert screen.text == say("access.not_for_you")
    assert await house.plans() == before
    assert (await house.own.open(dana)).text == say("check_ins.none")
