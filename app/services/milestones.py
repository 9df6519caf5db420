"""Points for what happens to ideas: submission and the stages reached, shared between their authors."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select, union
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.causes import Due, share_out
from app.domain.rewards import RuleKey
from app.models.events import Event
from app.models.ideas import Idea
from app.models.rewards import PointEntry
from app.queries.deeds import Pair
from app.queries.milestones import RULES, find_firsts, list_milestones
from app.queries.point_rules import get_scales
from app.services.rewards import note, settle


async def settle_ideas(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award submission while the idea is not withdrawn, being the first of a campaign, and every stage reached.

    A share is that of the authors at the moment of the cause, whoever joins or leaves later. Of a campaign the
    idea that was submitted first is paid, also when another one was seen before it.
    """
    await settle_milestones(session, {event.subject for event in events}, now=now)


async def settle_milestones(session: WriteSession, idea_ids: Collection[str], *, now: datetime) -> int:
    """Settle everything that some ideas are paid for, and who was first in their campaigns; returns the new entries."""
    seen = set(idea_ids)
    campaigns = set(await session.scalars(select(col(Idea.campaign_id)).where(col(Idea.id).in_(seen))))
    firsts = set((await find_firsts(session, campaigns)).values())
    milestones = await list_milestones(session, seen | firsts)
    scales = await get_scales(session)
    paid = await _list_paid(session, seen | firsts, campaigns)
    written: list[PointEntry] = []
    for rule in RULES:
        dues = dict.fromkeys(paid.get(rule, ()), 0)
        shares = [due for milestone in milestones[rule] for due in share_out(milestone, scales.of(rule))]
        found = {(due.subject, due.employee_id): due for due in shares}
        settled = [found.get(pair) or Due(*pair, 0, date.min) for pair in sorted(dues.keys() | found.keys())]
        written += await settle(session, rule, settled, now=now)
    # Whoever is no longer the first of a campaign has nothing to do with the event.
    await note(session, written)
    return len(written)


async def _list_paid(
    session: WriteSession, idea_ids: Collection[str], campaign_ids: Collection[str]
) -> dict[RuleKey, set[Pair]]:
    """Return who has entries for some ideas, and who was ever paid as the first of some campaigns."""
    entries = select(col(PointEntry.rule), col(PointEntry.subject), col(PointEntry.employee_id))
    of_ideas = entries.where(col(PointEntry.rule).in_(RULES), col(PointEntry.subject).in_(idea_ids))
    as_first = entries.join(Idea, col(Idea.id) == col(PointEntry.subject)).where(
        col(PointEntry.rule) == RuleKey.FIRST_IN_CAMPAIGN, col(Idea.campaign_id).in_(campaign_ids)
    )
    rows = await session.execute(union(of_ideas, as_first))
    paid: dict[RuleKey, set[Pair]] = {}
    for rule, subject, person in rows:
        paid.setdefault(RuleKey(rule), set()).add((subject, person))
    return paid
