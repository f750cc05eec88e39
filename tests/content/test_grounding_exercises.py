"""The shipped cards keep the clinical rules, and a malformed card is refused by file and field."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content.grounding_exercises import bundled_exercises, load_exercises, unreviewed
from bot.core.errors import ContentError
from bot.core.exercise_selector import ExerciseLibrary
from bot.core.grounding_exercises import (
    FASTEST_WORDS,
    AvoidIf,
    GroundingExercise,
    Modality,
    State,
    WayIn,
)
from bot.core.people import ENGLISH

LIBRARY = load_exercises(bundled_exercises())
CELLS = [(state, way_in) for state in State for way_in in LIBRARY.ways_in(state)]
OUTWARD_FIRST = (State.TOO_FAR_AWAY, State.STUCK_IN_A_MEMORY)
each_card = pytest.mark.parametrize("card", LIBRARY.all, ids=lambda card: card.id)

# From the clinical list: seconds, the most it may take, evidence grade, sources.
LISTED = {
    "br-exhale": (100, 300, "B", {"S7", "S8"}),
    "br-sigh": (45, 300, "A", {"S7"}),
    "br-coherent": (176, 300, "B", {"S9", "S10"}),  # 16 whole rounds of 11 s, for 3 minutes
    "br-box": (64, 64, "A", {"S7"}),
    "sn-54321": (120, 240, "C", {"S12"}),
    "sn-orient": (60, 90, "C", {"S12", "S13"}),
    "sn-feet": (60, 60, "C", {"S12"}),
    "sn-color": (60, 60, "C", {"S12"}),
    "sn-cool": (60, 60, "C", {"convention"}),
    "co-categories": (120, 120, "C", {"S2"}),
    "co-sevens": (90, 90, "C", {"S12"}),
    "co-stop": (60, 60, "C", {"convention"}),
    "co-anchor": (45, 45, "C", {"S12"}),
    "bo-pmr": (120, 120, "B", {"S16"}),
    "bo-drop": (30, 30, "C", {"convention"}),
    "mv-chair": (60, 60, "C", {"convention"}),
}
NEVER_SAID = (
    "close your eyes",
    "deep breath",
    "calm down",
    "just breathe",
    "you're safe",
    "you are safe",
    "it is over",
    "it's over",
    "not happening",
    "have to",
    "must",
    "!",
)


def texts(card: GroundingExercise) -> Iterator[str]:
    """Yield everything of a card that a person may read as a sentence."""
    yield card.summary[ENGLISH]
    yield from (line[ENGLISH] for line in (card.caution, card.easier) if line)
    yield from (card.words(step, ENGLISH, today="Monday 23 November") for step in card.steps)


def test_the_first_sixteen_are_shipped() -> None:
    assert {card.id for card in LIBRARY.all} == set(LISTED)


@each_card
def test_a_card_says_what_the_clinical_list_says(card: GroundingExercise) -> None:
    seconds, longest, evidence, sources = LISTED[card.id]
    assert card.duration == timedelta(seconds=seconds)
    assert card.longest == timedelta(seconds=longest)
    assert card.evidence == evidence
    assert {source.id for source in card.sources} == sources


@each_card
def test_the_steps_take_as_long_as_the_card_and_give_time_to_read(card: GroundingExercise) -> None:
    timed = [step.duration for step in card.steps if step.duration]
    assert sum(timed, timedelta()) == card.duration
    assert min(timed) >= FASTEST_WORDS


@each_card
def test_a_screen_is_one_short_sentence(card: GroundingExercise) -> None:
    for text in texts(card):
        assert len(text.split()) < 20
        assert len(re.findall(r"[.?!](\s|$)", text)) == 1


@each_card
@pytest.mark.parametrize("phrase", NEVER_SAID)
def test_no_card_orders_promises_or_turns_inward(card: GroundingExercise, phrase: str) -> None:
    assert not [text for text in texts(card) if phrase in text.casefold()]


@each_card
def test_something_gentler_leads_to_another_shipped_card(card: GroundingExercise) -> None:
    twin = LIBRARY.gentler_than(card)
    assert twin.id in LISTED
    assert twin.id != card.id
    assert not twin.has_hold


@pytest.mark.parametrize(
    ("card", "twin"),
    [
        ("br-exhale", "sn-54321"),
        ("br-sigh", "br-exhale"),
        ("br-box", "br-exhale"),
        ("co-categories", "sn-feet"),
        ("co-sevens", "co-categories"),
        ("bo-pmr", "bo-drop"),
    ],
)
def test_the_listed_gentler_twins_are_kept(card: str, twin: str) -> None:
    assert LIBRARY.gentler_than(LIBRARY.get(card)).id == twin


@pytest.mark.parametrize("state", OUTWARD_FIRST)
def test_nothing_offered_to_the_far_away_leads_to_breath(state: State) -> None:
    for exercise_id in LIBRARY.selector.rows[state].offered:
        card = LIBRARY.get(exercise_id)
        assert card.modality is not Modality.BREATH
        assert LIBRARY.gentler_than(card).modality is not Modality.BREATH
        assert LIBRARY.another_kind(card, state).modality is not Modality.BREATH


@pytest.mark.parametrize(("state", "way_in"), CELLS)
def test_each_pair_of_taps_leads_to_a_shipped_card_without_a_hold(
    state: State, way_in: WayIn
) -> None:
    card = LIBRARY.select(state, way_in)
    assert card.id in LISTED
    assert card.way_in is way_in
    assert not card.has_hold


def test_breath_is_hidden_for_the_far_away_and_in_a_memory_only() -> None:
    hidden = [state for state in State if WayIn.BREATH not in LIBRARY.ways_in(state)]
    assert tuple(hidden) == OUTWARD_FIRST
    assert len(CELLS) == 18


@pytest.mark.parametrize(
    ("state", "default", "second"),
    [
        (State.TOO_MUCH, "br-exhale", "sn-54321"),
        (State.TOO_FAR_AWAY, "sn-feet", "mv-chair"),
        (State.STUCK_IN_A_MEMORY, "sn-orient", "co-anchor"),
        (State.CANT_SLEEP, "co-categories", "br-coherent"),
        (State.STRONG_URGE, "co-stop", "co-sevens"),
    ],
)
def test_the_first_choices_are_those_of_the_clinical_list(
    state: State, default: str, second: str
) -> None:
    assert LIBRARY.default_for(state).id == default
    assert LIBRARY.selector.rows[state].second == second


def test_a_strong_urge_gets_stop_then_cool_water_and_nothing_over_two_minutes() -> None:
    stop = LIBRARY.select(State.STRONG_URGE, WayIn.WORDS)
    assert stop.id == "co-stop"
    assert LIBRARY.another_kind(stop, State.STRONG_URGE).id == "sn-cool"
    for exercise_id in LIBRARY.selector.rows[State.STRONG_URGE].offered:
        assert LIBRARY.get(exercise_id).duration <= timedelta(minutes=2)


def test_only_box_breathing_holds_and_it_says_so_first() -> None:
    box = LIBRARY.get("br-box")
    assert [card.id for card in LIBRARY.all if card.has_hold] == ["br-box"]
    assert box.caution is not None
    assert "breath holds" in box.caution[ENGLISH]
    assert AvoidIf.BREATH_HOLDS in box.avoid_if


def test_breathing_begins_with_the_longer_exhale() -> None:
    breathing = [card.id for card in LIBRARY.breathing()]
    assert breathing == ["br-exhale", "br-coherent", "br-sigh", "br-box"]


def test_five_minutes_of_even_breath_are_counted_in_the_words() -> None:
    card = LIBRARY.get("br-coherent").lasting(timedelta(minutes=5))
    spoken = [card.words(step, ENGLISH, today="") for step in card.steps]
    assert "Keep going like that for 27 rounds, or less if you like." in spoken


def test_the_anchor_says_only_the_date_and_the_place() -> None:
    anchor = LIBRARY.get("co-anchor")
    assert [anchor.words(step, ENGLISH, today="Monday 23 November") for step in anchor.steps] == [
        "Today is Monday 23 November.",
        "Right now I am in … (say the place out loud).",
    ]


def test_the_operator_hears_what_is_not_reviewed() -> None:
    assert set(unreviewed(LIBRARY)) == {*LISTED, "selector"}


def test_loading_takes_a_blink() -> None:
    def load_once() -> float:
        begun = time.perf_counter()
        load_exercises(bundled_exercises())
        return time.perf_counter() - begun

    assert min(load_once() for _ in range(3)) <= 0.03


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder that a test may spoil."""
    for file in bundled_exercises().iterdir():
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def spoil(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def refusal(folder: Path) -> ContentError:
    """Return why the folder is refused."""
    with pytest.raises(ContentError) as refused:
        load_exercises(folder)
    return refused.value


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("sn-feet", 'evidence = "C"\n', "", "evidence"),
        ("sn-feet", 'evidence = "C"', 'evidence = "D"', "evidence"),
        ("sn-feet", 'evidence = "C"', 'evidence = "C"\nstars = 5', "stars"),
        ("sn-feet", 'id = "sn-feet"', 'id = "sn-foot"', "id"),
        ("sn-feet", 'gentler = "sn-color"', 'gentler = "sn-nowhere"', "gentler"),
        ("sn-feet", "has_hold = false", "has_hold = true", "has_hold"),
        ("sn-feet", "has_hold = false", 'has_hold = "no"', "has_hold"),
        ("sn-feet", "date = 2026-11-23", 'date = "soon"', "date"),
        ("sn-feet", "date = 2026-11-23\n", "", "date"),
        ("sn-feet", '"diss", "flash"', '"dizz", "flash"', "states.0"),
        ("sn-feet", '"body_focus"', '"mondays"', "avoid_if.1"),
        ("sn-feet", "name.en", "name.de", "name"),
        ("sn-feet", 'reviewer = "unreviewed"', 'reviewer = ""', "reviewer"),
        ("sn-feet", "[[source]]\n", "[[sources]]\n", "source"),
        ("sn-feet", "seconds = 60", "seconds = 60\nlongest_seconds = 50", "longest_seconds"),
        ("sn-feet", "seconds = 60", "seconds = 61", "steps"),
        ("sn-feet", "seconds = 60", "seconds = 0", "seconds"),
        ("sn-feet", "seconds = 20", "seconds = 5", "steps"),
        ("sn-feet", "both feet into the floor.", "both feet. Good.", "steps.0.text.en"),
        ("sn-feet", "both feet into the floor.", "both feet", "steps.0.text.en"),
        ("sn-feet", "both feet into the floor.", "it " * 19 + "down.", "steps.0.text.en"),
        ("sn-feet", "Press both feet into", "Close your eyes and press into", "steps.0.text.en"),
        ("sn-feet", "Press both feet into", "Feel that you\u2019re safe on", "steps.0.text.en"),
        ("sn-feet", "Press both feet into the", "Press at {place} the", "steps.0.text.en"),
        ("sn-feet", "Press both feet into the", "Press {rounds} times into", "steps.0.text"),
        ("sn-feet", "If you can't feel", "On {today}, if you can't feel", "easier.en"),
        ("mv-chair", "seconds = 7\n", "seconds = 5\n", "steps"),
        ("br-box", "has_hold = true", "has_hold = false", "has_hold"),
        ("br-box", 'gentler = "br-exhale"\n', "", "gentler"),
        ("br-box", "rounds = 4", "rounds = 5", "pattern.rounds"),
        ("br-box", 'move = "hold"', 'move = "gasp"', "pattern.phases.1.move"),
        ("br-box", 'modality = "breath"', 'modality = "body"', "pattern"),
        ("selector", 'default = "sn-feet"', 'default = "br-exhale"', "state.too_far_away.default"),
        ("selector", 'words = "co-stop"', 'words = "co-none"', "state.strong_urge.ways.words"),
        ("selector", "[state.cant_sleep", "[state.cant_wake", "state.cant_wake.[key]"),
        ("selector", 'reviewer = "unreviewed"\n', "", "reviewer"),
    ],
)
def test_a_malformed_file_is_refused_by_its_field(
    folder: Path, file: str, old: str, new: str, field: str
) -> None:
    spoil(folder / f"{file}.toml", old, new)
    error = refusal(folder)
    assert (error.file, error.field) == (f"{file}.toml", field)


