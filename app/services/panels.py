"""Panels: the two people who decide what an anonymous idea wins, drawn among many who could.

Drawn, because whoever is asked learns that they are not in the author's line, and whoever is passed over must not
learn that they are. Once for each idea: who draws again and again would see who never comes.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from secrets import SystemRandom

from sqlalchemy import delete, select
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import awards
from app.domain.prize_events import PrizePanelDrawn
from app.models.awards import PrizeAward, PrizeSeat
from app.models.employees import Employee
from app.models.events import Event
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from app.queries import conflicts
from app.services import events as outbox

_random = SystemRandom()


async def fill(session: WriteSession, award: PrizeAward, idea_id: str, *, now: datetime) -> None:
    """Have two people who may decide on an award in the panel of its idea, one where somebody said yes already.

    The idea is held, so that its panel is drawn once. Who is in it stays, unless they may decide no longer. Where
    nobody is left to draw, seats stay empty until people or roles change.
    """
    pool = await _list_pool(session, idea_id)
    seated = set(
        await session.scalars(select(col(PrizeSeat.employee_id)).where(col(PrizeSeat.idea_id) == idea_id))
    )
    await session.execute(
        delete(PrizeSeat)
        .where(col(PrizeSeat.idea_id) == idea_id, col(PrizeSeat.employee_id).in_(seated - pool))
        .execution_options(synchronize_session=False)
    )
    others = pool - {award.proposed_by_id, award.first_id}
    needed = awards.HANDS - (award.first_id is not None) - len(seated & others)
    free = sorted(others - seated)
    drawn = _random.sample(free, max(0, min(needed, len(free))))
    session.add_all(PrizeSeat(idea_id=idea_id, employee_id=person) for person in drawn)
    if drawn:
        outbox.record(session, PrizePanelDrawn(award.id, {"prize": award.prize_id}), actor_id=None, now=now)
    await session.flush()


async def fill_again(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:  # noqa: ARG001  the shape of a reaction
    """Draw again for open awards to anonymous ideas, when people, managers or roles have changed."""
    await locks.share(session, locks.ORGANISATION)
    # All awards before the first idea: whoever says yes to one holds it, then its idea.
    waiting = await session.scalars(
        select(PrizeAward)
        .where(col(PrizeAward.state).in_(sorted(awards.OPEN)), col(PrizeAward.idea_id).is_not(None))
        .order_by(col(PrizeAward.id))
        .with_for_update(key_share=True)
    )
    by_idea = defaultdict(list)
    for award in waiting.all():
        by_idea[award.idea_id].append(award)
    unnamed = await session.scalars(
        select(col(Idea.id))
        .where(col(Idea.id).in_(list(by_idea)), col(Idea.anonymous).is_(True))
        .order_by(col(Idea.id))
        .with_for_update(key_share=True)
    )
    for idea_id in unnamed.all():
        for award in by_idea[idea_id]:
            await fill(session, award, idea_id, now=now)


async def _list_pool(session: WriteSession, idea_id: str) -> set[str]:
    """Return who may be drawn: by role, and not too close to the idea."""
    people = await session.execute(
        select(col(Employee.id), col(Employee.entity_id))
        .join(RoleGrant, col(RoleGrant.employee_id) == col(Employee.id))
        .where(
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role).in_([role.value for role in awards.PANEL_ROLES]),
            col(Employee.active).is_(True),
        )
        .distinct()
    )
    circle = (await conflicts.get_circle(session, idea_id)).conflicts
    return {person for person, entity_id in people if not circle.bars(person, entity_id)}
