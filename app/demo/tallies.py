"""What there is in the made-up world besides its ideas, counted for whoever built it."""

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlmodel import col

from app.core.db import Database
from app.domain.awards import AwardState
from app.domain.segments import Segment
from app.models.awards import PrizeAward
from app.models.campaigns import Campaign
from app.models.comments import Comment
from app.models.gatherings import Attendance, Gathering, SignUp
from app.models.help_requests import HelpRequest
from app.models.prizes import Prize
from app.models.segments import Membership


async def list_lines(database: Database) -> list[str]:
    """Return lines that tell the people of each segment, and how much is going on."""
    async with database.reader() as session:
        rows = await session.execute(
            select(col(Membership.segment), func.count()).group_by(col(Membership.segment))
        )
        people = dict(rows.all())
        counted = {what: await session.scalar(statement) or 0 for what, statement in _COUNTED.items()}
    placed = ", ".join(f"{each.value} {people.get(each, 0):,}" for each in Segment)
    going_on = ", ".join(f"{number:,} {what}" for what, number in counted.items())
    return [f"Segments: {placed}.", f"Going on: {going_on}."]


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
    "prizes": _count(Prize.id),
    "pieces given": _count(PrizeAward.id, col(PrizeAward.state) == AwardState.GRANTED),
}
"""What is counted, by what it is called."""
