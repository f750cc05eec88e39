"""The help screen: one message, every number alone on its line, the country asked once."""

import pytest

from tests.journeys.people import Client, Stage, labels


async def test_without_a_country_there_is_no_number_but_the_finder_and_the_question(
    cleo: Client,
) -> None:
    await cleo.slash("help-now")

    text = cleo.shown.content
    assert "call your local emergency number" in text
    assert "https://findahelpline.com" in text
    assert "Which country are you in?" in text
    assert not any(line.isdecimal() for line in text.splitlines())


async def test_country_by_option_shows_its_numbers_alone_on_their_lines(cleo: Client) -> None:
    await cleo.slash("help-now", country="GB")

    lines = cleo.shown.content.splitlines()
    assert "999" in lines
    assert "116 123" in lines
    assert "From public lists of November 2026, not confirmed by us." in lines
    assert len(cleo.messages_from_us) == 1


async def test_country_by_region_and_button(cleo: Client) -> None:
    await cleo.slash("help-now")
    await cleo.press("Choose my country")
    await cleo.press("Oceania")
    await cleo.press("New Zealand")

    assert "111" in cleo.shown.content.splitlines()
    assert len(cleo.messages_from_us) == 2, "the countries give way to the numbers"


async def test_country_typed_into_the_modal(cleo: Client, stage: Stage) -> None:
    await cleo.slash("help-now")
    await cleo.press("Choose my country")
    shown = await cleo.press("Type my country")
    await stage.restart()
    await cleo.submit(shown, "deutschland")

    assert "112" in cleo.shown.content.splitlines()


async def test_a_name_that_only_resembles_a_country_is_asked_about(cleo: Client) -> None:
    await cleo.slash("help-now", country="united")

    assert "Which country?" in cleo.shown.content
    assert "United Kingdom" in labels(cleo.shown)
    assert "999" not in cleo.shown.content


async def test_unknown_country_brings_the_regions(cleo: Client) -> None:
    await cleo.slash("help-now", country="atlantis")

    assert "I don't have that country" in cleo.shown.content
    assert "Oceania" in labels(cleo.shown)


async def test_country_is_asked_once(cleo: Client) -> None:
    await cleo.slash("help-now", country="FR")
    await cleo.slash("help-now")

    assert "3114" in cleo.shown.content.splitlines()


async def test_countries_are_suggested_while_typing(cleo: Client) -> None:
    choices = await cleo.user.autocomplete("help-now", "country", "new z")

    assert [each["value"] for each in choices] == ["NZ"]


async def test_help_buttons_work_after_a_restart(cleo: Client, stage: Stage) -> None:
    await cleo.slash("help-now", country="IE")
    await stage.restart()
    await cleo.press("One minute of grounding")
    await cleo.press("Stop")

    assert "Stopping is part of taking care" in cleo.shown.content
    assert "116 123" in cleo.messages_from_us[0].content.splitlines()


async def test_expired_help_comes_as_a_message(cleo: Client) -> None:
    cleo.expire_next_interaction()
    await cleo.slash("help-now", country="GB")

    assert "999" in cleo.shown.content.splitlines()


async def test_in_a_server_only_the_member_sees_it(stage: Stage) -> None:
    guild = stage.env.create_guild()
    support = guild.create_text_channel("support")
    member = guild.add_member(stage.env.create_user("mara"))

    answer = await member.slash(support, "help-now", country="US")

    assert answer.ephemeral
    assert answer.response is not None
    assert "988" in answer.response.content.splitlines()


@pytest.mark.parametrize("word", ["help", "Help me", "HELP!", "help now."])
async def test_the_word_help_always_opens_help(cleo: Client, word: str) -> None:
    await cleo.write("hello")
    await cleo.write(word)
    await cleo.write(word)

    assert [m.content.splitlines()[0] for m in cleo.messages_from_us[1:]] == ["Help now"] * 2


async def test_choosing_a_country_goes_on_after_a_restart(cleo: Client, stage: Stage) -> None:
    await cleo.write("help")
    await stage.restart()
    await cleo.press("Choose my country")
    await stage.restart()
    await cleo.press("Asia")
    await stage.restart()
    await cleo.press("Another region")
    await cleo.press("Oceania")
    await stage.restart()
    await cleo.press("Australia")

    assert "000" in cleo.shown.content.splitlines()


async def test_help_with_closed_dms_is_still_answered(cleo: Client) -> None:
    cleo.close_dms()
    await cleo.slash("help-now", country="AU")

    assert "13 11 14" in cleo.shown.content.splitlines()
