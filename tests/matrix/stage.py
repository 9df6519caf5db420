"""Ideas put straight where the matrix needs them, and everything that is written about one."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import SQLModel, col

from app.core.db import ReadSession, WriteSession
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.conflicts import ConflictDeclaration
from app.models.employees import Employee
from app.models.events import Event
from app.models.ideas import Idea, Tally
from app.models.reviews import Review
from app.models.scorecards import Scorecard
from app.services import itinerary
from app.services.itinerary import Step
from tests.matrix.people import Company
from tests.matrix.policy import OPEN, Situation
from tests.support.world import START

TITLE = "Zinzolin"
"""A word that stands nowhere else."""


async def put(
    session: WriteSession,
    company: Company,
    situation: Situation,
    *,
    holder: str = "holder",
    scored: bool = True,
    at: datetime = START,
) -> Idea:
    """Make an idea of Alice's, in a situation, with everybody in their relation to it."""
    people = company.people
    submitted = situation.stage != "draft"
    idea = Idea(
        title=TITLE,
        problem="p",
        solution="s",
        theme_id=company.cast.themes["brand"],
        function_id=company.cast.functions["Finance"],
        campaign_id=company.scopes["campaign"]["campaign_id"],
        stage=situation.stage,
        clarification=situation.clarification,
        on_hold=situation.on_hold,
        anonymous=situation.anonymous,
        declined_at="evaluation" if situation.stage == "declined" else None,
        appealed_at=START if situation.appealed else None,
        holder_id=people[holder].id if submitted else None,
        created_at=at,
        submitted_at=at if submitted else None,
        updated_at=at,
    )
    session.add(idea)
    await session.flush()
    session.add(Tally(idea_id=idea.id))
    session.add_all(
        Authorship(idea_id=idea.id, employee_id=people[who].id, position=place, state=state, invited_at=START)
        for place, (who, state) in enumerate(
            {
                "author": "accepted",
                "co-author": "accepted",
                "lost author": "accepted",
                "invited": "invited",
                "former co-author": "ended",
            }.items()
        )
    )
    session.add_all(
        ConflictDeclaration(idea_id=idea.id, employee_id=people[who].id, declared_at=START)
        for who in ("stood back", "former co-author")
    )
    if situation.stage in OPEN:
        review = Review(
            idea_id=idea.id, reviewer_id=people[holder].id, opened_at=START, route={"tier": "function"}
        )
        session.add(review)
    if scored and submitted:
        evaluator = company.cast["Dev"].id
        session.add(
            Scorecard(
                idea_id=idea.id,
                evaluator_id=evaluator,
                scores=dict.fromkeys(company.criteria, 3),
                total=3,
                filled_at=START,
            )
        )
    if submitted:
        step = Step("submit", from_stage="draft", actor_id=people["author"].id)
        await itinerary.append(session, idea, step, now=START)
    await session.flush()
    return idea


async def put_elsewhere(session: WriteSession, company: Company) -> Idea:
    """Make an open idea of a stranger to everybody, in the same holder's hands."""
    idea = Idea(
        title="Another",
        problem="p",
        solution="s",
        theme_id=company.cast.themes["brand"],
        function_id=company.cast.functions["Finance"],
        campaign_id=company.scopes["campaign"]["campaign_id"],
        stage="evaluation",
        holder_id=company.people["holder"].id,
        created_at=START,
        submitted_at=START,
        updated_at=START,
    )
    session.add(idea)
    await session.flush()
    session.add(Tally(idea_id=idea.id))
    session.add(Authorship(idea_id=idea.id, employee_id=company.cast["Max"].id, invited_at=START))
    session.add(
        Review(idea_id=idea.id, reviewer_id=idea.holder_id, opened_at=START, route={"tier": "function"})
    )
    await session.flush()
    return idea


async def say(session: WriteSession, idea: Idea, author_id: str) -> Comment:
    """Put a comment under an idea."""
    comment = Comment(idea_id=idea.id, author_id=author_id, body="b", created_at=START)
    session.add(comment)
    tally = await session.get_one(Tally, idea.id)
    tally.comments += 1
    await session.flush()
    return comment


@cache
def _list_looks() -> dict[str, Any]:
    """Return by table the statement for all that it tells of an idea, without how often it was looked at."""
    looks: dict[str, Any] = {}
    for name, table in SQLModel.metadata.tables.items():
        key = table.c.id if name == "ideas" else table.c.get("idea_id")
        if key is not None:
            columns = [column for column in table.c if column.name not in {"views", "attention"}]
            looks[name] = select(*columns).where(key == bindparam("idea")).order_by(*table.primary_key)
    return looks


async def photograph(session: ReadSession, idea_id: str) -> dict[str, list[Any]]:
    """Return every row of every table that tells of an idea.

    How often it was looked at is left out: that is written down apart from the requests.
    """
    return {
        name: [tuple(map(str, row)) for row in await session.execute(look, {"idea": idea_id})]
        for name, look in _list_looks().items()
    }


@cache
def _write_glance() -> Any:
    """Return the statement for what an idea is, how much is written about it, and how many events there are."""
    tables = SQLModel.metadata.tables
    counted = [
        select(func.count()).select_from(table).where(table.c.idea_id == bindparam("idea")).scalar_subquery()
        for table in tables.values()
        if "idea_id" in table.c
    ]
    events = select(func.count()).select_from(Event).scalar_subquery()
    tally = [column for column in tables["tallies"].c if column.name not in {"views", "attention"}]
    return (
        select(*tables["ideas"].c, *tally, events.label("events"), *counted)
        .join_from(tables["ideas"], tables["tallies"], tables["tallies"].c.idea_id == tables["ideas"].c.id)
        .where(tables["ideas"].c.id == bindparam("idea"))
    )


async def glance(session: ReadSession, idea_id: str) -> tuple[Any, ...] | None:
    """Return in one statement what every write changes: the idea, its numbers of rows, the number of events."""
    row = (await session.execute(_write_glance(), {"idea": idea_id})).one_or_none()
    return None if row is None else tuple(row)


async def count_rows(session: ReadSession) -> dict[str, int]:
    """Return the number of rows of every table."""
    names, counting = _count_all()
    return dict(zip(names, (await session.execute(counting)).one(), strict=True))


@cache
def _count_all() -> tuple[list[str], Select[Any]]:
    """Write the statement once: it is sent thousands of times, and has a part for each table."""
    tables = SQLModel.metadata.sorted_tables
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
    return [table.name for table in tables], select(*counts)


def find_changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the tables that two looks differ in."""
    return [name for name, rows in before.items() if after[name] != rows]


async def find_holder(session: ReadSession, idea_id: str) -> str | None:
    """Return who holds an idea."""
    return await session.scalar(select(col(Idea.holder_id)).where(col(Idea.id) == idea_id))


async def get_employee(session: ReadSession, employee_id: str) -> Employee:
    """Return somebody who is there."""
    return await session.get_one(Employee, employee_id)


async def read_facts(session: ReadSession, idea_id: str) -> list[Any]:
    """Return what an idea is and what it counts, without what tells it from its twin; None when it is gone."""
    left_out = {"id", "updated_at", "canonical_id", "idea_id", "hot", "views", "attention", "holder_id"}
    left_out |= {"submitted_at"}
    rows = []
    for table, key in ((Idea.__table__, "id"), (Tally.__table__, "idea_id")):  # type: ignore[attr-defined]
        columns = [column for column in table.c if column.name not in left_out]
        rows.append((await session.execute(select(*columns).where(table.c[key] == idea_id))).one_or_none())
    return rows
