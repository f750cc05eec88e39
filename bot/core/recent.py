"""A bounded memory of people: the least recently used is forgotten first."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """At most `most` values by key; nothing here is ever written anywhere."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def find(self, key: Key) -> Value | None:
        """Return what is remembered of `key`, or None."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key]

    def put(self, key: Key, value: Value) -> None:
        """Remember `value`, forgetting the longest unused one if it is one too many."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def forget(self, key: Key) -> None:
        """Forget `key`, whether or not it was known."""
        self._values.pop(key, None)

    def __len__(self) -> int:
        return len(self._values)
