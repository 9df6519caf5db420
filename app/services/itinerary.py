"""Writing the itinerary: every act on an idea is one more entry of its chain."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.itinerary import GENESIS, commit, seal
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry, ItineraryHead


@dataclass(frozen=True, slots=True)
class Step:
    """What happened: `actor_id` is None for the product itself; `facts` hold identifiers, numbers, dates as text."""

    act: str
    from_stage: str
    actor_id: str | None = None
    text: str | None = None
    reason_code: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


async def append(session: WriteSession, idea: Idea, step: Step, *, now: datetime) -> ItineraryEntry:
    """Append what happened to the chain of an idea, which stands already where the step led it.

    The head is locked first: two writers on one idea take their turns.
    """
    head = await session.scalar(
        select(ItineraryHead).where(col(ItineraryHead.idea_id) == idea.id).with_for_update()
    )
    if head is None:
        head = ItineraryHead(idea_id=idea.id, position=0, hash=GENESIS)
        session.add(head)
    salt = secrets.token_hex(16)
    entry = ItineraryEntry(
        idea_id=idea.id,
        position=head.position + 1,
        at=now,
        act=step.act,
        actor_ref=await _get_ref(session, idea.id, step.actor_id),
        holder_ref=await _get_ref(session, idea.id, idea.holder_id),
        from_stage=step.from_stage,
        to_stage=idea.stage,
        function_id=idea.function_id,
        reason_code=step.reason_code,
        facts=step.facts,
        text=step.text,
        salt=salt,
        commitment=commit(step.text, salt),
        previous=head.hash,
        hash="",
    )
    entry.hash = seal(entry)
    head.position, head.hash = entry.position, entry.hash
    session.add(entry)
    return entry


async def _get_ref(session: WriteSession, idea_id: str, employee_id: str | None) -> str | None:
    """Return the random name of a person on one idea, made when it is needed first."""
    if employee_id is None:
        return None
    ref = await session.scalar(
        select(col(ItineraryActor.ref)).where(
            col(ItineraryActor.idea_id) == idea_id, col(ItineraryActor.employee_id) == employee_id
        )
    )
    if ref is None:
        actor = ItineraryActor(idea_id=idea_id, employee_id=employee_id)
        session.add(actor)
        ref = actor.ref
    return ref
