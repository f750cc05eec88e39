"""A plain message is never ignored, and never answered too much."""

import pytest

from tests.journeys.people import Client, Stage, labels

ROW = ["Ground me", "Breathe", "Help now"]


async def test_first_message_ever_is_told_what_this_is(cleo: Client) -> None:
    await cleo.write("hello")

    assert "not an emergency service" in cleo.shown.content
    assert "If I don't answer: call your local emergency number" in cleo.shown.content
    assert labels(cleo.shown) == ROW


async def test_first_message_is_told_once_even_after_a_restart(cleo: Client, stage: Stage) -> None:
    await cleo.write("hello")
    await stage.restart()
    await cleo.write("hello again")

    assert "not an emergency service" not in cleo.shown.content
    assert labels(cleo.shown) == ROW


async def test_row_comes_back_at_most_once_in_ten_minutes(cleo: Client, stage: Stage) -> None:
    await cleo.write("hello")
    await cleo.write("how are you")
    assert len(cleo.messages_from_us) == 1
    await stage.wait(seconds=10 * 60)
    await cleo.write("still here")

    assert labels(cleo.shown) == ROW
    assert len(cleo.messages_from_us) == 2


async def test_row_opens_everything_after_a_restart(cleo: Client, stage: Stage) -> None:
    await cleo.write("hello")
    row = cleo.shown
    await stage.restart()
    await cleo.press("Ground me", row)
    await cleo.press("Breathe", row)
    await cleo.press("Help now", row)

    contents = [each.content for each in cleo.messages_from_us[1:]]
    assert "What is it like right now?" in contents[0]
    assert "Longer exhale" in contents[1]
    assert contents[2].startswith("Help now")


@pytest.mark.parametrize("word", ["stop", "Stop", " STOP ", "stop."])
async def test_the_word_stop_ends_the_practice(cleo: Client, stage: Stage, word: str) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    await cleo.press("Start")
    await stage.restart()
    await cleo.write(word)

    assert [each.content for each in cleo.messages_from_us] == [
        "That's fine. Stopping is part of taking care."
    ] * 2
    assert labels(cleo.messages_from_us[0]) == []


async def test_make_it_stop_is_not_the_word_stop(cleo: Client) -> None:
    await cleo.slash("ground", exercise="sn-feet")
    await cleo.press("Start")
    await cleo.write("make it stop")

    assert "Press both feet" in cleo.messages_from_us[0].content
    assert "Stopping is part" not in cleo.shown.content


async def test_picture_is_told_that_it_can_not_be_seen(cleo: Client, stage: Stage) -> None:
    attachments = stage.env.backend.store_attachments(cleo.dm.id, [("picture.png", b"png")])
    await cleo.write("", attachments=attachments)

    assert "I can't hear or see that." in cleo.shown.content
    assert labels(cleo.shown) == ROW


async def test_nothing_a_person_wrote_is_sent_back(cleo: Client, stage: Stage) -> None:
    await cleo.write("marzipan zeppelin")
    await cleo.slash("ground", exercise="marzipan zeppelin")

    assert not any("marzipan" in text for text in stage.sent)
    assert not any("marzipan" in each.content for each in cleo.messages_from_us)
