"""One idea with its texts, authors, tags, gates and decline."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.core.markdown import render
from app.domain.actors import Actor
from app.domain.pipeline import Act, Stage
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.gates import Gate
from app.models.ideas import Idea, IdeaTag
from app.models.itinerary import ItineraryEntry
from app.queries import cards
from app.queries.ideas import get_visible
from app.schemas.ideas import Decline, ElsewhereVotes, GatePassed, IdeaDetail, Money
from app.schemas.shapes import Named

_DETAIL = cards.select_cards(
    col(Idea.problem).label("problem"),
    col(Idea.solution).label("solution"),
    col(Idea.benefit).label("benefit"),
    col(Idea.version).label("version"),
    col(Idea.updated_at).label("updated_at"),
    col(Idea.wake_on).label("wake_on"),
    col(Idea.canonical_id).label("canonical"),
    col(Idea.source).label("source"),
    col(Idea.source_votes).label("source_votes"),
).where(col(Idea.id) == bindparam("idea_id"))

_GATED = (Stage.PROJECT, Stage.PILOT, Stage.DEPLOYED, Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED)


async def get_detail(session: ReadSession, actor: Actor, idea_id: str) -> IdeaDetail:
    """Return an idea as this reader sees it.

    Raises: NoSuchIdea.
    """
    await get_visible(session, actor, idea_id)
    row = (await session.execute(_DETAIL, {"reader": actor.id, "idea_id": idea_id})).one()
    close = await cards.find_close(session, actor, [row])
    card = cards.shape_card(actor, row, conflicted=row.id in close)
    return IdeaDetail.model_construct(
        **card,
        problem=row.problem,
        solution=row.solution,
        benefit=row.benefit,
        problem_html=render(row.problem),
        solution_html=render(row.solution),
        benefit_html=render(row.benefit),
        authors=[] if row.anonymous else await _list_authors(session, idea_id),
        tags=await _list_tags(session, idea_id),
        version=row.version,
        updated_at=row.updated_at,
        wake_on=row.wake_on,
        canonical=row.canonical,
        decline=await find_decline(session, idea_id) if row.stage == Stage.DECLINED else None,
        gates=await _list_gates(session, idea_id) if row.stage in _GATED else [],
        elsewhere=ElsewhereVotes(source=row.source, votes=row.source_votes) if row.source_votes else None,
    )


async def find_decline(session: ReadSession, idea_id: str) -> Decline | None:
    """Return the last decline of an idea, with its reason."""
    entry = await session.scalar(
        select(ItineraryEntry)
        .where(col(ItineraryEntry.idea_id) == idea_id, col(ItineraryEntry.act) == Act.DECLINE)
        .order_by(col(ItineraryEntry.position).desc())
        .limit(1)
    )
    if entry is None:
        return None
    return Decline(
        reason_code=entry.reason_code or "other", text=entry.text, at=entry.at, stage=entry.from_stage
    )


async def _list_authors(session: ReadSession, idea_id: str) -> list[Named]:
    rows = await session.execute(
        select(col(Employee.id), col(Employee.name))
        .join(Authorship, col(Authorship.employee_id) == col(Employee.id))
        .where(col(Authorship.idea_id) == idea_id, col(Authorship.state) == "accepted")
        .order_by(col(Authorship.position))
    )
    return [Named(id=person_id, name=name) for person_id, name in rows]


async def _list_tags(session: ReadSession, idea_id: str) -> list[str]:
    tags = await session.scalars(
        select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea_id).order_by(col(IdeaTag.position))
    )
    return list(tags.all())


async def _list_gates(session: ReadSession, idea_id: str) -> list[GatePassed]:
    owner = aliased(Employee)
    rows = await session.execute(
        select(Gate, col(owner.name))
        .outerjoin(owner, col(owner.id) == col(Gate.owner_id))
        .where(col(Gate.idea_id) == idea_id)
        .order_by(col(Gate.at))
    )
    return [_shape_gate(gate, name) for gate, name in rows]


def _shape_gate(gate: Gate, owner_name: Any) -> GatePassed:
    money = (
        Money(amount=str(gate.amount), currency=gate.currency or "", per=gate.per or "")
        if gate.amount is not None
        else None
    )
    deployed = gate.stage == Stage.DEPLOYED
    return GatePassed(
        stage=gate.stage,
        at=gate.at,
        owner=Named(id=gate.owner_id, name=owner_name) if gate.owner_id else None,
        estimate=None if deployed else money,
        benefit=money if deployed else None,
        place=gate.place,
        starts_on=gate.starts_on,
        ends_on=gate.ends_on,
        success_measure=gate.success_measure,
        result=gate.result,
        benefit_due_on=gate.benefit_due_on,
        skip_reason=gate.skip_reason,
    )
