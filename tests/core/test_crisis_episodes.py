"""When the whole screen is shown, and when a short line is enough."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.crisis import Category, Detection, Tier
from bot.core.crisis_episodes import EPISODE, SCREEN_AGAIN_AFTER, CrisisReply, Episode

START = datetime(2026, 1, 1, tzinfo=UTC)
DETECTIONS = st.builds(Detection, tier=st.sampled_from(Tier), category=st.sampled_from(Category))
PAUSES = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=8))


@given(st.lists(st.tuples(PAUSES, DETECTIONS), max_size=30))
def test_every_t1_and_t2_is_answered_and_every_new_kind_with_the_whole_screen(
    turns: list[tuple[timedelta, Detection]],
) -> None:
    episode, at = Episode(), START
    last_screen_at: datetime | None = None
    kinds: set[tuple[Tier, Category]] = set()
    last_serious_at: datetime | None = None
    for pause, detection in turns:
        at += pause
        reply, episode = episode.answer(detection, at)
        if detection.tier is Tier.T3:
            assert reply is CrisisReply.SOFT_OFFER
        elif not detection.tier.is_crisis:
            assert reply is CrisisReply.ORDINARY
        else:
            over = last_serious_at is None or at - last_serious_at >= EPISODE
            kinds = set() if over else kinds
            tiers = {tier for tier, _ in kinds}
            categories = {category for _, category in kinds}
            is_new = detection.tier not in tiers or detection.category not in categories
            is_old = last_screen_at is None or at - last_screen_at >= SCREEN_AGAIN_AFTER
            whole = over or is_new or is_old
            assert (reply is CrisisReply.SCREEN) == whole
            assert reply in {CrisisReply.SCREEN, CrisisReply.SHORT_LINE}
            if whole:
                last_screen_at = at
                kinds.add((detection.tier, detection.category))
            last_serious_at = at


def test_six_hours_after_the_last_one_a_new_episode_begins() -> None:
    detection = Detection(Tier.T2, Category.SUICIDE)
    _, episode = Episode().answer(detection, START)

    assert not episode.is_over(START + EPISODE - timedelta(seconds=1))
    assert episode.is_over(START + EPISODE)
