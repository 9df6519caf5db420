"""Reading the level of somebody as others may see it: by points that named contributions alone give."""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.causes import allot
from app.domain.levels import Level, find_next, get_level
from app.domain.rewards import RuleKey
from app.models.authorships import Authorship
from app.models.ideas import Idea
from app.models.rewards import PointEntry
from app.queries import milestones
from app.queries.deeds import COMMENTS, list_in_days
from app.queries.point_rules import get_scales
from app.queries.profiles import read_locale
from app.schemas import badges as shapes

NAMED_COMMENTS = replace(COMMENTS, counts=lambda row: and_(row.source.is_(None), row.unnamed.is_(False)))
"""What people said under their name."""


async def count_named_points(session: ReadSession, employee_id: str) -> int:
    """Return the points that a person would have, had they done nothing but what everybody may know of.

    Votes are secret, so they are not in it. Comments are reckoned anew: in the ledger one that was written without
    a name has taken a slot of its day from those that are seen.
    """
    scale = (await get_scales(session)).of(RuleKey.COMMENT)
    said = allot(await list_in_days(session, [employee_id], deeds=NAMED_COMMENTS), scale)
    earned = await session.scalar(
        select(func.coalesce(func.sum(col(PointEntry.points)), 0))
        .join(Idea, col(Idea.id) == col(PointEntry.subject))
        .where(col(PointEntry.employee_id) == employee_id, has_name())
    )
    return int(earned or 0) + sum(due.points for due in said)


def has_name() -> ColumnElement[bool]:
    """Return the condition of entries, with their idea, of which everybody may know whose they are.

    Nobody is connected with an anonymous idea, whoever helped with it neither; and whoever left an idea may have been
    there while it was anonymous.
    """
    author = exists().where(
        col(Authorship.idea_id) == col(PointEntry.subject),
        col(Authorship.employee_id) == col(PointEntry.employee_id),
        col(Authorship.state) == AuthorshipState.ACCEPTED,
    )
    rule = col(PointEntry.rule)
    return and_(
        col(Idea.anonymous).is_(False),
        or_(rule == RuleKey.COACHING, and_(rule.in_(milestones.RULES), author)),
    )


async def get_own(session: ReadSession, actor: Actor, points: int) -> shapes.Level:
    """Return the level of the actor, who earned so many points, in their language."""
    return shape_level(get_level(points), await read_locale(session, actor))


def shape_level(level: Level, locale: str) -> shapes.Level:
    """Return a level in somebody's language."""
    above = find_next(level)
    return shapes.Level(
        number=level.number,
        name=level.name.say(locale),
        points=level.points,
        next_at=None if above is None else above.points,
    )
