"""The detector with the phrases that come with Handrail, built once for all tests."""

from functools import cache

from bot.content.crisis import load_phrase_book
from bot.core.crisis import Detection, Place
from bot.core.crisis_conversation import Conversation
from bot.core.crisis_detector import Detector


@cache
def bundled_detector() -> Detector:
    return Detector(load_phrase_book())


def in_dm(text: str, recent: Conversation | None = None) -> Detection:
    return bundled_detector().detect(text, Place.DM, recent)


def in_channel(text: str) -> Detection:
    return bundled_detector().detect(text, Place.CHANNEL)
