"""Small draws that come up everywhere."""

from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import TypeVar

Kind = TypeVar("Kind")


def happens(rng: Random, chance: float) -> bool:
    """Whether something that has a chance (0 to 1) happens this time."""
    return rng.random() < chance


def draw(rng: Random, weights: Mapping[Kind, float]) -> Kind:
    """One of several things by their weights."""
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


def retry(make: Callable[[], str], said: Collection[str], *, times: int = 12) -> str:
    """A text that was not said before, or the last of so many tries."""
    text = make()
    for _ in range(times - 1):
        if text not in said:
            break
        text = make()
    return text
