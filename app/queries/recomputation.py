"""Recomputing what everybody should have from the facts alone, and comparing the ledger with it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.causes import Due, allot, share_out
from app.domain.point_rules import Scales
from app.domain.rewards import RuleKey
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.rewards import PointEntry
from app.queries import milestones
from app.queries.causes import OF_PEOPLE
from app.queries.chunks import chunk_ids, count_rows
from app.queries.point_rules import get_scales

MOST = 5_000
"""People, and ideas, that are compared; of more it is so many from a random place on."""

Net = tuple[str, str, str]
"""A rule, a subject, a person."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many people and ideas were compared, and of how many there are; which nets differ."""

    people: int
    of_people: int
    ideas: int
    of_ideas: int
    differing: list[str]


async def compare(session: ReadSession, *, most: int = MOST) -> Comparison:
    """Compare the ledger with what it should say, net by net; a handful of statements for each chunk.

    Right only where no event waits for its reactions.
    """
    scales = await get_scales(session)
    wrong: list[str] = []
    people, ideas = await count_rows(session, Employee), await count_rows(session, Idea)
    async for chunk in chunk_ids(session, Employee, people, most):
        dues = await recompute_people(session, scales, chunk)
        wrong += await _compare(session, dues, col(PointEntry.employee_id), chunk, OF_PEOPLE)
    async for chunk in chunk_ids(session, Idea, ideas, most):
        dues = await recompute_ideas(session, scales, chunk)
        wrong += await _compare(session, dues, col(PointEntry.subject), chunk, milestones.RULES)
    return Comparison(min(people, most), people, min(ideas, most), ideas, wrong)


async def recompute_people(session: ReadSession, scales: Scales, people: Collection[str]) -> dict[Net, int]:
    """Return what some people are due under the rules by which they earn by themselves; nothing is left out."""
    due: dict[Net, int] = {}
    for rule, read in OF_PEOPLE.items():
        due |= _sum(rule, allot(await read(session, people), scales.of(rule)))
    return due


async def recompute_ideas(session: ReadSession, scales: Scales, idea_ids: Collection[str]) -> dict[Net, int]:
    """Return what the authors of some ideas are due for what happened to them."""
    found = await milestones.list_milestones(session, idea_ids)
    due: dict[Net, int] = {}
    for rule, reached in found.items():
        scale = scales.of(rule)
        due |= _sum(rule, (share for milestone in reached for share in share_out(milestone, scale)))
    return due


def _sum(rule: RuleKey, dues: Iterable[Due]) -> dict[Net, int]:
    return {(rule.value, due.subject, due.employee_id): due.points for due in dues if due.points}


async def _compare(
    session: ReadSession,
    due: dict[Net, int],
    column: Any,
    chunk: Collection[str],
    rules: Iterable[RuleKey],
) -> list[str]:
    """Return the nets of a chunk that differ; they name the rule and the subject, and nobody beside an idea."""
    rows = await session.execute(
        select(
            col(PointEntry.rule),
            col(PointEntry.subject),
            col(PointEntry.employee_id),
            func.sum(col(PointEntry.points)),
        )
        .where(col(PointEntry.rule).in_(list(rules)), column.in_(chunk))
        .group_by(col(PointEntry.rule), col(PointEntry.subject), col(PointEntry.employee_id))
    )
    paid: defaultdict[Net, int] = defaultdict(int)
    for rule, subject, person, points in rows:
        paid[rule, subject, person] = int(points)
    return [
        f"{net[0]} {net[1]} ({paid[net]} instead of {due.get(net, 0)})"
        for net in sorted(due.keys() | set(paid))
        if paid[net] != due.get(net, 0)
    ]
