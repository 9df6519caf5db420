"""Votes and comments of the measured company: few ideas have most of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from random import Random
from typing import Any

from bench import luck
from bench.company import END, Company
from bench.scales import Scale
from bench.texts import Writer

VOTE_COLUMNS = ("id", "idea_id", "voter_id", "cast_at", "withdrawn_at")
COMMENT_COLUMNS = ("id", "idea_id", "author_id", "parent_id", "body", "unnamed", "version", "created_at")
FIFTY = 60
"""Ideas that have exactly fifty comments."""

_MOST_COMMENTS = 400
_LONGEST = timedelta(days=90)
_REMARKS = 5_000
_WITHDRAWN_EACH = 100
_REPLY = 0.25
_BY_AUTHOR = 0.08
_FRACTIONS = 4096
_SUBMITTED = 1.03
"""Drafts get nothing: the others get a little more."""


class Crowd:
    """Gives each idea its votes and comments."""

    def __init__(
        self, company: Company, scale: Scale, writer: Writer, random: Random, ids: Iterator[str]
    ) -> None:
        self._people, self._random, self._ids = company.people, random, ids
        self._votes = luck.spread(
            int(scale.votes * _SUBMITTED),
            scale.ideas,
            most=scale.people * 6 // 10,
            steepness=0.8,
            random=random,
        )
        self._comments = luck.spread(
            int(scale.comments * _SUBMITTED), scale.ideas, most=_MOST_COMMENTS, steepness=0.7, random=random
        )
        for number in range(min(FIFTY, scale.ideas // 20)):
            self._comments[number * (scale.ideas // FIFTY)] = 50
        self._remarks = [writer.remark() for _ in range(_REMARKS)]
        # Most of what an idea gets it gets in its first days.
        self._fractions = [random.random() ** 3 for _ in range(_FRACTIONS)]

    def vote(self, number: int, idea: dict[str, Any], author: int) -> tuple[int, list[tuple[Any, ...]]]:
        """Return the number of standing votes of an idea, and all rows."""
        wanted, idea_id, start = self._votes[number], idea["id"], idea["submitted_at"]
        room = min(_LONGEST, END - start)
        taken = 1 if wanted and number % _WITHDRAWN_EACH == 0 else 0
        voters = luck.pick_distinct(wanted + taken + 1, len(self._people), self._random)
        names = [self._people[voter] for voter in voters if voter != author][: wanted + taken]
        fractions = self._random.choices(self._fractions, k=len(names))
        rows = [
            (key, idea_id, name, start + room * fraction, None)
            for key, name, fraction in zip(_take(self._ids, len(names)), names, fractions, strict=True)
        ]
        if taken and rows:
            rows[0] = (*rows[0][:4], rows[0][3] + (END - rows[0][3]) / 2)
        return len(rows) - min(taken, len(rows)), rows

    def comment(self, number: int, idea: dict[str, Any], author: int) -> list[tuple[Any, ...]]:
        """Return the comments of an idea, some of them replies, in the order in which they were written."""
        random, idea_id, start = self._random, idea["id"], idea["submitted_at"]
        count = self._comments[number]
        times = sorted(random.choices(self._fractions, k=count))
        room = min(_LONGEST, END - start)
        rows: list[tuple[Any, ...]] = []
        thread: str | None = None
        for fraction in times:
            key, drawn = next(self._ids), random.random()
            parent = thread if drawn < _REPLY else None
            thread = thread if parent else key
            writer = author if random.random() < _BY_AUTHOR else int(random.random() * len(self._people))
            body = self._remarks[int(random.random() * _REMARKS)]
            unnamed = bool(idea["anonymous"]) and writer == author
            at: datetime = start + room * fraction
            rows.append((key, idea_id, self._people[writer], parent, body, unnamed, 1, at))
        return rows


def by_time(rows: list[tuple[Any, ...]], place: int) -> list[tuple[Any, ...]]:
    """Return rows in the order in which people made them, ideas mixed."""
    return sorted(rows, key=itemgetter(place))


def _take(ids: Iterator[str], count: int) -> list[str]:
    return [next(ids) for _ in range(count)]
