"""Whatever happens, in whatever order it is worked off, the ledger says what the facts say."""

import asyncio
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlmodel import col

from app.core.db import Database
from app.domain.rewards import PointRule, RuleKey
from app.models.point_rules import PointRule as RuleRow
from app.models.rewards import PointEntry
from app.queries import ledger_audit
from app.services import recomputation
from tests.conftest import ENGINE, Templates, make_settings
from tests.support.histories import HISTORIES, History, Net, Step
from tests.support.world import START

SCALES = st.dictionaries(
    st.integers(0, 3),
    st.builds(PointRule, st.integers(0, 9), st.sampled_from((1, 1, 2, None))),
    max_size=2,
)


async def read_nets(database: Database) -> dict[Net, int]:
    async with database.reader() as session:
        rows = await session.execute(
            select(
                col(PointEntry.rule),
                col(PointEntry.subject),
                col(PointEntry.employee_id),
                func.sum(col(PointEntry.points)),
            ).group_by(col(PointEntry.rule), col(PointEntry.subject), col(PointEntry.employee_id))
        )
        return {(rule, subject, person): int(points) for rule, subject, person, points in rows if points}


async def list_errors(database: Database) -> list[str]:
    async with database.reader() as session:
        return [found.what for found in await ledger_audit.check(session) if found.level == "error"]


async def live(
    templates: Templates, directory: Path, steps: list[Step], seed: int, scale: dict[int, PointRule]
) -> None:
    url = templates.make_copy(peopled=True)
    database = Database(make_settings(url, directory))
    try:
        history = History(database, deepcopy(templates.cast), Random(seed), scale)
        await plan(database, history)
        await history.begin()
        for step in steps:
            await history.play(step)
        await history.finish()
        due = history.reckon()
        assert await read_nets(database) == due
        assert await list_errors(database) == []
        assert await recomputation.settle_all(database, now=START) == 0
        async with database.writer() as session:
            await session.execute(delete(PointEntry))
        await recomputation.settle_all(database, now=START)
        assert await read_nets(database) == due, "a ledger that was lost is settled anew from the facts"
    finally:
        await database.close()
        templates.drop(url)


async def plan(database: Database, history: History) -> None:
    async with database.writer() as session:
        for day, worth in history.scale.items():
            session.add(
                RuleRow(
                    rule=RuleKey.VOTE,
                    points=worth.points,
                    per_day=worth.per_day,
                    starts_on=START.date() + timedelta(days=day),
                    changed_by=history.cast["Ian"].id,
                    changed_at=START - timedelta(days=1),
                )
            )


LATE = [Step("vote", 3, 0, 60), Step("drain all", 0, 0, 0), Step("vote", 3, 1, 30)]
"""A vote of the morning is seen at noon, and takes the slot from another one."""

AGAIN = [
    *(Step("vote", 3, 0, 60), Step("withdraw", 3, 0, 90)),
    *(Step("vote", 3, 0, 1500), Step("vote", 3, 1, 1510)),
]
"""Voting again on another day takes no slot of that day."""

MOVED = [
    *(Step("comment", 0, 1, 4110), Step("drain all", 0, 0, 0)),
    *(Step("comment", 0, 1, 3030), Step("drain all", 0, 0, 0)),
    Step("comment", 0, 3, 3930),
]
"""An award that was moved to an earlier day is none of the business of the day it left."""


@settings(
    max_examples=5 if ENGINE == "sqlite" else 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=HISTORIES, seed=st.integers(0, 999), scale=SCALES)
@example(
    steps=[*LATE, Step("vote", 3, 2, 40), Step("drain", 0, 0, 0)],
    seed=1,
    scale={0: PointRule(1, 1)},
)
@example(steps=AGAIN, seed=1, scale={0: PointRule(1, 1)})
@example(steps=MOVED, seed=10, scale={})
def test_the_ledger_is_a_function_of_what_happened(
    templates: Templates, tmp_path: Path, steps: list[Step], seed: int, scale: dict[int, PointRule]
) -> None:
    asyncio.run(live(templates, tmp_path, steps, seed, scale))


@pytest.mark.parametrize("order", [("drain", "join"), ("join", "drain")])
async def test_a_share_is_that_of_the_authors_then_however_late_it_is_settled(
    templates: Templates, tmp_path: Path, order: tuple[str, str]
) -> None:
    steps = [*(Step(what, 1, 0, 5) for what in order), Step("advance", 0, 0, 9)]
    await live(templates, tmp_path, [*steps, Step("advance", 0, 0, 10)], 1, {})
