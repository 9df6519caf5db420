"""Who leaves is out at once, and what they had to do is in other hands in the same transaction."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.absences import Absence
from app.models.capacities import Capacity
from app.models.deliveries import Delivery
from app.models.ideas import Idea
from app.models.reviews import Review
from app.models.roles import RoleGrant
from app.models.sessions import Session
from app.models.skills import HelpCapacity, Skill
from app.services import sessions
from tests.support import gatherings, helping
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def let_go(speak: Speak, cast: Cast, name: str) -> None:
    await speak("Adam").post(f"/employees/{cast[name].id}/deactivation")


async def test_nothing_stays_in_the_hands_of_who_left_when_the_answer_is_there(
    speak: Speak, cast: Cast, database: Database
) -> None:
    """Nothing is worked off here: what is asserted happened in the transaction of the departure."""
    path = f"/ideas/{await helping.submit(speak, cast)}"
    people = {cast[name].id: name for name in cast.people}
    holder = people[(await speak("Max").get(path))["holder"]["id"]]
    async with database.writer() as session:
        opened = await sessions.open(session, cast[holder], client="", now=clock.now())
    await speak(holder).put("/me/skills", {"skills": ["excel"], "capacity": 2})
    await speak(holder).put("/me/absence", {"from": "2099-08-01", "until": "2099-08-31"})
    await speak("Ian").put(f"/employees/{cast[holder].id}/capacity", {"reviews": 3})
    feed = (await speak(holder).put("/me/calendar-feed"))["url"].split("/api/v1")[1]
    await let_go(speak, cast, holder)
    left = cast[holder].id
    async with database.reader() as session:
        open_reviews = select(func.count()).where(
            col(Review.reviewer_id) == left, col(Review.closed_at).is_(None)
        )
        assert await session.scalar(open_reviews) == 0
        held = (await session.scalars(select(col(Idea.holder_id)))).all()
        assert left not in held
        assert None not in held
        stood = await session.get_one(Session, opened.session_id)
        assert stood.revoked_at is not None
        for table in (Skill, HelpCapacity, Capacity, Absence):
            assert await session.scalar(select(func.count()).where(col(table.employee_id) == left)) == 0
        roles = select(func.count()).where(
            col(RoleGrant.employee_id) == left, col(RoleGrant.ended_at).is_(None)
        )
        assert await session.scalar(roles) == 0
    for asked in ("/me", "/ideas", "/reviews?assignee=me", "/events?seconds=0"):
        await speak(holder).refused("GET", asked, 401)
    await speak("").refused("GET", feed, 404)


@pytest.mark.parametrize("anonymous", [False, True])
async def test_ideas_stay_as_they_were(speak: Speak, cast: Cast, anonymous: bool) -> None:
    path = f"/ideas/{await helping.submit(speak, cast, anonymous=anonymous)}"
    await speak("Max").put(f"{path}/vote")
    before = await speak("Pete").get(path)
    await let_go(speak, cast, "Alice")
    after = await speak("Pete").get(path)
    for said in ("title", "problem", "stage", "author", "votes"):
        assert after[said] == before[said]
    verification = await speak("Pete").get(f"{path}/itinerary/verification")
    assert verification["valid"]


async def test_messages_and_places_go_to_nobody_or_to_others(
    speak: Speak, cast: Cast, database: Database
) -> None:
    meeting = await gatherings.announce(speak, cast, places=1)
    for name in ("Pete", "Max"):
        await speak(name).put(f"{meeting}/sign-up")
    assert (await speak("Max").get(meeting))["sign_up"] == "waiting"
    await let_go(speak, cast, "Pete")
    await helping.work_off(database)
    assert (await speak("Max").get(meeting))["sign_up"] == "seated"
    async with database.reader() as session:
        waiting = select(func.count()).where(
            col(Delivery.employee_id) == cast["Pete"].id, col(Delivery.state) == "waiting"
        )
        assert await session.scalar(waiting) == 0
