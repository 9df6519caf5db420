"""Causes: what people did, and the points that are due for it, as a function of what happened and of nothing else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain import rewards
from app.domain.rewards import PointRule

Scale = Callable[[date], PointRule]
"""What a rule was worth on a day."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The first time that a person did something about a subject; it `stands` unless all of it was undone.

    `day` is that of `moment` in the company's time zone. `key` orders what happened at the same moment.
    """

    subject: str
    employee_id: str
    moment: datetime
    key: str
    day: date
    stands: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What a person is to have for a subject under a rule, and the day it belongs to."""

    subject: str
    employee_id: str
    points: int
    day: date


def allot(causes: Iterable[Cause], scale: Scale) -> list[Due]:
    """Return what is due for causes of one rule; of a person and a day all have to be given, or none.

    The first ones of a day take its slots, also when they were undone since: so a slot is nobody's to win back
    by withdrawing, and the outcome does not depend on when somebody looked.
    """
    days: defaultdict[tuple[str, date], list[Cause]] = defaultdict(list)
    for cause in causes:
        days[cause.employee_id, cause.day].append(cause)
    dues = []
    for (_, day), done in days.items():
        rule = scale(day)
        done.sort(key=lambda cause: (cause.moment, cause.key))
        slots = len(done) if rule.per_day is None else rule.per_day
        for place, cause in enumerate(done):
            points = rule.points if cause.stands and place < slots else 0
            dues.append(Due(cause.subject, cause.employee_id, points, day))
    return dues


@dataclass(frozen=True, slots=True)
class Milestone:
    """What happened to an idea and is paid to those who were its authors then, in their order."""

    idea_id: str
    authors: tuple[str, ...]
    day: date
    stands: bool


def share_out(milestone: Milestone, scale: Scale) -> list[Due]:
    """Return what is due to each author; the shares sum up to the award."""
    award = scale(milestone.day).points if milestone.stands else 0
    if not milestone.authors:
        return []
    shares = rewards.share(award, len(milestone.authors))
    return [
        Due(milestone.idea_id, author, points, milestone.day)
        for author, points in zip(milestone.authors, shares, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody became an author of an idea, or left it, at a place of its itinerary."""

    position: int
    employee_id: str
    joined: bool


def list_authors_at(now: Iterable[str], changes: Sequence[Joining], position: int) -> set[str]:
    """Return who wrote an idea when its itinerary had reached a position.

    `now` are the authors at present; `changes` all joining and leaving since the submission. Whoever joined or
    left later was, before the first of these steps, the opposite of what it made of them.
    """
    authors = set(now)
    for change in sorted(changes, key=lambda change: -change.position):
        if change.position <= position:
            break
        (authors.discard if change.joined else authors.add)(change.employee_id)
    return authors
