"""What the detector says about one message, in a DM and in a channel."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.crisis import Category, Explanation, Place, Tier
from tests.core.crisis_bundle import bundled_detector, in_channel, in_dm

EVERY_PLACE = pytest.mark.parametrize("place", list(Place))


@pytest.mark.parametrize(
    ("text", "tier", "category"),
    [
        ("i am going to kill myself", Tier.T1, Category.SUICIDE),
        ("i have a plan to hang myself", Tier.T1, Category.SUICIDE),
        ("my pills are lined up in front of me", Tier.T1, Category.SUICIDE),
        ("i took all my pills", Tier.T1, Category.OVERDOSE),
        ("i did too much coke and my chest hurts", Tier.T1, Category.SUBSTANCE_EMERGENCY),
        ("my husband is hitting me", Tier.T1, Category.VIOLENCE_AT_HOME),
        ("i'm 12 and my uncle touches me", Tier.T1, Category.CHILD_IN_DANGER),
        ("someone is trying to break into my house", Tier.T1, Category.STALKING),
        ("the voices are telling me to stab my brother", Tier.T1, Category.UNREAL_OR_VOICES),
        ("i'm going to shoot up my school", Tier.T1, Category.HARM_TO_OTHERS),
        ("i don't feel safe with myself", Tier.T1, Category.SUICIDE),
        ("i want to die", Tier.T2, Category.SUICIDE),
        ("i wish i would never wake up", Tier.T2, Category.SUICIDE),
        ("my family would be better off without me", Tier.T2, Category.SUICIDE),
        ("i cut myself again tonight", Tier.T2, Category.SELF_HARM),
        ("i was raped last night", Tier.T2, Category.ASSAULT),
        ("i haven't eaten in five days", Tier.T2, Category.EATING_DISORDER),
        ("i keep hearing voices", Tier.T2, Category.UNREAL_OR_VOICES),
        ("i'm afraid i'm going to hurt my baby", Tier.T2, Category.HARM_TO_OTHERS),
        ("i cant do this anymore", Tier.T3, Category.DISTRESS),
        ("my friend says she wants to die", Tier.T3, Category.THIRD_PARTY),
        ("my neighbour is beating his wife", Tier.T3, Category.THIRD_PARTY),
        ("my thesis is on the theory of suicide", Tier.T0, Category.TOPIC),
        ("this exam is killing me", Tier.T0, Category.FIGURE_OF_SPEECH),
        ("picked up my pills", Tier.NONE, Category.NONE),
        ("check-in: mood 6, slept well", Tier.NONE, Category.NONE),
        ("", Tier.NONE, Category.NONE),
    ],
)
@EVERY_PLACE
def test_words_get_the_tier_and_category_of_the_design(
    text: str, tier: Tier, category: Category, place: Place
) -> None:
    found = bundled_detector().detect(text, place)
    assert (found.tier, found.category) == (tier, category)


@pytest.mark.parametrize(
    "text",
    [
        "i am not suicidal",
        "i don't want to die",
        "ten years ago i was suicidal",
        "i used to cut myself again and again",
        'the chorus goes "i wish i was dead"',
        "'i want to die' is a line in that poem",
        "> i want to die\nwho wrote this",
        "i keep killing myself with my own grenade",
        '> "i want to die" is a line of hers',
    ],
)
def test_negation_past_quotation_and_setting_keep_a_soft_offer_in_a_dm_and_nothing_in_a_channel(
    text: str,
) -> None:
    assert (in_dm(text).tier, in_channel(text).tier) == (Tier.T3, Tier.T0)


@pytest.mark.parametrize(
    "text",
    [
        "i want to die laughing",
        "i'd kill for a coffee",
        "do you want to die",
    ],
)
@EVERY_PLACE
def test_figures_of_speech_and_other_subjects_are_nothing_anywhere(text: str, place: Place) -> None:
    assert bundled_detector().detect(text, place).tier is Tier.T0


@pytest.mark.parametrize(
    "text",
    [
        "i'm fine lol but i did take all my pills",
        "i don't want to hurt my mum, i want to die",
        "i was not suicidal last week but i am suicidal now",
        "we watched a movie. i want to kill myself",
        "i used to be happy and now i want to die",
        "not gonna lie i want to kill myself",
        "i told her i am not suicidal. i lied",
        'my head keeps saying "you should die"',
    ],
)
@EVERY_PLACE
def test_a_guard_outside_the_clause_of_the_cue_does_not_hide_it(text: str, place: Place) -> None:
    assert bundled_detector().detect(text, place).tier.is_crisis


def test_a_clause_that_is_only_a_time_speaks_for_the_next_one() -> None:
    assert in_channel("five years ago, i wanted to die").tier is Tier.T0
    assert in_channel("five years ago we met, and i want to die").tier is Tier.T2


def test_a_negation_far_before_the_cue_does_not_deny_it() -> None:
    assert in_channel("not a single one of the people at work sees i want to die").tier is Tier.T2


def test_quotation_marks_far_apart_or_unpaired_quote_nothing() -> None:
    far_apart = '6" ' + "of snow fell here and it was so cold " * 6 + ' i want to die, 7" more'
    assert in_channel(far_apart).tier is Tier.T2
    assert in_channel('she said "stop" and i want to die').tier is Tier.T2
    assert in_channel("my parents' house, i want to die").tier is Tier.T2
    assert in_channel("'cause i want to die").tier is Tier.T2


def test_own_words_beside_worry_about_somebody_else_still_count() -> None:
    found = in_dm("my friend says she wants to die and i want to die too")
    assert (found.tier, found.category) == (Tier.T2, Category.SUICIDE)


def test_words_about_somebody_else_are_not_taken_for_ones_own() -> None:
    found = in_dm("he said he has a gun and nothing to live for, he's my coworker")
    assert (found.tier, found.category) == (Tier.T3, Category.THIRD_PARTY)


def test_the_gravest_words_name_the_detection_and_all_that_count_are_listed() -> None:
    found = in_dm("i feel hopeless, i want to die, i took all my pills")
    assert (found.tier, found.category, found.language) == (Tier.T1, Category.OVERDOSE, "en")
    assert {"en.cant_go_on", "en.wish_to_die", "en.overdose_taken"} <= set(found.cues)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ya no quiero vivir", "es"),
        ("j'ai envie de me tuer", "fr"),
        ("ich möchte nicht mehr leben", "de"),
        ("não quero mais viver", "pt"),
    ],
)
def test_everyday_forms_in_four_more_languages(text: str, language: str) -> None:
    found = in_channel(text)
    assert (found.tier, found.language) == (Tier.T2, language)


def test_a_detection_explains_itself_in_offsets_and_ids_without_the_words() -> None:
    written = "am not \u0455ui\u0441idal"
    text = f"Work was ok. I {written} at all, really"
    (finding,) = (f for f in in_dm(text).explanation.findings if f.cue == "en.suicidal")
    assert text[slice(*finding.span)] == written
    assert text[slice(*finding.clause)] == f"I {written} at all"
    assert (finding.written_tier, finding.tier) == (Tier.T2, Tier.T3)
    assert finding.guards == ("en.negation",)
    assert "uicidal" not in repr(finding).replace("en.suicidal", "")


@given(st.text(max_size=400), st.sampled_from(list(Place)))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_an_answer(text: str, place: Place) -> None:
    found = bundled_detector().detect(text, place)
    assert all(0 <= start <= end <= len(text) for start, end in _stretches(found.explanation))


_SCRAPS = [
    *("i", "want to", "die", "kill", "myself", "not", "pills", "my friend", "says", "she", "he"),
    *(".", ",", "\n", '"', "'", "> ", "k i l l", "d13", "s*icide", "💊", "but", "used to", "30"),
    *(
        "hit me",
        "i lied",
        "lol",
        "\u200b",
        "quiero",
        "morir",
        "sterben",
        "mourir",
        "(",
        "!!",
        "...",
    ),
]


@given(st.lists(st.sampled_from(_SCRAPS), max_size=60).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_heap_of_crisis_words_gets_an_answer(text: str) -> None:
    found = in_dm(text)
    assert all(0 <= start <= end <= len(text) for start, end in _stretches(found.explanation))


@pytest.mark.parametrize(
    "unit",
    [
        "he hit me ",
        "my friend says she wants to die ",
        "not ",
        '"i want to die" ',
        "k i l l ",
        "1 ",
    ],
)
def test_a_message_of_the_greatest_length_costs_no_more_than_its_share(unit: str) -> None:
    """Calls are counted instead of time, so that no busy machine blurs the answer."""
    text = (unit * 4000)[:4000]
    in_dm(text)
    assert _calls_to_read(text) <= 5 * _calls_to_read(text[:1000])


def _calls_to_read(text: str) -> int:
    calls = 0

    def count(_frame: FrameType, event: str, _value: object) -> None:
        nonlocal calls
        calls += event == "call"

    profiler = sys.getprofile()
    sys.setprofile(count)
    try:
        in_dm(text)
    finally:
        sys.setprofile(profiler)
    return calls


def _stretches(explanation: Explanation) -> list[tuple[int, int]]:
    return [stretch for found in explanation.findings for stretch in (found.span, found.clause)]
