"""Buttons and menus that work after every restart: what they do stands in their custom_id."""

import re
from collections.abc import Mapping
from typing import Protocol, Self, runtime_checkable

import discord

from bot.core.actions import Action

# Every action is named `feature.verb`, followed by its arguments.
TEMPLATE = r"[a-z_]+\.[a-z_]+(?::.*)?"

AnyItem = discord.ui.Item[discord.ui.View]


@runtime_checkable
class AnswersActions(Protocol):
    """A client that knows what every action does."""

    async def answer_action(self, interaction: discord.Interaction, action: Action) -> None:
        """Do what `action` says."""


class ActionItem(discord.ui.DynamicItem[AnyItem], template=TEMPLATE):
    """A button or menu of ours, of this start or any earlier one."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Take up an item that was pressed."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the item says."""
        if isinstance(interaction.client, AnswersActions):
            await interaction.client.answer_action(interaction, pressed_action(interaction))


def pressed_action(interaction: discord.Interaction) -> Action:
    """Return the action of a press; the chosen line of a menu is its last argument."""
    data = payload_of(interaction)
    action = Action.decode(str(data.get("custom_id", "")))
    return Action(action.name, (*action.arguments, *_first(data.get("values"))))


def payload_of(interaction: discord.Interaction) -> Mapping[str, object]:
    """Return what Discord sent with an interaction, {} for none."""
    return interaction.data or {}


def is_still_shown(interaction: discord.Interaction) -> bool:
    """Tell whether the message still has the item that was pressed.

    discord.py drops a press whose item an edit has meanwhile replaced, as a double click does.
    """
    if interaction.message is None:
        return False
    view = discord.ui.View.from_message(interaction.message, timeout=None)
    custom_id = payload_of(interaction).get("custom_id")
    return any(getattr(item, "custom_id", None) == custom_id for item in view.walk_children())


def _first(values: object) -> tuple[str, ...]:
    return tuple(str(each) for each in values[:1]) if isinstance(values, list) else ()
