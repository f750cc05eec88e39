"""Where one person is in one exercise, small enough to be carried by a button."""

from dataclasses import dataclass, replace

from bot.core.actions import Action
from bot.core.grounding_exercises import ExerciseId, GroundingExercise, State
from bot.core.ratings import find_rating

FEWEST_MINUTES, MOST_MINUTES = 1, 10


@dataclass(frozen=True, slots=True)
class Practice:
    """One person doing one exercise now; `step` counts from 0, past the last one at the end."""

    exercise: ExerciseId
    step: int = 0
    before: int | None = None
    state: State | None = None
    minutes: int | None = None

    @classmethod
    def decode(cls, action: Action) -> "Practice":
        """Read a practice back from a button; what an old button lacks counts as not given."""
        step, before, state, minutes = (action.argument(position) for position in (1, 2, 3, 4))
        return cls(
            exercise=ExerciseId(action.argument(0)),
            step=int(step) if step.isascii() and step.isdecimal() else 0,
            before=find_rating(before),
            state=State(state) if state in set(State) else None,
            minutes=_find_minutes(minutes),
        )

    def action(self, name: str) -> Action:
        """Return the action `name` of this practice."""
        return Action.of(name, self.exercise, self.step, self.before, self.state, self.minutes)

    def next(self) -> "Practice":
        """Return the practice one step on."""
        return replace(self, step=self.step + 1)

    def rated(self, before: int) -> "Practice":
        """Return the practice with the rating given before it."""
        return replace(self, before=before)

    def with_exercise(self, exercise: GroundingExercise) -> "Practice":
        """Return the first step of another exercise, for the same state and rating."""
        return replace(self, exercise=exercise.id, step=0, minutes=None)


def _find_minutes(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(max(int(text), FEWEST_MINUTES), MOST_MINUTES)
