"""Auditing the sums of figures: some ideas are counted again, and compared with what they have added."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import idea_marks
from app.models.ideas import Idea
from app.models.rollups import RollUpChange, RollUpState
from app.queries import chunks, rollups
from app.queries.findings import Finding, report

_SAMPLE = 1_000
_HOW = "Count them anew: `ideabox figures`."


async def check(session: ReadSession) -> list[Finding]:
    """Tell which ideas have added something else to the figures than they should, of a thousand at random."""
    state = (await session.execute(select(RollUpState))).scalar_one_or_none()
    tree, zone = await rollups.read_tree(session), ZoneInfo(session.zone)
    if state is None or state.building or state.regrouping or state.tree != rollups.digest_tree(tree):
        return []
    wrong: list[str] = []
    total = await chunks.count_rows(session, Idea)
    async for ideas in chunks.chunk_ids(session, Idea, total, _SAMPLE):
        added = await rollups.read_marks(session, ideas)
        facts = await rollups.read_facts(session, ideas, tree, zone)
        noted = select(col(RollUpChange.subject)).where(col(RollUpChange.subject).in_(ideas))
        waiting = set(await session.scalars(noted))
        wrong += [
            idea
            for idea in ideas
            if idea not in waiting
            and added.get(idea) != (idea_marks.derive(facts[idea], zone) if idea in facts else None)
        ]
    return report("Ideas are counted wrongly in the figures", wrong, _HOW)
