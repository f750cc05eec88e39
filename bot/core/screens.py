"""What a person is shown: text and buttons as plain values, before Discord is involved."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.actions import Action


class Weight(StrEnum):
    """How a button stands out; its meaning is always in its words, never in its colour."""

    MAIN = "main"
    PLAIN = "plain"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press."""

    label: str
    action: Action
    weight: Weight = Weight.PLAIN


@dataclass(frozen=True, slots=True)
class Link:
    """A web page to open."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu; `value` comes back as the last argument of the menu's action."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A list to choose one line from; it takes a row of its own."""

    prompt: str
    action: Action
    options: tuple[Option, ...]


class Placement(StrEnum):
    """Whether pressing a button brings a new message or changes the one it stands on."""

    NEW = "new"
    SAME = "same"


Row = tuple[Button | Link, ...] | Menu


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: plain content and up to five rows, so that old apps still show it."""

    text: str
    rows: tuple[Row, ...] = ()
    placement: Placement = Placement.NEW

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every button, in reading order."""
        rows = (row for row in self.rows if not isinstance(row, Menu))
        return tuple(each for row in rows for each in row if isinstance(each, Button))


@dataclass(frozen=True, slots=True)
class Question:
    """A modal with one field of text; the field's words come back to `action`."""

    title: str
    label: str
    action: Action
    most_characters: int


def rows_of(buttons: tuple[Button, ...], a_row: int) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons in their order, at most `a_row` beside each other."""
    return tuple(buttons[start : start + a_row] for start in range(0, len(buttons), a_row))
