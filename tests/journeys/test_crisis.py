"""The worst message: resources first, once, in private, and nothing takes them away."""

import pytest

from tests.journeys.people import Client, Stage, labels

IDEATION = "i want to kill myself"
INTENT = "i'm going to kill myself tonight"
DISTRESS = "i cant do this anymore"
FIRST = "I'm glad you said it."
AGAIN = "I read that."
SOFT = "That sounds really hard."


async def test_crisis_in_a_dm_gets_the_screen(cleo: Client) -> None:
    await cleo.write(IDEATION)

    text = cleo.shown.content
    assert text.startswith(FIRST)
    assert text.splitlines()[1].startswith("I'm a program")
    assert "emergency number" in text
    assert labels(cleo.shown) == ["Stay here and ground", "Choose my country", "You misread me"]
    assert len(cleo.messages_from_us) == 1


async def test_screen_shows_the_numbers_of_a_known_country(cleo: Client) -> None:
    await cleo.slash("help-now", country="NZ")
    await cleo.write(IDEATION)

    assert "111" in cleo.shown.content.splitlines()
    assert "1737" in cleo.shown.content.splitlines()


async def test_second_one_in_the_episode_gets_one_short_line(cleo: Client) -> None:
    await cleo.write(IDEATION)
    await cleo.write("i really want to die")

    assert cleo.shown.content.startswith(AGAIN)
    assert labels(cleo.shown) == ["Help now"]


async def test_new_tier_gets_the_whole_screen_again(cleo: Client) -> None:
    await cleo.write(IDEATION)
    await cleo.write(INTENT)

    assert cleo.shown.content.startswith(FIRST)


async def test_whole_screen_again_after_ten_minutes(cleo: Client, stage: Stage) -> None:
    await cleo.write(IDEATION)
    await stage.wait(seconds=10 * 60)
    await cleo.write(IDEATION)

    assert cleo.shown.content.startswith(FIRST)


async def test_distress_gets_a_soft_offer_however_soon(cleo: Client) -> None:
    await cleo.write("hello")
    await cleo.write(DISTRESS)
    await cleo.write(DISTRESS)

    assert [m.content.splitlines()[0] for m in cleo.messages_from_us[1:]] == [SOFT] * 2
    assert labels(cleo.shown) == ["Help now", "Ground me"]


async def test_danger_from_others_shows_police_and_asks_who_is_safe(cleo: Client) -> None:
    await cleo.slash("help-now", country="FR")
    await cleo.write("my husband is hitting me and i locked myself in the bathroom")

    lines = cleo.shown.content.splitlines()
    assert "Who is safe to tell?" in lines
    assert "17" in lines


async def test_worry_about_someone_else_gets_words_for_helpers(cleo: Client) -> None:
    await cleo.write("my friend says she wants to die")

    assert "Worrying about someone" in cleo.shown.content
    assert "Help now" in labels(cleo.shown)


async def test_misread_is_answered_kindly_and_leaves_everything(cleo: Client, stage: Stage) -> None:
    await cleo.write(IDEATION)
    screen = cleo.shown
    await stage.restart()
    await cleo.press("You misread me")

    assert "I may have read that wrong" in cleo.shown.content
    still_there = cleo.messages_from_us[0]
    assert still_there.content == screen.content
    assert labels(still_there) == labels(screen)


async def test_grounding_from_the_screen_leaves_the_screen(cleo: Client) -> None:
    await cleo.write(IDEATION)
    await cleo.press("Stay here and ground")

    assert labels(cleo.shown)[:3] == ["Next", "Something gentler", "Stop"]
    assert cleo.messages_from_us[0].content.startswith(FIRST)


async def test_edited_message_is_read_too(cleo: Client) -> None:
    await cleo.write("hello")
    written = cleo.dm.history()[0]
    await cleo.user.edit(written, IDEATION)

    assert cleo.shown.content.startswith(FIRST)


