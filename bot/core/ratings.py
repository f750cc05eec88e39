"""The 0 to 10 distress rating and what a change in it calls for.

The scale is Wolpe's (1969); its published anchors put "scared of what I might do" at 9, so 9 and
10 open help before any exercise.
"""

from enum import StrEnum

LOWEST, HIGHEST = 0, 10
HELP_FROM = 9
# Bands of the scale: 0-3 steady.
STEADY_UP_TO = 3


class AfterPractice(StrEnum):
    """What follows the rating after a practice."""

    EASIER = "easier"
    NOT_EASIER = "not_easier"
    HELP = "help"


def find_rating(text: str) -> int | None:
    """Return the rating written in `text`, or None where there is none from 0 to 10."""
    if not (text.isascii() and text.isdecimal()):
        return None
    rating = int(text)
    return rating if LOWEST <= rating <= HIGHEST else None


def opens_help(rating: int) -> bool:
    """Tell whether a rating opens the help screen first."""
    return rating >= HELP_FROM


def after_practice(before: int | None, after: int) -> AfterPractice:
    """Decide what follows: without a rating before, only a steady one counts as easier."""
    if opens_help(after):
        return AfterPractice.HELP
    easier = after <= STEADY_UP_TO if before is None else after < before or after == LOWEST
    return AfterPractice.EASIER if easier else AfterPractice.NOT_EASIER
