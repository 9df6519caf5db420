"""A small random company whose ideas were answered, decided on and paid for, to recount their figures."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import update

from app.core import ids
from app.core.db import Database
from app.domain.measures import FIRST_ANSWERS
from app.models.employees import Employment
from app.models.gates import Gate
from app.models.itinerary import ItineraryActor
from app.models.reviews import Review
from tests.support import figures
from tests.support.figures import Past
from tests.support.world import Cast


@dataclass
class Ground:
    """A random company, with the turns and gates of its ideas, who answered, and who is nowhere any more."""

    past: Past
    functions: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    actors: list[ItineraryActor] = field(default_factory=list)
    answered_by: dict[str, str] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)


async def lay(database: Database, cast: Cast, seed: int) -> Ground:
    """Write a company of which everybody but its people has left."""
    made = imagine(seed, cast)
    async with database.writer() as session:
        await session.execute(update(Employment).values(ended_at=datetime(2026, 2, 1, tzinfo=UTC)))
        past, entries = made.past, made.past.entries
        past.entries = []
        await figures.keep(session, past)
        past.entries = entries
        for rows in (made.actors, entries, made.reviews, made.gates):
            session.add_all(rows)
            await session.flush()
    return made


def imagine(seed: int, cast: Cast) -> Ground:
    """Make up the rows of a company, with what happened to its ideas."""
    past = figures.imagine(seed, cast, people=200, anonymous=0.3)
    made, luck = Ground(past, sorted(cast.functions.values())[:3]), past.random
    for entry in past.entries:
        if entry.act in FIRST_ANSWERS and entry.idea_id not in made.answered_by:
            person = made.answered_by[entry.idea_id] = luck.choice(past.people).id
            made.actors.append(ItineraryActor(ref=ids.new(), idea_id=entry.idea_id, employee_id=person))
            entry.actor_ref = made.actors[-1].ref
        if entry.to_stage == "project" or luck.random() < 0.1:
            stage = "project" if luck.random() < 0.6 else "deployed"
            cost = Decimal(luck.randint(0, 40_000)) / 100 if luck.random() < 0.5 else None
            made.gates.append(
                Gate(
                    idea_id=entry.idea_id,
                    stage=stage,
                    at=entry.at,
                    amount=luck.choice([None, Decimal(luck.randint(0, 90_000)) / 100]),
                    currency=luck.choice(["EUR", "EUR", "CHF"]),
                    per=luck.choice(["once", "year"]),
                    cost=cost,
                    cost_currency=None if cost is None else luck.choice(["EUR", "CHF", "GBP"]),
                )
            )
    for idea in past.ideas:
        if idea.submitted_at:
            due = past.after(idea.submitted_at)
            answered = past.after(idea.submitted_at) if luck.random() < 0.7 else None
            made.reviews.append(
                Review(
                    idea_id=idea.id,
                    function_id=luck.choice(made.functions),
                    reviewer_id=luck.choice(past.people).id if luck.random() < 0.9 else None,
                    opened_at=idea.submitted_at,
                    due_at=due,
                    first_answer_due_at=due,
                    acknowledged_at=answered,
                    closed_at=answered,
                )
            )
    return made
