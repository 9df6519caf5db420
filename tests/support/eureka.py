"""Eurêka's company, to the unit: 4,573 people and 3,600 ideas with the figures that were published."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.comments import Comment
from app.models.employees import Employee, Employment
from app.models.entities import Entity
from app.models.ideas import Idea, Tally
from app.models.itinerary import ItineraryEntry
from app.models.sessions import SignIn
from app.models.themes import Theme
from app.models.votes import Vote

HIRED = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACTIVE = datetime(2026, 3, 10, 12, tzinfo=UTC)
HEADCOUNT, IDEAS = 4_573, 3_600
PEOPLE = {"headcount": HEADCOUNT, "connected": 2_744, "submitted": 915, "commented": 1_052, "voted": 1_966}
LIFE = {"selected": 107, "project": 49, "pilot": 7, "deployed": 44}
WITH_POTENTIAL = 207
CHUNK = 2_000


async def found(session: WriteSession, *, entities: int = 12) -> list[str]:
    """Write the company into a furnished database without people; returns its employees."""
    theme = await session.scalar(select(col(Theme.id)).limit(1))
    box = await session.scalar(select(col(Campaign.id)).limit(1))
    top = Entity(name="PagesJaunes", path="PagesJaunes", created_at=HIRED)
    session.add(top)
    await session.flush()
    units = [
        Entity(name=f"Unit {number}", path=f"PagesJaunes/Unit {number}", parent_id=top.id, created_at=HIRED)
        for number in range(entities)
    ]
    session.add_all(units)
    await session.flush()
    people = [ids.new() for _ in range(HEADCOUNT)]
    home = {person: units[number % entities].id for number, person in enumerate(people)}
    await _write(
        session,
        Employee,
        [
            {
                "id": person,
                "name": f"Salarié {number}",
                "folded_name": f"salarie {number}",
                "external_id": f"PJ{number}",
                "email": f"salarie.{number}@pj.example",
                "kind": "employee",
                "entity_id": home[person],
                "locale": "fr",
                "active": True,
                "access_version": 0,
                "created_at": HIRED,
            }
            for number, person in enumerate(people)
        ],
    )
    await _write(
        session,
        Employment,
        [
            {"id": ids.new(), "employee_id": person, "entity_id": home[person], "started_at": HIRED}
            for person in people
        ],
    )
    ideas = await _write_ideas(session, people, home, theme or "", box or "")
    await _let_act(session, people, ideas)
    return people


async def _write_ideas(
    session: WriteSession, people: list[str], home: dict[str, str], theme: str, box: str
) -> list[str]:
    stages = [stage for stage, number in LIFE.items() for _ in range(number)]
    stages += ["evaluation"] * (IDEAS - len(stages))
    authors = [people[number % PEOPLE["submitted"]] for number in range(IDEAS)]
    rows, entries, written, tallies = [], [], [], []
    for number, (stage, author) in enumerate(zip(stages, authors, strict=True)):
        idea, at = ids.new(), ACTIVE + timedelta(minutes=number)
        rows.append(
            {
                "id": idea,
                "title": f"Idée {number}",
                "problem": "p",
                "solution": "s",
                "benefit": "",
                "theme_id": theme,
                "campaign_id": box,
                "anonymous": False,
                "stage": stage,
                "clarification": False,
                "on_hold": False,
                "origin_id": home[author],
                "version": 1,
                "created_at": at,
                "submitted_at": at,
                "updated_at": at,
            }
        )
        tallies.append(
            {
                "idea_id": idea,
                "votes": 0,
                "comments": 0,
                "views": 0,
                "hot": 0.0,
                "attention": 0,
                "stage": stage,
                "counting": "free",
            }
        )
        written.append(
            {
                "idea_id": idea,
                "employee_id": author,
                "position": 0,
                "state": "accepted",
                "invited_at": at,
                "answered_at": at,
            }
        )
        for position, (act, from_stage, to_stage) in enumerate(
            (("submit", "draft", "submitted"), ("move", "submitted", stage)), 1
        ):
            entries.append(
                {
                    "id": ids.new(),
                    "idea_id": idea,
                    "position": position,
                    "at": at,
                    "act": act,
                    "from_stage": from_stage,
                    "to_stage": to_stage,
                    "facts": {},
                    "commitment": "",
                    "previous": "",
                    "hash": "",
                }
            )
    await _write(session, Idea, rows)
    await _write(session, Tally, tallies)
    await _write(session, Authorship, written)
    await _write(session, ItineraryEntry, entries)
    return [str(row["id"]) for row in rows]


async def _let_act(session: WriteSession, people: list[str], ideas: list[str]) -> None:
    connected = people[: PEOPLE["connected"]]
    await _write(
        session, SignIn, [{"id": ids.new(), "employee_id": person, "at": ACTIVE} for person in connected]
    )
    commenting = connected[-PEOPLE["commented"] :]
    await _write(
        session,
        Comment,
        [
            {
                "id": ids.new(),
                "idea_id": ideas[number],
                "author_id": person,
                "body": "Oui",
                "unnamed": False,
                "version": 1,
                "created_at": ACTIVE,
            }
            for number, person in enumerate(commenting)
        ],
    )
    voting = connected[-PEOPLE["voted"] :]
    await _write(
        session,
        Vote,
        [
            {"id": ids.new(), "idea_id": ideas[number], "voter_id": person, "cast_at": ACTIVE}
            for number, person in enumerate(voting)
        ],
    )


async def _write(session: WriteSession, table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), CHUNK):
        await session.execute(insert(table), rows[start : start + CHUNK])
