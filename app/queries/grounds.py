"""Reading what is known of the ideas that events are about, in a few statements however many events."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.grounds import Ground
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.events import Event
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.models.reviews import Review


async def read_ground(session: WriteSession, events: Sequence[Event]) -> Ground:
    """Return what the catalogue of notifications needs to know of these events."""
    remarks = await _read_remarks(session, events)
    idea_ids = {str(event.payload.get("idea", event.subject)) for event in events}
    idea_ids |= {remark.idea_id for remark in remarks.values()}
    ideas = await session.scalars(select(Idea).where(col(Idea.id).in_(idea_ids)))
    writers: defaultdict[str, list[Authorship]] = defaultdict(list)
    for writer in await session.scalars(
        select(Authorship).where(col(Authorship.idea_id).in_(idea_ids)).order_by(col(Authorship.position))
    ):
        writers[writer.idea_id].append(writer)
    turns: defaultdict[str, list[Review]] = defaultdict(list)
    for turn in await session.scalars(
        select(Review)
        .where(col(Review.idea_id).in_(idea_ids))
        .order_by(col(Review.opened_at), col(Review.id))
    ):
        turns[turn.idea_id].append(turn)
    sought = await session.scalars(select(HelpRequest).where(col(HelpRequest.idea_id).in_(idea_ids)))
    return Ground(
        zone=session.zone,
        ideas={idea.id: idea for idea in ideas},
        writers=writers,
        turns=turns,
        remarks=remarks,
        entries=await _read_entries(session, idea_ids, {event.at for event in events}),
        sought={each.id: each for each in sought},
    )


async def _read_remarks(session: WriteSession, events: Sequence[Event]) -> dict[str, Comment]:
    """Return the comments of events, with those that they answer."""
    written = [event.subject for event in events if event.kind.startswith("comments.")]
    if not written:
        return {}
    answered = select(col(Comment.parent_id)).where(col(Comment.id).in_(written))
    found = await session.scalars(
        select(Comment).where(or_(col(Comment.id).in_(written), col(Comment.id).in_(answered)))
    )
    return {remark.id: remark for remark in found}


async def _read_entries(
    session: WriteSession, idea_ids: set[str], moments: set[datetime]
) -> dict[tuple[str, str, datetime], str]:
    rows = await session.execute(
        select(
            col(ItineraryEntry.idea_id),
            col(ItineraryEntry.act),
            col(ItineraryEntry.at),
            col(ItineraryEntry.id),
        ).where(col(ItineraryEntry.idea_id).in_(idea_ids), col(ItineraryEntry.at).in_(moments))
    )
    return {(idea_id, act, at): entry_id for idea_id, act, at, entry_id in rows}
