"""Verifying the chains of all itineraries, idea by idea as they stream by."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import itinerary
from app.domain.chains import GENESIS
from app.domain.pipeline import Stage
from app.models.ideas import Idea
from app.models.itinerary import Anchor, ItineraryEntry, ItineraryHead


async def verify_all(session: ReadSession) -> tuple[list[str], list[str]]:
    """Return the ideas whose chain is broken, and those that stand elsewhere than their chain ends."""
    heads = {
        idea_id: (position, head)
        for idea_id, position, head in await session.execute(
            select(col(ItineraryHead.idea_id), col(ItineraryHead.position), col(ItineraryHead.hash))
        )
    }
    rows = await session.execute(select(col(Idea.id), col(Idea.stage)).where(col(Idea.stage) != Stage.DRAFT))
    stages = dict(rows.all())
    broken: list[str] = []
    astray: list[str] = []
    seen: set[str] = set()
    async for idea_id, entries in _stream_chains(session):
        seen.add(idea_id)
        length, head = heads.get(idea_id, (0, GENESIS))
        if not itinerary.verify(entries, head=head, length=length).valid:
            broken.append(idea_id)
        # What is restricted stands as a draft, and its itinerary says so.
        if entries[-1].to_stage != stages.get(idea_id, Stage.DRAFT):
            astray.append(idea_id)
    broken += sorted(set(heads) - seen)
    astray += sorted(set(stages) - seen)
    return broken, astray


@dataclass(frozen=True, slots=True)
class Anchored:
    """The digest over all anchored heads, and how many ideas and entries it stands for."""

    value: str
    ideas: int
    entries: int


async def digest_anchored(session: ReadSession) -> Anchored:
    """Return the digest over the places up to which the chains are anchored, in the order of the ideas."""
    digest = hashlib.sha256()
    ideas = entries = 0
    heads = await session.stream(
        select(
            col(ItineraryHead.idea_id), col(ItineraryHead.anchored_position), col(ItineraryHead.anchored_hash)
        )
        .where(col(ItineraryHead.anchored_position) > 0)
        .order_by(col(ItineraryHead.idea_id))
    )
    async for idea_id, position, head in heads:
        digest.update(f"{idea_id} {position} {head}\n".encode())
        ideas, entries = ideas + 1, entries + position
    return Anchored(digest.hexdigest(), ideas, entries)


async def holds_anchor(session: ReadSession) -> bool:
    """Tell whether every chain still has the entry that was anchored, and the anchored heads their digest."""
    last = await session.scalar(select(Anchor).order_by(col(Anchor.at).desc()).limit(1))
    if last is None:
        return True
    moved = await session.scalar(
        select(func.count())
        .select_from(ItineraryHead)
        .outerjoin(
            ItineraryEntry,
            and_(
                col(ItineraryEntry.idea_id) == col(ItineraryHead.idea_id),
                col(ItineraryEntry.position) == col(ItineraryHead.anchored_position),
                col(ItineraryEntry.hash) == col(ItineraryHead.anchored_hash),
            ),
        )
        .where(col(ItineraryHead.anchored_position) > 0, col(ItineraryEntry.id).is_(None))
    )
    return not moved and (await digest_anchored(session)).value == last.digest


async def _stream_chains(session: ReadSession) -> AsyncIterator[tuple[str, list[ItineraryEntry]]]:
    rows = await session.stream_scalars(
        select(ItineraryEntry)
        .order_by(col(ItineraryEntry.idea_id), col(ItineraryEntry.position))
        .execution_options(yield_per=1000)
    )
    chain: list[ItineraryEntry] = []
    async for entry in rows:
        if chain and chain[0].idea_id != entry.idea_id:
            yield chain[0].idea_id, chain
            chain = []
        chain.append(entry)
    if chain:
        yield chain[0].idea_id, chain
