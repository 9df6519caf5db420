"""Which stage each idea has reached in the end: the old ones farther, the fresh ones still waiting."""

from collections.abc import Callable, Mapping, Sequence
from math import exp, log
from random import Random

# Working days that an idea needs to get so far, and how its age in working days makes that likely.
_PATHS: Mapping[str, tuple[float, Callable[[float], float]]] = {
    "deployed": (110.0, lambda age: age),
    "pilot": (70.0, lambda age: 1.0),
    "project": (45.0, lambda age: 1.0),
    "selected": (25.0, lambda age: 1.0),
    "withdrawn": (3.0, lambda age: 1.0),
    "submitted": (0.0, lambda age: exp(-age / 18) + 0.012),
    "evaluation": (2.0, lambda age: exp(-age / 40) + 0.02),
    "recommended": (12.0, lambda age: exp(-age / 70) + 0.05),
    "declined": (0.0, lambda age: 1.0),
}


def assign(rng: Random, ages: Sequence[float], stages: Mapping[str, int]) -> list[str]:
    """Name the final stage of each idea, in the order of the ages: exactly so many for each stage.

    Where too few are old enough for a stage, the oldest go there.
    """
    names = [""] * len(ages)
    left = list(range(len(ages)))
    for stage, (least, weigh) in _PATHS.items():
        keys = {
            index: (ages[index] < least, -log(1.0 - rng.random()) / weigh(ages[index]))
            if ages[index] >= least
            else (True, -ages[index])
            for index in left
        }
        for index in sorted(left, key=keys.__getitem__)[: stages[stage]]:
            names[index] = stage
        left = [index for index in left if not names[index]]
    return names
