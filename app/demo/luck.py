"""Small draws that come up everywhere."""

from random import Random


def happens(rng: Random, chance: float) -> bool:
    """Whether something that has a chance (0 to 1) happens this time."""
    return rng.random() < chance