def test_words_that_cannot_be_read_in_time_are_refused(folder: Path) -> None:
    spoil(folder / "sn-feet.toml", "seconds = 20", "seconds = 5")
    spoil(folder / "sn-feet.toml", "seconds = 10", "seconds = 25")
    assert refusal(folder).field == "steps.1.seconds"


def test_a_breathing_card_with_two_timed_steps_is_refused(folder: Path) -> None:
    spoil(folder / "br-box.toml", "seconds = 64\n\n[[steps]]", "seconds = 60\n\n[[steps]]")
    spoil(folder / "br-box.toml", 'the room."', 'the room."\nseconds = 4')
    assert refusal(folder).field == "steps"


@pytest.mark.parametrize("broken", [b"id = ", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_refused(folder: Path, broken: bytes) -> None:
    (folder / "sn-feet.toml").write_bytes(broken)
    error = refusal(folder)
    assert (error.file, error.field) == ("sn-feet.toml", "file")


def test_a_folder_without_a_table_is_refused(folder: Path) -> None:
    (folder / "selector.toml").unlink()
    error = refusal(folder)
    assert (error.file, error.field) == ("selector.toml", "file")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone").field == "folder"


def test_other_files_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("About these cards.", encoding="utf-8")
    assert isinstance(load_exercises(folder), ExerciseLibrary)


def test_a_signed_card_is_no_longer_named_to_the_operator(folder: Path) -> None:
    for name in ("sn-feet", "selector"):
        spoil(folder / f"{name}.toml", 'reviewer = "unreviewed"', 'reviewer = "A. Clinician"')
    assert not {"sn-feet", "selector"} & set(unreviewed(load_exercises(folder)))
