"""A bounded memory forgets whoever was longest not heard of."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.recent import Recent


@given(st.lists(st.integers(0, 20)), st.integers(1, 5))
def test_it_never_holds_more_than_it_may_and_always_the_latest(keys: list[int], most: int) -> None:
    recent = Recent[int, int](most)
    for key in keys:
        recent.put(key, key)
        assert len(recent) <= most
        assert recent.find(key) == key


def test_what_was_asked_for_stays_longer_and_what_is_forgotten_is_gone() -> None:
    recent = Recent[str, int](2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.find("a") == 1
    recent.put("c", 3)

    assert recent.find("b") is None
    recent.forget("a")
    assert recent.find("a") is None
    recent.forget("never known")
