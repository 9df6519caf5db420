"""Remembering what was worked out, within bounds."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recall(Generic[Key, Value]):
    """Values by key; of more than `most` the one that was put down the longest ago is forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return what is remembered under a key."""
        return self._known.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Remember a value."""
        self._known[key] = value
        self._known.move_to_end(key)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
