"""Flags on votes: raised by the nightly look, reviewed by community managers; nobody is punished by them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import col

from app.core import locks, snapshots
from app.core.db import Database, WriteSession
from app.domain import register, vote_flags
from app.domain.actors import Actor
from app.domain.register import Detail
from app.domain.reward_events import VoteFlagReviewed, VotesFlagged
from app.domain.vote_flags import Pattern, Seen
from app.models.ideas import Idea
from app.models.vote_flags import VoteFlag, VoteFlagIdea
from app.queries.recent_votes import select_recent
from app.queries.vote_bursts import find_bursts
from app.queries.vote_flags import get_visible
from app.queries.vote_rings import find_rings
from app.queries.vote_sets import find_sets
from app.schemas.vote_flags import ReviewVoteFlag
from app.services import events, preconditions


async def look(database: Database, *, now: datetime) -> int:
    """Look through the votes of the last thirty days, and flag what stands out; returns how many flags are new.

    What was flagged before keeps its flag, dismissed or not, with the numbers of today. Again, it changes nothing.
    """
    async with snapshots.take(database) as reading:
        recent = select_recent(now - vote_flags.WINDOW, now)
        found = [
            *await find_rings(reading, recent),
            *await find_bursts(reading, recent),
            *await find_sets(reading, recent),
        ]
    async with database.writer() as session:
        await locks.take(session, locks.VOTE_FLAGS)
        await session.execute(delete(VoteFlag).where(col(VoteFlag.seen_at) < now - vote_flags.KEPT))
        return await _keep(session, found, now=now)


async def review(
    session: WriteSession,
    actor: Actor,
    flag_id: str,
    values: ReviewVoteFlag,
    *,
    version: int | None,
    now: datetime,
) -> VoteFlag:
    """Dismiss a flag or open it again, with a note; what is so already writes nothing.

    Raises: RoleMissing, NoSuchFlag, PreconditionRequired, PreconditionFailed.
    """
    flag = await get_visible(session, actor, flag_id, lock=True)
    preconditions.check(version, flag.version)
    changes = {
        name: getattr(values, name)
        for name in values.model_fields_set
        if getattr(values, name) != getattr(flag, name)
    }
    if not changes:
        return flag
    former = flag.state
    for name, value in changes.items():
        setattr(flag, name, value)
    flag.reviewed_by, flag.reviewed_at = actor.id, now
    flag.version += 1
    facts = {"state": flag.state}
    detail = Detail(register.compare({"state": former}, facts))
    events.record(session, VoteFlagReviewed(flag.id, facts), actor_id=actor.id, now=now, detail=detail)
    await session.flush()
    return flag


async def _keep(session: WriteSession, found: Sequence[Pattern], *, now: datetime) -> int:
    flags = {flag.id: flag for flag in await session.scalars(select(VoteFlag))}
    ideas: defaultdict[str, set[str]] = defaultdict(set)
    for flag_id, idea_id in await session.execute(
        select(col(VoteFlagIdea.flag_id), col(VoteFlagIdea.idea_id))
    ):
        ideas[flag_id].add(idea_id)
    seen = [Seen(flag.id, flag.kind, frozenset(ideas[flag.id]), flag.since) for flag in flags.values()]
    # A draft that was voted for is none any more; what was deleted since the look is gone.
    there = set(
        await session.scalars(
            select(col(Idea.id)).where(col(Idea.id).in_({one for each in found for one in each.ideas}))
        )
    )
    new = 0
    for pattern in found:
        same = vote_flags.find_same(pattern, seen)
        if same is None:
            flag = VoteFlag(kind=pattern.kind, found_at=now, **_count(pattern, now))
            session.add(flag)
            events.record(session, VotesFlagged(flag.id, {"kind": pattern.kind}), actor_id=None, now=now)
            new += 1
        else:
            seen.remove(same)
            flag = flags[same.id]
            for name, value in _count(pattern, now).items():
                setattr(flag, name, value)
        await session.flush()
        fresh = (pattern.ideas & there) - ideas[flag.id]
        session.add_all(VoteFlagIdea(flag_id=flag.id, idea_id=idea_id) for idea_id in sorted(fresh))
    await session.flush()
    return new


def _count(pattern: Pattern, now: datetime) -> dict[str, Any]:
    return {
        "since": pattern.since,
        "until": pattern.until,
        "votes": pattern.votes,
        "people": pattern.people,
        "minutes": pattern.minutes,
        "usual": pattern.usual,
        "seen_at": now,
    }
