"""Choosing an exercise and doing it, one screen after the other."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.actions import Action
from bot.core.exercise_selector import ExerciseLibrary
from bot.core.grounding_exercises import (
    ExerciseId,
    GroundingExercise,
    State,
    WayIn,
    in_language,
)
from bot.core.people import Language, Reader
from bot.core.practices import Practice
from bot.core.ratings import AfterPractice, after_practice, find_rating, opens_help
from bot.core.screens import Button, Menu, Option, Placement, Row, Screen, Weight, rows_of
from bot.services.help import HelpService
from bot.services.ports import Clock, Texts
from bot.services.rows import help_button, main_row, with_row

ONE_MINUTE = timedelta(minutes=1)
FEET_FIRST = ExerciseId("sn-feet")
# The shortest card, and nothing in it can hurt: the default in fog.
FIRST_AID = ExerciseId("sn-color")
# A phone shows two long labels side by side; three would be cut.
BUTTONS_A_ROW = 2


@dataclass(frozen=True, slots=True)
class PracticeService:
    """Every screen of a practice; it remembers nothing, the buttons do."""

    library: ExerciseLibrary
    texts: Texts
    help: HelpService
    clock: Clock

    def open(self, reader: Reader, name: str | None) -> Screen:
        """Return the selector, or the first screen of the exercise that `name` means."""
        if not name:
            return self.ask_state(reader)
        exercise = self._find(name, self.library.search(name, reader.language))
        return self.introduce(reader, exercise) if exercise else self.unknown(reader)

    def open_breathing(self, reader: Reader, name: str | None, minutes: int | None) -> Screen:
        """Return the first screen of the breathing exercise that `name` means, or of the first."""
        if not name:
            return self.introduce_breathing(reader, minutes=minutes)
        exercise = self._find(name, self.search_breathing(name, reader.language))
        if exercise is None:
            return self.unknown(reader)
        return self.introduce_breathing(reader, exercise, minutes)

    def search_breathing(self, typed: str, language: Language) -> tuple[GroundingExercise, ...]:
        """Return the breathing exercises whose name may be meant, the gentlest first."""
        found = {card.id for card in self.library.search(typed, language)}
        return tuple(card for card in self.library.breathing() if card.id in found)

    def ask_state(self, reader: Reader) -> Screen:
        """Return the first tap, what it is like right now."""
        buttons = tuple(
            Button(
                self.texts.say(reader.language, f"selector.{state}"),
                Action.of("ground.state", state),
                Weight.MAIN,
            )
            for state in State
        )
        text = self.texts.say(reader.language, "selector")
        return Screen(text, (*rows_of(buttons, BUTTONS_A_ROW), self._way_out(reader)))

    def ask_way_in(self, reader: Reader, state: State) -> Screen:
        """Return the second tap, where to begin."""
        buttons = tuple(
            Button(
                self.texts.say(reader.language, f"selector.{way_in}"),
                Action.of("ground.way_in", state, way_in),
                Weight.MAIN,
            )
            for way_in in self.library.ways_in(state)
        )
        text = self.texts.say(reader.language, "selector.where")
        rows = (*rows_of(buttons, BUTTONS_A_ROW), self._way_out(reader))
        return Screen(text, rows, Placement.SAME)

    def begin_for(self, reader: Reader, state: State, way_in: WayIn) -> Screen:
        """Return the first step of what fits; the answer to the second tap."""
        exercise = self.library.select(state, way_in)
        return self.show(reader, Practice(exercise.id, state=state))

    def introduce(
        self, reader: Reader, exercise: GroundingExercise, minutes: int | None = None
    ) -> Screen:
        """Return the card's first screen: name, length, what it asks of the body, three buttons.

        `minutes` (1 to 10) stretches a breathing card as far as the card allows.
        """
        practice = Practice(exercise.id, minutes=minutes)
        exercise = _as_long_as_wished(exercise, practice)
        length = self._length(reader, exercise)
        lines = [f"**{in_language(exercise.name, reader.language)}**, {length}"]
        notes = (exercise.summary, exercise.caution, exercise.easier)
        lines += [in_language(note, reader.language) for note in notes if note]
        return Screen("\n".join(lines), (self._step_buttons(reader, practice, "practice.start"),))

    def introduce_breathing(
        self, reader: Reader, exercise: GroundingExercise | None = None, minutes: int | None = None
    ) -> Screen:
        """Return a breathing card's first screen, with the way out for somebody far away."""
        screen = self.introduce(reader, exercise or self.library.breathing()[0], minutes)
        feet = Button(
            self.texts.say(reader.language, "practice.feet_first"),
            Practice(FEET_FIRST, state=State.TOO_FAR_AWAY).action("practice.step"),
        )
        return replace(screen, rows=(*screen.rows, (feet,)))

    def show(self, reader: Reader, practice: Practice) -> Screen:
        """Return the screen of one step, or the question after the last; any old button works."""
        exercise = self.library.find(practice.exercise)
        if exercise is None:
            return replace(self.ask_state(reader), placement=Placement.SAME)
        exercise = _as_long_as_wished(exercise, practice)
        if practice.step >= len(exercise.steps):
            return self._ask_after(reader, practice)
        rows: list[Row] = [self._step_buttons(reader, practice.next(), "practice.next")]
        if practice.step == 0 and practice.before is None:
            rows.append(self._rating_menu(reader, "rating", practice.action("practice.before")))
        if practice.state is State.STRONG_URGE:
            # With a strong urge the helplines stand on the same screen as the exercise.
            rows.append((help_button(self.texts, reader.language),))
        return Screen(self._step_text(reader, exercise, practice), tuple(rows), Placement.SAME)

    def gentler(self, reader: Reader, practice: Practice) -> Screen:
        """Return the first step of the gentler twin."""
        exercise = self.library.find(practice.exercise)
        if exercise is None:
            return self.show(reader, practice)
        twin = self.library.gentler_than(exercise)
        return self.show(reader, practice.with_exercise(twin))

    def another_kind(self, reader: Reader, practice: Practice) -> Screen:
        """Return the first step of a different kind of exercise."""
        exercise = self.library.find(practice.exercise)
        if exercise is None:
            return self.show(reader, practice)
        other = self.library.another_kind(exercise, practice.state)
        return self.show(reader, practice.with_exercise(other))

    def rate_before(self, reader: Reader, practice: Practice, chosen: str) -> Screen:
        """Take the rating before; 9 and 10 open help first, with the exercise one tap away."""
        rating = find_rating(chosen)
        if rating is None:
            return self.show(reader, practice)
        practice = practice.rated(rating)
        if not opens_help(rating):
            return self.show(reader, practice)
        return self._help_after_rating(reader, practice)

    def rate_after(self, reader: Reader, practice: Practice, chosen: str) -> Screen:
        """Take the rating after; one that is not lower leads to another kind, a person, help."""
        rating = find_rating(chosen)
        if rating is None:
            return self.skip_rating(reader)
        match after_practice(practice.before, rating):
            case AfterPractice.HELP:
                return self._help_after_rating(reader, practice)
            case AfterPractice.EASIER:
                return self._closing(reader, "rating.easier")
            case _:
                return self._not_easier(reader, practice)

    def skip_rating(self, reader: Reader) -> Screen:
        """Return the end without a rating."""
        return self._closing(reader, "rating.skipped")

    def suggest_person(self, reader: Reader) -> Screen:
        """Return the nudge towards a person, with help beside it."""
        text = self.texts.say(reader.language, "person")
        return with_row(self.texts, reader.language, text)

    def stop(self, reader: Reader) -> Screen:
        """Return the one kind line, and nothing else."""
        return Screen(self.texts.say(reader.language, "stop"), placement=Placement.SAME)

    def unknown(self, reader: Reader) -> Screen:
        """Return the selector, saying that the named exercise does not exist."""
        screen = self.ask_state(reader)
        line = self.texts.say(reader.language, "practice.unknown")
        return replace(screen, text=f"{line}\n{screen.text}")

    def _find(self, name: str, found: tuple[GroundingExercise, ...]) -> GroundingExercise | None:
        return self.library.find(name) or (found[0] if found else None)

    def _step_text(self, reader: Reader, exercise: GroundingExercise, practice: Practice) -> str:
        step = exercise.steps[practice.step]
        place = self.texts.say(
            reader.language,
            "practice.place",
            name=in_language(exercise.name, reader.language),
            step=practice.step + 1,
            steps=len(exercise.steps),
        )
        today = f"{self.clock.now():%A, %d %B %Y}"
        words = exercise.words(step, reader.language, today=today)
        lines = [place, f"**{words}**"]
        if step.duration:
            seconds = round(step.duration.total_seconds())
            lines.append(self.texts.say(reader.language, "practice.seconds", seconds=seconds))
        return "\n".join(lines)

    def _step_buttons(self, reader: Reader, practice: Practice, label: str) -> tuple[Button, ...]:
        say = self.texts.say
        return (
            Button(say(reader.language, label), practice.action("practice.step"), Weight.MAIN),
            Button(say(reader.language, "practice.gentler"), practice.action("practice.gentler")),
            Button(say(reader.language, "practice.stop"), Action.of("practice.stop")),
        )

    def _ask_after(self, reader: Reader, practice: Practice) -> Screen:
        menu = self._rating_menu(reader, "rating.pick", practice.action("practice.after"))
        say = self.texts.say
        buttons = (
            Button(say(reader.language, "practice.skip"), Action.of("practice.skip"), Weight.MAIN),
            Button(say(reader.language, "practice.gentler"), practice.action("practice.gentler")),
            Button(say(reader.language, "practice.stop"), Action.of("practice.stop")),
        )
        return Screen(say(reader.language, "rating.after"), (buttons, menu), Placement.SAME)

    def _rating_menu(self, reader: Reader, prompt: str, action: Action) -> Menu:
        options = tuple(
            Option(self.texts.say(reader.language, f"rating.n{rating}"), str(rating))
            for rating in range(11)
        )
        return Menu(self.texts.say(reader.language, prompt), action, options)

    def _not_easier(self, reader: Reader, practice: Practice) -> Screen:
        say = self.texts.say
        buttons = (
            Button(
                say(reader.language, "practice.another_kind"),
                practice.action("practice.another"),
                Weight.MAIN,
            ),
            Button(say(reader.language, "practice.person"), Action.of("practice.person")),
            help_button(self.texts, reader.language),
        )
        return Screen(say(reader.language, "rating.not_easier"), (buttons,), Placement.SAME)

    def _help_after_rating(self, reader: Reader, practice: Practice) -> Screen:
        screen = self.help.open(reader)
        line = self.texts.say(reader.language, "rating.help")
        go_on = Button(
            self.texts.say(reader.language, "rating.go_on"), practice.action("practice.resume")
        )
        return replace(screen, text=f"{line}\n\n{screen.text}", rows=(*screen.rows, (go_on,)))

    def _closing(self, reader: Reader, key: str) -> Screen:
        text = self.texts.say(reader.language, key)
        rows = (main_row(self.texts, reader.language),)
        return Screen(text, rows, Placement.SAME)

    def _way_out(self, reader: Reader) -> tuple[Button, ...]:
        stop = Button(self.texts.say(reader.language, "selector.stop"), Action.of("practice.stop"))
        return (help_button(self.texts, reader.language), stop)

    def _length(self, reader: Reader, exercise: GroundingExercise) -> str:
        minutes = 0 if exercise.duration < ONE_MINUTE else round(exercise.duration / ONE_MINUTE)
        return self.texts.say(reader.language, "practice.length", minutes=minutes)


def _as_long_as_wished(exercise: GroundingExercise, practice: Practice) -> GroundingExercise:
    if practice.minutes is None:
        return exercise
    return exercise.lasting(practice.minutes * ONE_MINUTE)
