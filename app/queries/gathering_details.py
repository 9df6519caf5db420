"""Reading one gathering with its texts, and what came of it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.markdown import render
from app.domain import gatherings
from app.domain.actors import Actor
from app.domain.pipeline import Stage
from app.domain.sign_ups import SignUpState
from app.models.employees import Employee
from app.models.gatherings import Attendance, Capture, GatheringHost, SignUp
from app.models.ideas import Idea, Tally
from app.queries.gatherings import Seen, get_visible, shape_card
from app.schemas.captures import CapturedIdea
from app.schemas.gatherings import Counted, GatheringDetail
from app.schemas.shapes import Named

MOST_IDEAS = 100
"""Ideas that are listed with a gathering."""


async def get_detail(
    session: ReadSession, actor: Actor, gathering_id: str, *, now: datetime
) -> GatheringDetail:
    """Return a gathering as this reader sees it.

    Raises: NoSuchGathering.
    """
    seen = await get_visible(session, actor, gathering_id)
    gathering, standing = seen.gathering, seen.standing
    counted = await _count(session, seen)
    over = gathering.ends_at <= now and gathering.cancelled_at is None
    captured, ideas = await _list_captured(session, gathering_id)
    return GatheringDetail.model_construct(
        **shape_card(actor, seen, now=now),
        description=gathering.description,
        description_html=render(gathering.description),
        link=gathering.link if standing.takes_part else None,
        hosts=await _list_hosts(session, gathering_id),
        cancel_reason=gathering.cancel_reason,
        attends=standing.attends,
        attended=gatherings.tell_people(counted.attended, over=over),
        counted=counted if standing.hosts else None,
        summary=gathering.summary,
        summary_html=render(gathering.summary),
        ideas_captured=captured,
        ideas=ideas,
        version=gathering.version,
        updated_at=gathering.updated_at,
    )


async def _count(session: ReadSession, seen: Seen) -> Counted:
    """Return how many people there are in each way; who was there is forgotten after a while, how many is not."""
    gathering = seen.gathering
    waiting, attended = (
        await session.execute(
            select(
                select(func.count())
                .where(col(SignUp.gathering_id) == gathering.id, col(SignUp.state) == SignUpState.WAITING)
                .scalar_subquery(),
                select(func.count()).where(col(Attendance.gathering_id) == gathering.id).scalar_subquery(),
            )
        )
    ).one()
    known = attended if gathering.attended is None else gathering.attended
    return Counted(seated=seen.standing.seated, waiting=waiting, attended=known)


async def _list_hosts(session: ReadSession, gathering_id: str) -> list[Named]:
    rows = await session.execute(
        select(col(Employee.id), col(Employee.name))
        .join(GatheringHost, col(GatheringHost.employee_id) == col(Employee.id))
        .where(col(GatheringHost.gathering_id) == gathering_id)
        .order_by(col(Employee.folded_name), col(Employee.id))
    )
    return [Named(id=key, name=name) for key, name in rows]


async def _list_captured(session: ReadSession, gathering_id: str) -> tuple[int, list[CapturedIdea]]:
    """Return how many ideas were captured, and the newest of them; drafts are their writers' business."""
    rows = (
        await session.execute(
            select(
                col(Idea.id),
                col(Idea.title),
                col(Idea.stage),
                col(Tally.votes),
                col(Tally.comments),
                func.count().over().label("all"),
            )
            .join(Capture, col(Capture.idea_id) == col(Idea.id))
            .join(Tally, col(Tally.idea_id) == col(Idea.id))
            .where(
                col(Capture.gathering_id) == gathering_id,
                col(Idea.stage) != Stage.DRAFT,
                col(Idea.anonymous).is_(False),
            )
            .order_by(col(Capture.captured_at).desc(), col(Idea.id))
            .limit(MOST_IDEAS)
        )
    ).all()
    ideas = [CapturedIdea.model_validate(row) for row in rows]
    return rows[0][-1] if rows else 0, ideas
