"""What a button does, written so that the button itself says everything after a restart."""

from dataclasses import dataclass

from bot.core.errors import HandrailError

SEPARATOR = ":"
# Discord's limit on a custom_id.
MOST_CHARACTERS = 100


class ActionTooLong(HandrailError):
    """An action does not fit into a button's custom_id."""


@dataclass(frozen=True, slots=True)
class Action:
    """A name and its arguments; `encoded` is the custom_id a button, menu or modal carries.

    Arguments are ids, codes and numbers of our own, never what somebody wrote.
    """

    name: str
    arguments: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, *arguments: object) -> "Action":
        """Build an action; None becomes an empty argument."""
        return cls(name, tuple("" if each is None else str(each) for each in arguments))

    @property
    def encoded(self) -> str:
        """The custom_id; raises ActionTooLong over 100 characters or with a separator inside."""
        text = SEPARATOR.join((self.name, *self.arguments))
        if len(text) > MOST_CHARACTERS or any(SEPARATOR in each for each in self.arguments):
            raise ActionTooLong(f"The button {self.name} carries too much.")
        return text

    @classmethod
    def decode(cls, custom_id: str) -> "Action":
        """Read a custom_id back; total: any text is an action of some name."""
        name, *arguments = custom_id.split(SEPARATOR)
        return cls(name, tuple(arguments))

    def argument(self, position: int) -> str:
        """Return one argument, or "" where an older button did not carry it."""
        return self.arguments[position] if position < len(self.arguments) else ""
