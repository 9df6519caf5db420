"""Where one run measures: the installation, who is asked, both servers, and how long."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import processes
from bench.facts import Facts
from bench.ground import Ground
from bench.installation import Installation
from bench.processes import Server
from bench.routes import Pairs

OURS, FLOOR = "Ideabox", "floor"
PORTION = 400
"""Ideas that a run of votes may use up; each of 64 voters passes through them once."""


@dataclass(frozen=True)
class Scene:
    """Both servers on one database; `database` is the process of PostgreSQL, None for SQLite."""

    installation: Installation
    ground: Ground
    facts: Facts
    pairs: Pairs
    ours: Server
    floor: Server
    database: int | None
    rounds: int
    seconds: float

    def server(self, side: str) -> Server:
        """Return the server of a side."""
        return self.ours if side == OURS else self.floor


@contextmanager
def standing(
    installation: Installation,
    ground: Ground,
    facts: Facts,
    *,
    database: int | None,
    rounds: int,
    seconds: float,
) -> Iterator[Scene]:
    """Have both servers; `database` is the process of PostgreSQL."""
    portion = min(PORTION, max(1, len(ground.votable) // (6 * rounds + 6)))
    pairs = Pairs(ground, portion=portion)
    with (
        processes.serving_ideabox(installation) as ours,
        processes.serving_floor(installation, ground.readers) as floor,
    ):
        yield Scene(installation, ground, facts, pairs, ours, floor, database, rounds, seconds)
