"""Screens and questions as Discord is given them."""

from unittest.mock import Mock

import discord

from bot.core.actions import Action
from bot.core.screens import Button, Link, Menu, Option, Question, Screen, Weight
from bot.discord_io.rendering import modal_of, typed_text, view_of

NEXT = Button("Next", Action.of("practice.step", "sn-color", 2), Weight.MAIN)
STOP = Button("Stop", Action.of("practice.stop"))
HELP = Button("Help now", Action.of("help.open"), Weight.HELP)
MENU = Menu("Pick a number", Action.of("practice.before", "sn-color"), (Option("1 Okay", "1"),))
QUESTION = Question("Your country", "Country", Action.of("country.typed", "medical"), 60)


async def test_a_button_says_in_its_custom_id_what_it_does() -> None:
    [row] = view_of(Screen("", ((NEXT, STOP, HELP),))).to_components()

    assert [each["custom_id"] for each in row["components"]] == [
        "practice.step:sn-color:2",
        "practice.stop",
        "help.open",
    ]
    assert [each["label"] for each in row["components"]] == ["Next", "Stop", "Help now"]
    assert [each["style"] for each in row["components"]] == [1, 2, 4]


async def test_rows_keep_their_order_and_a_menu_has_one_of_its_own() -> None:
    rows = view_of(Screen("", ((NEXT,), MENU, (HELP, STOP)))).to_components()

    assert [len(row["components"]) for row in rows] == [1, 1, 2]
    [menu] = rows[1]["components"]
    assert menu["custom_id"] == "practice.before:sn-color"
    assert menu["placeholder"] == "Pick a number"
    assert [(each["label"], each["value"]) for each in menu["options"]] == [("1 Okay", "1")]


async def test_a_link_opens_its_page() -> None:
    [row] = view_of(Screen("", ((Link("More", "https://example.org/"),),))).to_components()

    [link] = row["components"]
    assert (link["label"], link["url"]) == ("More", "https://example.org/")
    assert "custom_id" not in link


async def test_buttons_work_for_as_long_as_the_message_stands() -> None:
    view = view_of(Screen("", ((NEXT,), MENU)))

    assert view.timeout is None
    assert view.is_persistent()


async def test_a_modal_carries_all_it_needs_and_is_not_waited_for() -> None:
    modal = modal_of(QUESTION)
    shown = modal.to_dict()

    assert shown["title"] == "Your country"
    assert shown["custom_id"] == "country.typed:medical"
    [label] = shown["components"]
    assert label["label"] == "Country"
    assert label["component"]["max_length"] == 60
    assert modal.is_finished()


def submitted(components: object) -> discord.Interaction:
    return Mock(spec=discord.Interaction, data={"components": components})


def test_everything_typed_into_a_modal_is_read_however_it_is_nested() -> None:
    text = {"type": 4, "custom_id": "text", "value": "in a label"}
    old = {"type": 4, "custom_id": "text", "value": "in a row"}
    components = [
        {"type": 18, "id": 1, "component": text},
        {"type": 1, "components": [old, {"type": 10, "content": "not typed"}]},
    ]

    assert typed_text(submitted(components)) == "in a label\nin a row"


def test_a_modal_with_nothing_typed_has_no_text() -> None:
    assert typed_text(submitted([])) == ""
    assert typed_text(submitted(None)) == ""
    assert typed_text(Mock(spec=discord.Interaction, data=None)) == ""
