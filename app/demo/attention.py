"""What people look at: few ideas draw most of the votes and comments, most draw hardly any."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from app.demo import luck
from app.demo.journeys import Idea

_APPEAL = {
    "declined": 0.8,
    "withdrawn": 0.3,
    "recommended": 1.7,
    "selected": 2.4,
    "project": 2.8,
    "pilot": 3.2,
    "deployed": 3.4,
}
# The shortest time between two acts that depend on each other, in working days: two minutes or more.
GAP = 0.004


@dataclass(frozen=True, slots=True)
class Stage:
    """The ideas on show, until when each takes votes, and how attractive they are: sums from the first on."""

    ideas: Sequence[Idea]
    closings: Sequence[float]
    votes: Sequence[float]
    comments: Sequence[float]

    def is_open(self, index: int) -> bool:
        """Whether an idea takes votes for any time at all."""
        return self.closings[index] - self.ideas[index].start > 4 * GAP


def set_stage(rng: Random, ideas: Sequence[Idea], closings: Sequence[float]) -> Stage:
    """Make some ideas much more attractive than others, those that went far and stayed long above all."""
    appeal: list[float] = []
    for idea, closing in zip(ideas, closings, strict=True):
        days = closing - idea.start
        patience = min(1.0, 0.15 + days / 25) if days > 4 * GAP else 0.0
        appeal.append(min(rng.paretovariate(1.2), 110.0) * _APPEAL.get(idea.stage, 1.0) * patience)
    talk = [weight**0.8 for weight in appeal]
    return Stage(ideas, closings, list(accumulate(appeal)), list(accumulate(talk)))


def pick_ideas(rng: Random, stage: Stage, appeal: Sequence[float], person: str, count: int) -> list[int]:
    """Numbers of so many different ideas of others, fewer only when there are no more.

    `appeal` is one of the sums of the stage.
    """
    picked: dict[int, None] = {}
    for _ in range(6 * count):
        index = bisect_left(appeal, (1.0 - rng.random()) * appeal[-1])
        if person not in stage.ideas[index].people:
            picked[index] = None
        if len(picked) == count:
            return list(picked)
    others = [
        index
        for index, idea in enumerate(stage.ideas)
        if index not in picked and stage.is_open(index) and person not in idea.people
    ]
    rng.shuffle(others)
    return [*picked, *others][:count]


def draw_moment(rng: Random, start: float, closing: float, *, mean: float, late: float = 0.15) -> float:
    """A moment between two others: `mean` working days after the first as a rule, any time for the `late`."""
    room = closing - start - 2 * GAP
    delay = rng.random() * room if luck.happens(rng, late) else rng.expovariate(1 / mean)
    return start + GAP + (delay if delay < room else rng.random() * room)
