"""Somebody far away at night: two taps, one step after the other, Stop everywhere."""

import pytest

from tests.journeys.people import Client, Stage, labels, menu_of

PRACTICE_ROW = ["Next", "Something gentler", "Stop"]
ROW = ["Ground me", "Breathe", "Help now"]


async def test_second_tap_is_answered_with_the_first_step(cleo: Client) -> None:
    await cleo.slash("ground")
    await cleo.press("Too far away")
    await cleo.press("Hands or feet")

    assert "Press both feet into the floor." in cleo.shown.content
    assert labels(cleo.shown) == PRACTICE_ROW
    assert menu_of(cleo.shown) is not None


async def test_a_practice_is_one_message_from_first_tap_to_rating(cleo: Client) -> None:
    await cleo.slash("ground")
    await cleo.press("Too far away")
    await cleo.press("Hands or feet")
    for _ in range(4):
        await cleo.press("Next")
    assert "How is it now" in cleo.shown.content
    await cleo.press("Skip")

    assert len(cleo.messages_from_us) == 1
    assert labels(cleo.shown) == ROW


async def test_buttons_keep_their_places_on_every_step(cleo: Client) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    assert labels(cleo.shown) == ["Start", *PRACTICE_ROW[1:]]
    await cleo.press("Start")
    for _ in range(4):
        assert labels(cleo.shown) == PRACTICE_ROW
        await cleo.press("Next")
    assert labels(cleo.shown) == ["Skip", *PRACTICE_ROW[1:]]


async def test_breath_is_not_offered_to_somebody_far_away(cleo: Client) -> None:
    await cleo.slash("ground")
    await cleo.press("Too far away")

    assert "Breath" not in labels(cleo.shown)
    assert labels(cleo.shown)[-1] == "Stop"


@pytest.mark.parametrize("steps", range(5))
async def test_stop_on_every_step_says_one_kind_line_and_nothing_else(
    cleo: Client, steps: int
) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    for _ in range(steps):
        await cleo.press("Start" if "Start" in labels(cleo.shown) else "Next")
    await cleo.press("Stop")

    assert cleo.shown.content == "That's fine. Stopping is part of taking care."
    assert labels(cleo.shown) == []


async def test_practice_goes_on_after_a_restart(cleo: Client, stage: Stage) -> None:
    await cleo.slash("ground")
    await stage.restart()
    await cleo.press("Too much")
    await stage.restart()
    await cleo.press("Words")
    first = cleo.shown.content
    await stage.restart()
    await cleo.press("Next")

    assert cleo.shown.content != first
    assert len(cleo.messages_from_us) == 1


async def test_double_click_moves_one_step(cleo: Client) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    await cleo.press("Start")
    await cleo.press_twice("Next")

    assert "(2 of 4)" in cleo.shown.content


async def test_something_gentler_never_ends(cleo: Client) -> None:
    await cleo.slash("ground", exercise="br-box")
    for _ in range(6):
        await cleo.press("Something gentler")
        assert labels(cleo.shown)[:3] == PRACTICE_ROW


async def test_lower_rating_ends_kindly(cleo: Client) -> None:
    await cleo.slash("ground", exercise="bo-drop")
    await cleo.press("Start")
    await cleo.choose("7")
    await _to_the_end(cleo)
    await cleo.choose("4")

    assert labels(cleo.shown) == ROW


async def test_rating_that_is_not_lower_leads_to_another_kind_a_person_and_help(
    cleo: Client,
) -> None:
    await cleo.slash("ground", exercise="bo-drop")
    await cleo.press("Start")
    await cleo.choose("6")
    await _to_the_end(cleo)
    await cleo.choose("6")

    assert labels(cleo.shown) == ["Something different", "A person", "Help now"]
    await cleo.press("A person")
    assert "Is there someone" in cleo.shown.content
    assert "Help now" in labels(cleo.shown)


async def test_something_different_is_another_kind(cleo: Client) -> None:
    await cleo.slash("ground", exercise="bo-drop")
    await cleo.press("Start")
    await _to_the_end(cleo)
    await cleo.choose("8")
    await cleo.press("Something different")

    assert labels(cleo.shown) == PRACTICE_ROW
    assert "Drop three places" not in cleo.shown.content


