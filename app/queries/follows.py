"""Reading follows: one's own, and how many others there are as far as that may be told."""

from typing import Any

from sqlalchemy import Select, String, cast, func, literal, null, select, true, tuple_, union_all
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import follows
from app.domain.actors import Actor
from app.domain.campaigns import CampaignState
from app.domain.follows import Followed, NoSuchFunction
from app.domain.pipeline import Stage
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.follows import CampaignFollow, EmployeeFollow, FunctionFollow, IdeaFollow
from app.models.functions import Function
from app.models.ideas import Idea
from app.queries import campaigns, employees, ideas
from app.schemas.follows import Follow, Following
from app.schemas.shapes import Named

TABLES: dict[Followed, tuple[Any, Any]] = {
    Followed.IDEA: (IdeaFollow, col(IdeaFollow.idea_id)),
    Followed.EMPLOYEE: (EmployeeFollow, col(EmployeeFollow.employee_id)),
    Followed.FUNCTION: (FunctionFollow, col(FunctionFollow.function_id)),
    Followed.CAMPAIGN: (CampaignFollow, col(CampaignFollow.campaign_id)),
}
"""The table of each kind, and the column of what is followed."""


async def is_draft(session: ReadSession, actor: Actor, what: Followed, subject_id: str) -> bool:
    """Let pass what the actor may know of, and tell whether it is a draft still.

    Raises: NoSuchIdea, NoSuchEmployee, NoSuchFunction, NoSuchCampaign.
    """
    match what:
        case Followed.IDEA:
            return (await ideas.get_visible(session, actor, subject_id)).idea.stage == Stage.DRAFT
        case Followed.EMPLOYEE:
            await employees.get_visible(session, actor, subject_id)
        case Followed.FUNCTION:
            if not ids.is_valid(subject_id) or await session.get(Function, subject_id) is None:
                raise NoSuchFunction
        case Followed.CAMPAIGN:
            campaign = await campaigns.get_visible(session, actor, subject_id)
            return campaign.state == CampaignState.DRAFTED
    return False


async def get_following(session: ReadSession, actor: Actor, what: Followed, subject_id: str) -> Following:
    """Return whether the actor follows something, and how many others do as far as that may be told.

    Raises: NoSuchIdea, NoSuchEmployee, NoSuchFunction, NoSuchCampaign.
    """
    drafted = await is_draft(session, actor, what, subject_id)
    table, subject = TABLES[what]
    own = func.count().filter(col(table.follower_id) == actor.id)
    people, mine = (await session.execute(select(func.count(), own).where(subject == subject_id))).one()
    oneself = what is Followed.EMPLOYEE and subject_id == actor.id
    return Following(
        following=bool(mine),
        followers=follows.tell_followers(what, people - mine),
        can=["unfollow"] if mine else [] if drafted or oneself else ["follow"],
    )


async def list_follows(
    session: ReadSession, actor: Actor, *, what: Followed | None, after: Place | None, limit: int
) -> tuple[list[Follow], Place | None]:
    """Return a page of what the actor follows and may know of, the latest first; one statement."""
    found = union_all(*(_select(actor, kind) for kind in Followed if what in (None, kind))).subquery("found")
    order = (found.c.followed_at, found.c.subject_id)
    statement = select(found).order_by(*(column.desc() for column in order)).limit(limit + 1)
    if after is not None:
        statement = statement.where(tuple_(*order) < keysets.read_time(after))
    rows = (await session.execute(statement)).all()
    items = [
        Follow(
            what=row.what,
            subject=Named(id=row.subject_id, name=row.name),
            stage=row.stage,
            followed_at=row.followed_at,
            can=["unfollow"],
        )
        for row in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return items, keysets.write(last.followed_at, last.subject_id) if last is not None else None


def _select(actor: Actor, what: Followed) -> Select[Any]:
    table, subject = TABLES[what]
    followed, shown = _SHOWN[what]
    stage: Any = col(Idea.stage) if followed is Idea else cast(null(), String())
    name: Any = followed.title if followed is Idea else followed.name
    found: Select[Any] = (
        select(
            literal(what.value).label("what"),
            subject.label("subject_id"),
            name.label("name"),
            stage.label("stage"),
            col(table.followed_at).label("followed_at"),
        )
        .join(followed, followed.id == subject)
        .where(col(table.follower_id) == actor.id, shown)
    )
    return found


_SHOWN: dict[Followed, tuple[Any, Any]] = {
    Followed.IDEA: (Idea, col(Idea.stage) != Stage.DRAFT.value),
    Followed.EMPLOYEE: (Employee, col(Employee.active).is_(True)),
    Followed.FUNCTION: (Function, true()),
    Followed.CAMPAIGN: (Campaign, col(Campaign.state) != CampaignState.DRAFTED.value),
}
"""What is followed, and on what condition a follower may know of it."""
