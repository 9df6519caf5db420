"""Stories of a personal feed: what each kind shows, with names only where they are everybody's to know."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import col

from app.core.characters import cut
from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.personal_feed import EXCERPT
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.follows import EmployeeFollow
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.news import NewsPost
from app.queries.itinerary import AUTHORS_ACTS
from app.schemas.personal_feed import FeedComment, FeedIdea
from app.schemas.shapes import Named

Told = dict[str, dict[str, Any]]
"""What stories show beside their moment, by key."""

_IDEA: tuple[Any, ...] = (
    col(Idea.id).label("idea_id"),
    col(Idea.title),
    col(Idea.stage),
    col(Idea.anonymous),
)
_SHOWN = col(Idea.stage) != Stage.DRAFT.value
"""What is restricted by now stands as a draft again."""

_PERSON: tuple[Any, ...] = (col(Employee.id).label("person_id"), col(Employee.name).label("person"))


async def tell_submitted(session: ReadSession, actor: Actor, keys: Collection[str]) -> Told:
    """Return ideas with an author whom the reader follows, else the first; without one if anonymous."""
    follows = and_(
        col(EmployeeFollow.employee_id) == col(Employee.id), col(EmployeeFollow.follower_id) == actor.id
    )
    rows = await session.execute(
        select(*_IDEA, *_PERSON)
        .outerjoin(
            Authorship,
            and_(
                col(Authorship.idea_id) == col(Idea.id),
                col(Authorship.state) == AuthorshipState.ACCEPTED.value,
                col(Idea.anonymous).is_(False),
            ),
        )
        .outerjoin(Employee, col(Employee.id) == col(Authorship.employee_id))
        .outerjoin(EmployeeFollow, follows)
        .where(col(Idea.id).in_(keys), _SHOWN)
        .order_by(col(EmployeeFollow.follower_id).is_(None), col(Authorship.position))
    )
    told: Told = {}
    for row in rows:
        told.setdefault(row.idea_id, _show(idea=_shape_idea(row), person=_shape_person(row)))
    return told


async def tell_moved(session: ReadSession, _actor: Actor, keys: Collection[str]) -> Told:
    """Return moves with who made them, where that is not an author of an anonymous idea."""
    rows = await session.execute(
        select(
            *_IDEA, *_PERSON, col(ItineraryEntry.id), col(ItineraryEntry.act), col(ItineraryEntry.to_stage)
        )
        .join(Idea, col(Idea.id) == col(ItineraryEntry.idea_id))
        .outerjoin(ItineraryActor, col(ItineraryActor.ref) == col(ItineraryEntry.actor_ref))
        .outerjoin(Employee, col(Employee.id) == col(ItineraryActor.employee_id))
        .where(col(ItineraryEntry.id).in_(keys), _SHOWN)
    )
    return {
        row.id: _show(
            idea=_shape_idea(row),
            person=None if row.anonymous and row.act in AUTHORS_ACTS else _shape_person(row),
            act=row.act,
            to_stage=row.to_stage,
        )
        for row in rows
    }


async def tell_commented(session: ReadSession, _actor: Actor, keys: Collection[str]) -> Told:
    """Return comments that stand, with their author where that is not one of an anonymous idea."""
    rows = await session.execute(
        select(
            *_IDEA,
            *_PERSON,
            col(Comment.id),
            col(Comment.unnamed),
            func.substr(col(Comment.body), 1, EXCERPT + 1).label("beginning"),
        )
        .join(Idea, col(Idea.id) == col(Comment.idea_id))
        .join(Employee, col(Employee.id) == col(Comment.author_id))
        .where(col(Comment.id).in_(keys), col(Comment.deleted_at).is_(None), _SHOWN)
    )
    return {
        row.id: _show(
            idea=_shape_idea(row),
            person=None if row.anonymous and row.unnamed else _shape_person(row),
            comment=FeedComment(id=row.id, excerpt=cut(row.beginning, EXCERPT)),
        )
        for row in rows
    }


async def tell_phases(session: ReadSession, _actor: Actor, keys: Collection[str]) -> Told:
    """Return phases with their campaigns; a key is made of both."""
    apart = {key: key.partition(".")[::2] for key in keys}
    named = await _name_campaigns(session, {campaign_id for campaign_id, _ in apart.values()})
    return {
        key: _show(campaign=named[campaign_id], phase=phase)
        for key, (campaign_id, phase) in apart.items()
        if campaign_id in named
    }


async def tell_closed(session: ReadSession, _actor: Actor, keys: Collection[str]) -> Told:
    """Return campaigns that were closed."""
    named = await _name_campaigns(session, keys)
    return {key: _show(campaign=campaign) for key, campaign in named.items()}


async def tell_news(session: ReadSession, _actor: Actor, keys: Collection[str]) -> Told:
    """Return news posts by their titles."""
    rows = await session.execute(
        select(col(NewsPost.id), col(NewsPost.title)).where(col(NewsPost.id).in_(keys))
    )
    return {key: _show(news=Named(id=key, name=title)) for key, title in rows}


async def _name_campaigns(session: ReadSession, keys: Collection[str]) -> dict[str, Named]:
    rows = await session.execute(
        select(col(Campaign.id), col(Campaign.name)).where(col(Campaign.id).in_(keys))
    )
    return {key: Named(id=key, name=name) for key, name in rows}


def _shape_idea(row: Any) -> FeedIdea:
    return FeedIdea(id=row.idea_id, title=row.title, stage=row.stage)


def _shape_person(row: Any) -> Named | None:
    return Named(id=row.person_id, name=row.person) if row.person_id else None


_NOTHING = dict.fromkeys("idea person act to_stage comment campaign phase news".split())


def _show(**shown: Any) -> dict[str, Any]:
    return _NOTHING | shown
