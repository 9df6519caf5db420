"""Reading an itinerary, and verifying its chain."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import itinerary
from app.domain.actors import Actor
from app.domain.chains import GENESIS, Verdict
from app.domain.pipeline import Act
from app.models.employees import Employee
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry, ItineraryHead
from app.queries.ideas import get_visible
from app.schemas.decisions import Itinerary, ItineraryStep, Verification
from app.schemas.shapes import Named

JOINING = frozenset({"join", "leave"})
AUTHORS_ACTS = JOINING | {Act.SUBMIT, Act.ANSWER, Act.WITHDRAW, Act.APPEAL, "edit", "import"}
"""What only authors do: under an anonymous idea these acts have no name."""


async def get_itinerary(session: ReadSession, actor: Actor, idea_id: str) -> Itinerary:
    """Return everything that happened to an idea; the authors of an anonymous idea stay without a name.

    Raises: NoSuchIdea.
    """
    seen = await get_visible(session, actor, idea_id)
    hidden = AUTHORS_ACTS if seen.idea.anonymous else frozenset[str]()
    left_out = JOINING if seen.idea.anonymous and not seen.is_author else frozenset[str]()
    actor_ref, holder_ref = aliased(ItineraryActor), aliased(ItineraryActor)
    acting, holding = aliased(Employee), aliased(Employee)
    rows = await session.execute(
        select(
            ItineraryEntry,
            col(acting.id),
            col(acting.name),
            col(holding.id),
            col(holding.name),
            col(Function.name),
        )
        .outerjoin(actor_ref, col(actor_ref.ref) == col(ItineraryEntry.actor_ref))
        .outerjoin(acting, col(acting.id) == col(actor_ref.employee_id))
        .outerjoin(holder_ref, col(holder_ref.ref) == col(ItineraryEntry.holder_ref))
        .outerjoin(holding, col(holding.id) == col(holder_ref.employee_id))
        .outerjoin(Function, col(Function.id) == col(ItineraryEntry.function_id))
        .where(col(ItineraryEntry.idea_id) == idea_id)
        .order_by(col(ItineraryEntry.position))
    )
    steps = rows.all()
    unknown = await _list_restricted(session, {step[0].facts.get("into", "") for step in steps} - {""})
    return Itinerary(
        items=[
            ItineraryStep(
                position=entry.position,
                at=entry.at,
                act=entry.act,
                actor=Named(id=who, name=name) if who and entry.act not in hidden else None,
                from_stage=entry.from_stage,
                to_stage=entry.to_stage,
                function=Named(id=entry.function_id, name=function) if entry.function_id else None,
                holder=Named(id=held_by, name=holder) if held_by else None,
                reason_code=entry.reason_code,
                text=entry.text,
                facts=_write_facts(entry.facts, unknown),
                hash=entry.hash,
            )
            for entry, who, name, held_by, holder, function in steps
            if entry.act not in left_out
        ]
    )


async def _list_restricted(session: ReadSession, idea_ids: Collection[str]) -> set[str]:
    """Return those of some ideas that are restricted: an idea that was merged into one does not say so meanwhile."""
    if not idea_ids:
        return set()
    restricted = col(Idea.id).in_(idea_ids), col(Idea.restriction).is_not(None)
    return set(await session.scalars(select(col(Idea.id)).where(*restricted)))


def _write_facts(facts: dict[str, Any], unknown: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in unknown}


async def verify(session: ReadSession, actor: Actor, idea_id: str) -> Verification:
    """Return whether the chain of an idea's itinerary holds.

    Raises: NoSuchIdea.
    """
    await get_visible(session, actor, idea_id)
    verdict = await check_chain(session, idea_id)
    return Verification(valid=verdict.valid, rows=verdict.rows, head=verdict.head)


async def check_chain(session: ReadSession, idea_id: str) -> Verdict:
    """Check the chain of one idea against its head."""
    head = await session.scalar(select(ItineraryHead).where(col(ItineraryHead.idea_id) == idea_id))
    entries = await session.scalars(
        select(ItineraryEntry)
        .where(col(ItineraryEntry.idea_id) == idea_id)
        .order_by(col(ItineraryEntry.position))
    )
    return itinerary.verify(
        entries.all(), head=head.hash if head else GENESIS, length=head.position if head else 0
    )
