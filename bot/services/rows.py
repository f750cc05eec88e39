"""The row that is the same everywhere: Ground me | Breathe | Help now."""

from bot.core.actions import Action
from bot.core.people import Language
from bot.core.screens import Button, Screen, Weight
from bot.services.ports import Texts

ASK_STATE = Action.of("ground.ask")
BREATHE = Action.of("breathe.ask")
HELP = Action.of("help.open")


def help_button(texts: Texts, language: Language) -> Button:
    """Return [Help now]."""
    return Button(texts.say(language, "row.help"), HELP, Weight.HELP)


def ground_button(texts: Texts, language: Language) -> Button:
    """Return [Ground me]."""
    return Button(texts.say(language, "row.ground"), ASK_STATE, Weight.MAIN)


def main_row(texts: Texts, language: Language) -> tuple[Button, ...]:
    """Return the three buttons, always in this order."""
    return (
        ground_button(texts, language),
        Button(texts.say(language, "row.breathe"), BREATHE, Weight.MAIN),
        help_button(texts, language),
    )


def with_row(texts: Texts, language: Language, text: str) -> Screen:
    """Return `text` with the row under it."""
    return Screen(text, (main_row(texts, language),))
