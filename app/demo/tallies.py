"""What there is in the made-up world besides its ideas, counted for whoever built it."""

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlmodel import col

from app.core.db import Database
from app.domain.awards import AwardState
from app.domain.leaderboards import ALL_TIME, Board
from app.domain.segments import Segment
from app.models.awards import PrizeAward
from app.models.badges import BadgeAward
from app.models.campaigns import Campaign
from app.models.comments import Comment
from app.models.entities import Entity
from app.models.gatherings import Attendance, Gathering, SignUp
from app.models.help_requests import HelpRequest
from app.models.leaderboards import Contender, UnitStanding
from app.models.news import NewsPost
from app.models.prizes import Prize
from app.models.segments import Membership

_FIRST = 3


async def list_lines(database: Database) -> list[str]:
    """Return lines that tell the people of each segment, and how much is going on."""
    async with database.reader() as session:
        rows = await session.execute(
            select(col(Membership.segment), func.count()).group_by(col(Membership.segment))
        )
        people = dict(rows.all())
        counted = {what: await session.scalar(statement) or 0 for what, statement in _COUNTED.items()}
        boards = await session.execute(
            select(col(Entity.name), col(UnitStanding.per_head))
            .join(Entity, col(Entity.id) == col(UnitStanding.entity_id))
            .where(col(UnitStanding.scope) == ALL_TIME, col(UnitStanding.board) == Board.ENTITY)
            .order_by(col(UnitStanding.rank), col(Entity.path))
            .limit(_FIRST)
        )
        first = ", ".join(f"{name} {per_head / 100:.2f}" for name, per_head in boards)
    placed = ", ".join(f"{each.value} {people.get(each, 0):,}" for each in Segment)
    going_on = ", ".join(f"{number:,} {what}" for what, number in counted.items())
    return [f"Segments: {placed}.", f"Points a head: {first}.", f"Going on: {going_on}."]


def _count(key: object, *conditions: ColumnElement[bool]) -> Select[int]:
    return select(func.count(col(key))).where(true(), *conditions)


_COUNTED: dict[str, Select[int]] = {
    "campaigns": _count(Campaign.id, col(Campaign.permanent).is_(False)),
    "gatherings": _count(Gathering.id),
    "sign-ups": _count(SignUp.id),
    "attendances": _count(Attendance.id),
    "requests for help": _count(HelpRequest.id),
    "of them thanked": _count(HelpRequest.id, col(HelpRequest.thanked_at).is_not(None)),
    "comments that changed an idea": _count(Comment.id, col(Comment.credited_at).is_not(None)),
    "news posts": _count(NewsPost.id),
    "people compared by name": _count(Contender.employee_id),
    "badges": _count(BadgeAward.id, col(BadgeAward.shown).is_(False)),
    "prizes": _count(Prize.id),
    "pieces given": _count(PrizeAward.id, col(PrizeAward.state) == AwardState.GRANTED),
}
"""What is counted, by what it is called."""
