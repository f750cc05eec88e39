"""Which method answers which action: cogs mark them, the client looks them up."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from bot.core.actions import Action

Press = Callable[[discord.Interaction, Action], Awaitable[None]]
Typed = Callable[[discord.Interaction, Action, str], Awaitable[None]]
Marked = TypeVar("Marked", bound=Callable[..., Awaitable[None]])

PRESSED, TYPED = "__answers_press__", "__answers_text__"


def on_press(name: str) -> Callable[[Marked], Marked]:
    """Mark a cog's method as what answers buttons and menus with the action `name`."""
    return _mark(PRESSED, name)


def on_typed(name: str) -> Callable[[Marked], Marked]:
    """Mark a cog's method as what answers a submitted modal with the action `name`."""
    return _mark(TYPED, name)


class Handlers:
    """Every marked method of the cogs, by the name of its action."""

    def __init__(self) -> None:
        self.presses: dict[str, Press] = {}
        self.typed: dict[str, Typed] = {}

    def take_from(self, cog: object) -> None:
        """Register the marked methods of `cog`."""
        for attribute in dir(type(cog)):
            method = getattr(cog, attribute)
            if name := getattr(method, PRESSED, None):
                self.presses[name] = method
            if name := getattr(method, TYPED, None):
                self.typed[name] = method


def _mark(kind: str, name: str) -> Callable[[Marked], Marked]:
    def mark(method: Marked) -> Marked:
        setattr(method, kind, name)
        return method

    return mark
