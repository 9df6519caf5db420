"""Deeds: what people can do many times for an idea and earn by once, votes and comments, from the rows alone."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, tuple_, union_all
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import ReadSession
from app.domain.causes import Cause
from app.domain.rewards import RuleKey
from app.models.comments import Comment
from app.models.votes import Vote

Pair = tuple[str, str]
"""A subject and a person."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """Rows by which a person earns once for an idea, however many there are, while one of them is not undone."""

    rule: RuleKey
    table: Any
    person: str
    moment: str
    undone: tuple[str, ...]
    counts: Callable[[Any], ColumnElement[bool]]

    def person_of(self, row: Any) -> Any:
        """Return the column of who did it."""
        return getattr(row, self.person)

    def moment_of(self, row: Any) -> Any:
        """Return the column of when it was done."""
        return getattr(row, self.moment)

    def undone_of(self, row: Any) -> Any:
        """Return when it was undone, empty while it stands."""
        moments = [getattr(row, name) for name in self.undone]
        return moments[0] if len(moments) == 1 else func.coalesce(*moments)


VOTES = Deeds(RuleKey.VOTE, Vote, "voter_id", "cast_at", ("withdrawn_at",), lambda _: true())
COMMENTS = Deeds(
    RuleKey.COMMENT,
    Comment,
    "author_id",
    "created_at",
    ("deleted_at", "hidden_at"),
    lambda row: row.source.is_(None),
)
"""What came in from elsewhere earns nothing."""


def select_first(deeds: Deeds, *conditions: Callable[[Any], ColumnElement[bool]]) -> Select[Any]:
    """Return a statement of the first deed of each subject and person, of the rows that fulfil the conditions.

    Its columns are `subject`, `person`, `moment`, `key` and `stands`. What stands and what was undone is looked
    for apart: an index each answers it.
    """
    row = aliased(deeds.table)
    person, moment = deeds.person_of(row), deeds.moment_of(row)

    def same(other: Any, *, undone: bool) -> ColumnElement[bool]:
        empty = deeds.undone_of(other).is_(None)
        return and_(
            deeds.person_of(other) == person,
            other.idea_id == row.idea_id,
            deeds.counts(other),
            ~empty if undone else empty,
        )

    def earlier(other: Any, *, undone: bool) -> ColumnElement[bool]:
        before = tuple_(deeds.moment_of(other), other.id) < tuple_(moment, row.id)
        return exists().where(same(other, undone=undone), before)

    stands = or_(deeds.undone_of(row).is_(None), exists().where(same(aliased(deeds.table), undone=False)))
    return select(
        row.idea_id.label("subject"),
        person.label("person"),
        moment.label("moment"),
        row.id.label("key"),
        stands.label("stands"),
    ).where(
        deeds.counts(row),
        *(condition(row) for condition in conditions),
        ~earlier(aliased(deeds.table), undone=True),
        ~earlier(aliased(deeds.table), undone=False),
    )


async def list_moments(
    session: ReadSession, deeds: Deeds, ids: Collection[str]
) -> list[tuple[Pair, datetime]]:
    """Return when the people of some deeds did the same about the same subjects, all the times."""
    given = aliased(deeds.table)

    def alike(*, undone: bool) -> Select[Any]:
        other = aliased(deeds.table)
        empty = deeds.undone_of(other).is_(None)
        return (
            select(other.idea_id, deeds.person_of(other), deeds.moment_of(other).label("moment"))
            .join(
                given,
                and_(
                    deeds.person_of(other) == deeds.person_of(given),
                    other.idea_id == given.idea_id,
                ),
            )
            .where(given.id.in_(ids), deeds.counts(given), deeds.counts(other), ~empty if undone else empty)
        )

    rows = await session.execute(union_all(alike(undone=False), alike(undone=True)))
    return [((subject, person), moment) for subject, person, moment in rows]


async def list_in_days(
    session: ReadSession,
    people: Collection[str],
    *,
    deeds: Deeds,
    since: datetime | None = None,
    before: datetime | None = None,
    most: int | None = None,
    subjects: Collection[str] | None = None,
) -> list[Cause]:
    """Return the causes of some people that arose between two moments, in no order.

    With `most`, the first so many of each person are enough: only sensible within one day.
    """

    def theirs(row: Any) -> ColumnElement[bool]:
        moment, wanted = deeds.moment_of(row), [deeds.person_of(row).in_(people)]
        if since is not None:
            wanted.append(moment >= since)
        if before is not None:
            wanted.append(moment < before)
        if subjects is not None:
            wanted.append(row.idea_id.in_(subjects))
        return and_(*wanted)

    statement = select_first(deeds, theirs)
    if most is not None:
        first = statement.subquery()
        place = func.row_number().over(partition_by=first.c.person, order_by=(first.c.moment, first.c.key))
        ranked = select(first, place.label("place")).subquery()
        statement = select(
            ranked.c.subject, ranked.c.person, ranked.c.moment, ranked.c.key, ranked.c.stands
        ).where(ranked.c.place <= most)
    return read_causes(session, await session.execute(statement))


def read_causes(session: ReadSession, rows: Iterable[Sequence[Any]]) -> list[Cause]:
    """Return rows of subject, person, moment, key and whether it stands as causes of their days."""
    return [
        Cause(subject, person, moment, key, clock.day_in(session.zone, moment), bool(stands))
        for subject, person, moment, key, stands in rows
    ]
