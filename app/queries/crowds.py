"""Crowds: who belongs to a topic that everybody concerned is told of."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Select, exists, or_, select, union
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.authorships import AuthorshipState
from app.domain.crowds import Followed
from app.domain.events import CommentWritten, IdeaMoved
from app.domain.subjects import SubjectKind, Topic
from app.models.authorships import Authorship
from app.models.campaigns import CampaignEntity
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.events import Event
from app.models.follows import IdeaFollow
from app.models.gatherings import GatheringHost, SignUp
from app.models.ideas import Idea
from app.models.news import NewsPost
from app.models.notifications import Notification
from app.models.nudges import NudgeRecipient
from app.queries import news_audiences

Crowd = Callable[[ReadSession, str], Awaitable[Select[Any]]]
"""Returns the statement of the identifiers of people, given the identifier of a subject."""


async def find_followed(session: ReadSession, events: Sequence[Event]) -> Followed:
    """Return the ideas that events are about, or comments, as far as somebody follows them; two statements."""
    subjects = {event.subject for event in events if event.kind in (IdeaMoved.kind, CommentWritten.kind)}
    if not subjects:
        return {}
    moved = await session.scalars(
        select(col(IdeaFollow.idea_id)).where(col(IdeaFollow.idea_id).in_(subjects)).distinct()
    )
    said = await session.execute(
        select(col(Comment.id), col(Comment.idea_id)).where(
            col(Comment.id).in_(subjects), exists().where(col(IdeaFollow.idea_id) == col(Comment.idea_id))
        )
    )
    followed = {idea_id: idea_id for idea_id in moved}
    followed.update({comment_id: idea_id for comment_id, idea_id in said})  # noqa: C416  a row is no pair for the types
    return followed


async def list_told(session: ReadSession, event_sequence: int, people: Sequence[str]) -> set[str]:
    """Return who of some people was told of an event, of whatever kind the message was."""
    return set(
        await session.scalars(
            select(col(Notification.employee_id)).where(
                col(Notification.event_sequence) == event_sequence, col(Notification.employee_id).in_(people)
            )
        )
    )


async def list_members(session: ReadSession, topic: Topic, people: Collection[str]) -> set[str]:
    """Return who of some people belongs to the crowd of a topic."""
    crowd = (await CROWDS[topic.kind](session, topic.id)).subquery()
    return set(await session.scalars(select(crowd.c[0]).where(crowd.c[0].in_(people))))


async def list_slice(session: ReadSession, topic: Topic, *, after: str, limit: int) -> list[str]:
    """Return the next people of a crowd in the order of their identifiers, those who have left excepted."""
    crowd = (await CROWDS[topic.kind](session, topic.id)).subquery()
    found = await session.scalars(
        select(col(Employee.id))
        .where(
            col(Employee.id).in_(select(crowd.c[0])),
            col(Employee.id) > after,
            col(Employee.active).is_(True),
            col(Employee.kind) == "employee",
        )
        .order_by(col(Employee.id))
        .limit(limit)
    )
    return list(found)


def is_below(paths: list[str]) -> Any:
    """Return the condition that an entity is one of some, given by their paths, or stands below one."""
    return or_(
        *(
            or_(col(Entity.path) == path, col(Entity.path).startswith(f"{path}/", autoescape=True))
            for path in paths
        )
    )


async def _select_people_of_gathering(_session: ReadSession, gathering_id: str) -> Select[Any]:
    signed_up = select(col(SignUp.employee_id)).where(col(SignUp.gathering_id) == gathering_id)
    hosts = select(col(GatheringHost.employee_id)).where(col(GatheringHost.gathering_id) == gathering_id)
    return select(union(signed_up, hosts).subquery())


async def _select_audience(session: ReadSession, campaign_id: str) -> Select[Any]:
    paths = await session.scalars(
        select(col(Entity.path))
        .join(CampaignEntity, col(CampaignEntity.entity_id) == col(Entity.id))
        .where(col(CampaignEntity.campaign_id) == campaign_id)
    )
    wanted = paths.all()
    if not wanted:
        return select(col(Employee.id))
    return (
        select(col(Employee.id))
        .join(Entity, col(Entity.id) == col(Employee.entity_id))
        .where(is_below(list(wanted)))
    )


async def _select_readers_of_news(session: ReadSession, post_id: str) -> Select[Any]:
    post = await session.get_one(NewsPost, post_id)
    return await news_audiences.select_readers(session, post)


async def _select_nudged(_session: ReadSession, nudge_id: str) -> Select[Any]:
    return select(col(NudgeRecipient.employee_id)).where(
        col(NudgeRecipient.nudge_id) == nudge_id, col(NudgeRecipient.held_out).is_(False)
    )


async def _select_followers(_session: ReadSession, idea_id: str) -> Select[Any]:
    """Followers of an idea, without those to whom it is more: authors, whoever was asked to be one, and the holder."""
    closer = exists().where(
        col(Authorship.idea_id) == idea_id,
        col(Authorship.employee_id) == col(IdeaFollow.follower_id),
        col(Authorship.state) != AuthorshipState.REFUSED.value,
    )
    holds = exists().where(col(Idea.id) == idea_id, col(Idea.holder_id) == col(IdeaFollow.follower_id))
    return select(col(IdeaFollow.follower_id)).where(col(IdeaFollow.idea_id) == idea_id, ~closer, ~holds)


CROWDS: dict[SubjectKind, Crowd] = {
    SubjectKind.GATHERING: _select_people_of_gathering,
    SubjectKind.CAMPAIGN: _select_audience,
    SubjectKind.NEWS: _select_readers_of_news,
    SubjectKind.NUDGE: _select_nudged,
    SubjectKind.IDEA: _select_followers,
}
"""THE table of crowds: a subject that many people are told of has a row here."""