@pytest.mark.parametrize("rating", ["9", "10"])
async def test_nine_or_ten_opens_help_before_the_exercise(cleo: Client, rating: str) -> None:
    await cleo.slash("ground", exercise="bo-drop")
    await cleo.press("Start")
    await cleo.choose(rating)

    assert "emergency number" in cleo.shown.content
    await cleo.press("Go on with the exercise")
    assert labels(cleo.shown) == PRACTICE_ROW
    assert "emergency number" in cleo.messages_from_us[-2].content


async def test_in_a_server_only_the_member_sees_it(stage: Stage) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    member = guild.add_member(stage.env.create_user("mara"))
    watcher = guild.add_member(stage.env.create_user("mo"))

    answer = await member.slash(support, "ground")

    assert answer.ephemeral
    assert support.history(viewer=watcher) == []


async def test_unknown_exercise_brings_the_selector(cleo: Client) -> None:
    await cleo.slash("ground", exercise="juggling")

    assert "I don't have that exercise" in cleo.shown.content
    assert "Too much" in labels(cleo.shown)


async def test_exercises_are_suggested_while_typing(cleo: Client) -> None:
    choices = await cleo.user.autocomplete("ground", "exercise", "on the floor")

    assert [each["value"] for each in choices] == ["sn-feet"]


async def test_today_is_filled_into_the_anchor(cleo: Client) -> None:
    await cleo.slash("ground", exercise="co-anchor")
    await cleo.press("Start")

    assert "Today is Thursday, 01 January 2026." in cleo.shown.content


async def test_strong_urge_has_help_on_every_screen(cleo: Client) -> None:
    await cleo.slash("ground")
    await cleo.press("Strong urge")
    assert "Help now" in labels(cleo.shown)
    await cleo.press("Words")

    assert labels(cleo.shown) == [*PRACTICE_ROW, "Help now"]


async def test_breathe_begins_with_the_gentlest_and_offers_feet_first(cleo: Client) -> None:
    await cleo.slash("breathe")
    assert "Longer exhale" in cleo.shown.content
    await cleo.press("Far away or unreal? Feet first")

    assert "Press both feet into the floor." in cleo.shown.content


async def test_breathe_lasts_as_long_as_wished(cleo: Client) -> None:
    await cleo.slash("breathe", pattern="br-coherent", minutes=5)
    await cleo.press("Start")
    for _ in range(8):
        if "27 rounds" in cleo.shown.content:
            break
        await cleo.press("Next")

    assert "27 rounds" in cleo.shown.content


async def test_practice_beyond_fifteen_minutes_goes_on(cleo: Client, stage: Stage) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    await stage.wait(seconds=16 * 60)
    await cleo.press("Start")

    assert labels(cleo.shown) == PRACTICE_ROW


async def _to_the_end(client: Client) -> None:
    while "How is it now" not in client.shown.content:
        await client.press("Next")


async def test_expired_press_in_the_dm_is_answered_all_the_same(cleo: Client) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    cleo.expire_next_interaction()
    await cleo.press("Start")

    assert "Press both feet into the floor." in cleo.shown.content


async def test_button_of_an_earlier_version_brings_the_row(cleo: Client, stage: Stage) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    stored = stage.env.backend.get_message(cleo.dm.id, cleo.shown.id)
    stored.components[0]["components"][0]["custom_id"] = "practice.juggle:sn-feet"
    await cleo.press("Start")

    assert "earlier version" in cleo.shown.content
    assert labels(cleo.shown) == ROW


async def test_practice_of_an_exercise_that_is_gone_brings_the_selector(
    cleo: Client, stage: Stage
) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    stored = stage.env.backend.get_message(cleo.dm.id, cleo.shown.id)
    stored.components[0]["components"][0]["custom_id"] = "practice.step:xx-gone:3::"
    await cleo.press("Start")

    assert "What is it like right now?" in cleo.shown.content


async def test_breathing_goes_on_after_a_restart_with_its_length(
    cleo: Client, stage: Stage
) -> None:
    await cleo.slash("breathe", pattern="br-exhale", minutes=3)
    await stage.restart()
    await cleo.press("Start")
    while "rounds" not in cleo.shown.content:
        await stage.restart()
        await cleo.press("Next")

    assert "18 rounds" in cleo.shown.content


async def test_rating_after_a_restart_still_knows_the_one_before(
    cleo: Client, stage: Stage
) -> None:
    await cleo.slash("ground", exercise="bo-drop")
    await cleo.press("Start")
    await stage.restart()
    await cleo.choose("5")
    await _to_the_end(cleo)
    await stage.restart()
    await cleo.choose("8")

    assert labels(cleo.shown)[0] == "Something different"
