"""Writing the itinerary: every act on an idea is one more entry of its chain."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.chains import GENESIS, commit
from app.domain.itinerary import seal
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry, ItineraryHead

_HEAD = select(ItineraryHead).where(col(ItineraryHead.idea_id) == bindparam("idea")).with_for_update()
_REFS = select(col(ItineraryActor.employee_id), col(ItineraryActor.ref)).where(
    col(ItineraryActor.idea_id) == bindparam("idea"),
    col(ItineraryActor.employee_id).in_(bindparam("people", expanding=True)),
)


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
    head = await session.scalar(_HEAD, {"idea": idea.id})
    if head is None:
        head = ItineraryHead(idea_id=idea.id, position=0, hash=GENESIS)
        session.add(head)
    salt = secrets.token_hex(16)
    refs = await _get_refs(session, idea.id, [step.actor_id, idea.holder_id])
    entry = ItineraryEntry(
        idea_id=idea.id,
        position=head.position + 1,
        at=now,
        act=step.act,
        actor_ref=refs.get(step.actor_id),
        holder_ref=refs.get(idea.holder_id),
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


async def _get_refs(
    session: WriteSession, idea_id: str, people: Sequence[str | None]
) -> dict[str | None, str]:
    """Return the random names of people on one idea, made when they are needed first, in the order given."""
    wanted = [person for person in dict.fromkeys(people) if person is not None]
    if not wanted:
        return {}
    rows = await session.execute(_REFS, {"idea": idea_id, "people": wanted})
    refs: dict[str | None, str] = dict(rows.all())
    for employee_id in wanted:
        if employee_id in refs:
            continue
        actor = ItineraryActor(idea_id=idea_id, employee_id=employee_id)
        session.add(actor)
        refs[employee_id] = actor.ref
    return refs
