"""Sources of a personal feed: where what happened is found, each with its moment, its key and why it is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, literal, not_, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.campaigns import CampaignState
from app.domain.follows import MOST, Followed
from app.domain.personal_feed import MARKS, MOVES, REACH, Story
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.campaigns import Campaign, CampaignPhase
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.follows import CampaignFollow, EmployeeFollow, FunctionFollow, IdeaFollow
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.news import NewsPost
from app.queries import news
from app.queries.itinerary import AUTHORS_ACTS

_followed = aliased(Employee)
_OPEN = col(Idea.stage) != Stage.DRAFT.value
_MOVES = sorted(act.value for act in MOVES)


@dataclass(frozen=True, slots=True)
class Interests:
    """What a feed is about beside ideas and people; `own` are campaigns that the reader takes part in."""

    functions: tuple[str, ...]
    campaigns: tuple[str, ...]
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a feed that is wanted: what lies behind a place, up to a moment, and how much of it."""

    after: Place | None
    now: datetime
    number: int

    def take(
        self,
        statement: Select[Any],
        story: Story,
        at: Any,
        key: Any,
        *,
        why: Followed | None = None,
    ) -> Select[Any]:
        """Return the newest rows of a source within the stretch."""
        mark = MARKS[why] if why else 0
        columns = (
            at.label("at"),
            literal(story.value).label("story"),
            key.label("key"),
            literal(mark).label("mark"),
        )
        wanted = statement.with_only_columns(*columns, maintain_column_froms=True)
        wanted = wanted.where(at <= self.now, at > self.now - REACH)
        if self.after is not None:
            wanted = wanted.where(tuple_(at, key) < keysets.read_time(self.after))
        page = wanted.distinct().order_by(at.desc(), key.desc()).limit(self.number).subquery()
        return select(page)


async def read_interests(session: ReadSession, actor: Actor) -> Interests:
    """Return the functions and campaigns that a feed is about; one statement."""
    rows: Any = await session.execute(
        union_all(
            _newest(FunctionFollow.function_id, FunctionFollow, actor, Followed.FUNCTION),
            _newest(CampaignFollow.campaign_id, CampaignFollow, actor, Followed.CAMPAIGN),
            select(literal("own"), col(Idea.campaign_id))
            .join(Authorship, col(Authorship.idea_id) == col(Idea.id))
            .where(
                col(Authorship.employee_id) == actor.id,
                col(Authorship.state) == AuthorshipState.ACCEPTED.value,
                _OPEN,
            )
            .distinct(),
            select(literal("own"), col(Campaign.id)).where(col(Campaign.sponsor_id) == actor.id),
        )
    )
    found: dict[str, list[str]] = {}
    for what, key in rows:
        found.setdefault(what, []).append(key)
    granted = {grant.campaign_id for grant in actor.grants if grant.campaign_id}
    return Interests(
        tuple(found.get(Followed.FUNCTION, ())),
        tuple(found.get(Followed.CAMPAIGN, ())),
        frozenset(found.get("own", ())) | granted,
    )


def list_sources(actor: Actor, interests: Interests, stretch: Stretch) -> list[Select[Any]]:
    """Return the statements of all that a feed is gathered from."""
    return [
        *_of_ideas(actor, stretch),
        *_of_people(actor, stretch),
        *_of_places(interests, stretch),
        *_of_campaigns(interests, stretch),
        stretch.take(
            select(NewsPost).where(news.is_readable(actor, stretch.now)),
            Story.NEWS,
            col(NewsPost.publish_at),
            col(NewsPost.id),
        ),
    ]


def _of_ideas(actor: Actor, stretch: Stretch) -> Iterator[Select[Any]]:
    """What others did with ideas that somebody follows."""
    why, own = Followed.IDEA, col(IdeaFollow.follower_id) == actor.id
    moves = (
        select(ItineraryEntry)
        .join(IdeaFollow, col(IdeaFollow.idea_id) == col(ItineraryEntry.idea_id))
        .outerjoin(ItineraryActor, col(ItineraryActor.ref) == col(ItineraryEntry.actor_ref))
        .where(own, col(ItineraryEntry.act).in_(_MOVES))
        .where(or_(col(ItineraryActor.employee_id).is_(None), col(ItineraryActor.employee_id) != actor.id))
    )
    yield stretch.take(moves, Story.MOVED, col(ItineraryEntry.at), col(ItineraryEntry.id), why=why)
    remarks = (
        select(Comment)
        .join(IdeaFollow, col(IdeaFollow.idea_id) == col(Comment.idea_id))
        .where(own, col(Comment.deleted_at).is_(None), col(Comment.author_id) != actor.id)
    )
    yield stretch.take(remarks, Story.COMMENTED, col(Comment.created_at), col(Comment.id), why=why)


