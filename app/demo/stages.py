"""Which stage each idea has reached in the end: the old ones farther, the fresh ones still waiting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log
from random import Random


@dataclass(frozen=True, slots=True)
class Way:
    """What it takes to end at a stage, in working days: the least age, and how freshness makes it likely."""

    least: float
    fading: float = inf
    floor: float = 0.0

    def weigh(self, age: float) -> float:
        """How likely an idea of an age is to end here, compared with others."""
        return exp(-age / self.fading) + self.floor


# In the order in which the ideas are dealt; what is left is declined.
_WAYS = {
    "deployed": Way(110.0),
    "pilot": Way(70.0),
    "project": Way(45.0),
    "selected": Way(25.0),
    "withdrawn": Way(3.0),
    "submitted": Way(0.0, fading=18.0, floor=0.012),
    "evaluation": Way(2.0, fading=40.0, floor=0.02),
    "recommended": Way(12.0, fading=70.0, floor=0.05),
    "declined": Way(0.0),
}


def assign(rng: Random, ages: Sequence[float], stages: Mapping[str, int]) -> list[str]:
    """Name the final stage of each idea, in the order of the ages: exactly so many for each stage.

    Where too few are old enough for a stage, the oldest go there.
    """
    names = [""] * len(ages)
    left = list(range(len(ages)))
    for stage, way in _WAYS.items():
        keys = {index: _rank(rng, way, ages[index]) for index in left}
        for index in sorted(left, key=keys.__getitem__)[: stages[stage]]:
            names[index] = stage
        left = [index for index in left if not names[index]]
    return names


def _rank(rng: Random, way: Way, age: float) -> tuple[bool, float]:
    luck = -log(1.0 - rng.random())
    return (False, luck / way.weigh(age)) if age >= way.least else (True, -age)