async def test_edit_without_new_words_is_not_answered_twice(cleo: Client) -> None:
    await cleo.write(IDEATION)
    written = cleo.dm.history()[0]
    await cleo.user.edit(written, IDEATION)

    assert len(cleo.messages_from_us) == 1


async def test_words_typed_into_an_option_are_read(cleo: Client) -> None:
    await cleo.slash("ground", exercise=IDEATION)

    assert cleo.shown.content.startswith(FIRST)


async def test_words_typed_into_a_modal_are_read(cleo: Client) -> None:
    await cleo.slash("help-now")
    await cleo.press("Choose my country")
    shown = await cleo.press("Type my country")
    await cleo.submit(shown, INTENT)

    assert cleo.shown.content.startswith(FIRST)


async def test_words_in_an_option_in_a_server_are_answered_privately_and_in_the_dm(
    stage: Stage,
) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    user = stage.env.create_user("mara")
    member = guild.add_member(user)

    answer = await member.slash(support, "ground", exercise=IDEATION)

    assert answer.ephemeral
    assert answer.response is not None
    assert answer.response.content.startswith(FIRST)
    copy = user.dm_channel.last_message
    assert copy is not None
    assert copy.content.startswith(FIRST)


async def test_closed_dm_keeps_the_private_answer_in_the_server(stage: Stage) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    mara = stage.client("mara")
    mara.close_dms()

    answer = await guild.add_member(mara.user).slash(support, "ground", exercise=IDEATION)

    assert answer.response is not None
    assert answer.response.content.startswith(FIRST)


async def test_undelivered_screen_waits_for_the_next_command(cleo: Client) -> None:
    cleo.close_dms()
    await cleo.write(IDEATION)
    assert cleo.messages_from_us == []
    answer = await cleo.slash("ground")

    assert [each.ephemeral for each in answer.followups] == [True]
    assert FIRST in answer.followups[0].content
    assert (await cleo.slash("ground")).followups == []


async def test_screen_arrives_when_discord_fails_for_a_while(cleo: Client, stage: Stage) -> None:
    stage.env.inject_error("POST", "/channels/*/messages", status=503, times=2)
    await cleo.write(IDEATION)
    await stage.wait(seconds=10)

    assert [m.content.startswith(FIRST) for m in cleo.messages_from_us] == [True]


async def test_channel_gets_nothing_but_a_neutral_answer(stage: Stage) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    user = stage.env.create_user("mara")
    member = guild.add_member(user)
    me = stage.env.bot.user
    assert me is not None

    await member.send(support, f"{me.mention} {IDEATION}")

    in_public = [m.content for m in support.history() if m.author.id == me.id]
    assert in_public == ["I answer in private. Press the button and only you will see it."]
    offer = user.dm_channel.last_message
    assert offer is not None
    assert labels(offer) == ["Help now", "Ground me"]
    assert "emergency number" not in offer.content


async def test_channel_answer_is_the_same_for_every_mention(stage: Stage) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    user = stage.env.create_user("mara")
    member = guild.add_member(user)
    me = stage.env.bot.user
    assert me is not None

    await member.send(support, f"{me.mention} hello")

    assert support.history()[-1].content.startswith("I answer in private.")
    assert user.dm_channel.last_message is None


async def test_channel_message_without_mention_is_not_answered(stage: Stage) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    user = stage.env.create_user("mara")

    await guild.add_member(user).send(support, IDEATION)

    assert len(support.history()) == 1
    assert user.dm_channel.last_message is None


async def test_open_under_the_neutral_answer_shows_the_row_privately(stage: Stage) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    member = guild.add_member(stage.env.create_user("mara"))
    me = stage.env.bot.user
    assert me is not None
    await member.send(support, me.mention)

    answer = await member.click(support.history()[-1], label="Open")

    assert answer.ephemeral


@pytest.mark.parametrize(
    "text", ["🙂" * 1000, "a" * 2000, "\u200b" * 2000, "((((" * 500, "kill " * 400]
)
async def test_strange_messages_never_silence_us(cleo: Client, text: str) -> None:
    await cleo.write(text)

    assert len(cleo.messages_from_us) == 1