def _of_people(actor: Actor, stretch: Stretch) -> Iterator[Select[Any]]:
    """What people whom somebody follows did under their name; nothing else is ever looked at."""
    why = Followed.EMPLOYEE

    def by(statement: Select[Any], who: Any) -> Select[Any]:
        return (
            statement.join(_followed, _followed.id == who)
            .join(EmployeeFollow, col(EmployeeFollow.employee_id) == col(_followed.id))
            .where(col(EmployeeFollow.follower_id) == actor.id, col(_followed.active).is_(True), _OPEN)
        )

    written = select(Idea).join(Authorship, col(Authorship.idea_id) == col(Idea.id))
    written = written.where(
        col(Authorship.state) == AuthorshipState.ACCEPTED.value, col(Idea.anonymous).is_(False)
    )
    yield stretch.take(
        by(written, col(Authorship.employee_id)),
        Story.SUBMITTED,
        col(Idea.submitted_at),
        col(Idea.id),
        why=why,
    )
    remarks = select(Comment).join(Idea, col(Idea.id) == col(Comment.idea_id))
    remarks = remarks.where(
        col(Comment.deleted_at).is_(None),
        not_(and_(col(Comment.unnamed).is_(True), col(Idea.anonymous).is_(True))),
    )
    yield stretch.take(
        by(remarks, col(Comment.author_id)),
        Story.COMMENTED,
        col(Comment.created_at),
        col(Comment.id),
        why=why,
    )
    moves = (
        select(ItineraryEntry)
        .join(
            ItineraryActor,
            and_(
                col(ItineraryActor.idea_id) == col(ItineraryEntry.idea_id),
                col(ItineraryActor.ref) == col(ItineraryEntry.actor_ref),
            ),
        )
        .join(Idea, col(Idea.id) == col(ItineraryEntry.idea_id))
        .where(
            col(ItineraryEntry.act).in_(_MOVES),
            or_(col(Idea.anonymous).is_(False), col(ItineraryEntry.act).not_in(sorted(AUTHORS_ACTS))),
        )
    )
    yield stretch.take(
        by(moves, col(ItineraryActor.employee_id)),
        Story.MOVED,
        col(ItineraryEntry.at),
        col(ItineraryEntry.id),
        why=why,
    )


def _of_places(interests: Interests, stretch: Stretch) -> Iterator[Select[Any]]:
    """New ideas of functions and campaigns, each a range of one index."""
    for why, column, wanted in (
        (Followed.FUNCTION, col(Idea.function_id), interests.functions),
        (Followed.CAMPAIGN, col(Idea.campaign_id), interests.campaigns),
    ):
        for key in wanted:
            new = select(Idea).where(column == key, _OPEN)
            yield stretch.take(new, Story.SUBMITTED, col(Idea.submitted_at), col(Idea.id), why=why)


def _of_campaigns(interests: Interests, stretch: Stretch) -> Iterator[Select[Any]]:
    """Phases and ends of campaigns that somebody follows or takes part in."""
    shown = col(Campaign.state) != CampaignState.DRAFTED.value
    followed = frozenset(interests.campaigns)
    for why, wanted in ((Followed.CAMPAIGN, followed), (None, interests.own - followed)):
        if wanted:
            phases = select(CampaignPhase).join(Campaign, col(Campaign.id) == col(CampaignPhase.campaign_id))
            phases = phases.where(col(Campaign.id).in_(sorted(wanted)), shown)
            key = col(CampaignPhase.campaign_id) + "." + col(CampaignPhase.kind)
            yield stretch.take(phases, Story.PHASE, col(CampaignPhase.starts_at), key, why=why)
            closed = select(Campaign).where(col(Campaign.id).in_(sorted(wanted)), shown)
            yield stretch.take(closed, Story.CLOSED, col(Campaign.closed_at), col(Campaign.id), why=why)


def _newest(subject: Any, table: Any, actor: Actor, what: Followed) -> Select[Any]:
    newest = (
        select(literal(what.value).label("what"), col(subject).label("key"))
        .where(col(table.follower_id) == actor.id)
        .order_by(col(table.followed_at).desc(), col(subject))
        .limit(MOST[what])
        .subquery()
    )
    return select(newest)
