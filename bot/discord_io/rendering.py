"""Screens and questions as Discord shows them: plain content, classic buttons."""

import discord

from bot.core.screens import Button, Link, Menu, Question, Screen, Weight
from bot.discord_io.persistent_views import ActionItem, AnyItem, payload_of

STYLES = {
    Weight.MAIN: discord.ButtonStyle.primary,
    Weight.PLAIN: discord.ButtonStyle.secondary,
    Weight.HELP: discord.ButtonStyle.danger,
}
FIELD = "text"


def view_of(screen: Screen) -> discord.ui.View:
    """Build the rows of a screen; every item says in its custom_id what it does."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(screen.rows):
        for each in (row,) if isinstance(row, Menu) else row:
            view.add_item(_item(each, number))
    return view


def modal_of(question: Question) -> discord.ui.Modal:
    """Build a modal that carries all it needs in its custom_id, so that a restart loses nothing."""
    modal = discord.ui.Modal(title=question.title, custom_id=question.action.encoded)
    field = discord.ui.TextInput[discord.ui.Modal](
        custom_id=FIELD, max_length=question.most_characters
    )
    modal.add_item(discord.ui.Label(text=question.label, component=field))
    # Submits are answered by their custom_id; a stopped modal is not kept waiting in memory.
    modal.stop()
    return modal


def typed_text(interaction: discord.Interaction) -> str:
    """Return all that was typed into a submitted modal, "" where there is nothing."""
    return "\n".join(_typed(payload_of(interaction).get("components")))


def _typed(components: object) -> list[str]:
    found: list[str] = []
    for each in components if isinstance(components, list) else []:
        if isinstance(value := each.get("value"), str):
            found.append(value)
        found += _typed(each.get("components")) + _typed(_inner(each))
    return found


def _item(part: Button | Link | Menu, row: int) -> AnyItem | ActionItem:
    match part:
        case Link():
            return discord.ui.Button(label=part.label, url=part.url, row=row)
        case Menu():
            options = [discord.SelectOption(label=o.label, value=o.value) for o in part.options]
            return ActionItem(
                discord.ui.Select(
                    placeholder=part.prompt,
                    options=options,
                    custom_id=part.action.encoded,
                    row=row,
                )
            )
        case Button():
            return ActionItem(
                discord.ui.Button(
                    label=part.label,
                    style=STYLES[part.weight],
                    custom_id=part.action.encoded,
                    row=row,
                )
            )


def _inner(component: dict[str, object]) -> list[object]:
    return [component["component"]] if "component" in component else []
