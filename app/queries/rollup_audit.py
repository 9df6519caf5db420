"""Auditing the sums of figures: some ideas and people are counted again, and compared with what they have added."""

from typing import Any

from sqlalchemy import select

from app.core.db import ReadSession
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.rollups import RollUpState
from app.queries import chunks, rollups
from app.queries.findings import Finding, report
from app.queries.rollups import IDEAS, PEOPLE, Summed

_SAMPLE = 1_000
_HOW = "Count them anew: `ideabox figures`."


async def check(session: ReadSession) -> list[Finding]:
    """Tell which ideas and people add something else to the figures than they should, of a thousand at random."""
    found = []
    for summed, table, what in ((IDEAS, Idea, "Ideas"), (PEOPLE, Employee, "People")):
        wrong = await _find_wrong(session, summed, table)
        found += report(f"{what} are counted wrongly in the figures", wrong, _HOW)
    return found


async def _find_wrong(session: ReadSession, summed: Summed, table: Any) -> list[str]:
    state = await session.get(RollUpState, summed.number)
    tree = await rollups.read_tree(session)
    if state is None or state.building or state.regrouping or state.tree != rollups.digest_tree(tree):
        return []
    wrong: list[str] = []
    total = await chunks.count_rows(session, table)
    async for some in chunks.chunk_ids(session, table, total, _SAMPLE):
        added = await rollups.read_added(session, summed, some)
        derived = await rollups.derive(session, summed, some, tree)
        waiting = set(await session.scalars(select(summed.changes).where(summed.changes.in_(some))))
        wrong += [each for each in some if each not in waiting and added.get(each) != derived.get(each)]
    return wrong
