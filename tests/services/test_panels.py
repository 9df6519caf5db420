"""Who decides on an award to an anonymous idea: drawn, never of the author's line, and drawn again."""

import asyncio
from collections.abc import Callable

from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.db import Database
from app.domain.awards import NotYoursToGive
from app.domain.events import DirectoryImported
from app.domain.roles import Role
from app.models.awards import PrizeAward, PrizeSeat
from app.models.employees import Management
from app.models.events import Event
from app.schemas.awards import ProposeAward
from app.schemas.ideas import SubmitIdea
from app.services import awards, departures, events, ideas
from tests.services.test_awards import attempt, do, look_up, read
from tests.services.test_rewards import drain_all
from tests.support import world
from tests.support.client import Client
from tests.support.prizes import list_errors, offer
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
POOL = {"Mia", "Ian", "Irma", "Dan", "Dora", "Eve", "Sam", "Adam"}
LINE = ("Bob", "Carol", "Rita")


async def submit_unnamed(database: Database, cast: Cast) -> str:
    async with database.writer() as session:
        alice = await cast.actor(session, "Alice")
        theme = cast.themes["brand"]
        values = SubmitIdea(title="Unnamed", problem="p", solution="s", theme=theme, anonymous=True)
        return (await ideas.create(session, alice, values, now=START)).id


async def suggest(database: Database, cast: Cast, name: str, idea_id: str, prize_id: str) -> str:
    wish = ProposeAward(idea=idea_id, reason="Simple")
    award = await do(database, cast, name, awards.propose, prize_id, wish)
    return str(award.id)


async def list_seats(database: Database, cast: Cast, idea_id: str) -> set[str]:
    names = {person.id: name for name, person in cast.people.items()}
    async with database.reader() as session:
        seated = await session.scalars(
            select(col(PrizeSeat.employee_id)).where(col(PrizeSeat.idea_id) == idea_id)
        )
        return {names[person] for person in seated}


async def crowd(database: Database, cast: Cast) -> None:
    """Give the author's line, and the author, the role by which prizes are given."""
    async with database.writer() as session:
        for name in (*LINE, "Alice"):
            await world.grant(session, cast[name], Role.COMMUNITY_MANAGER)


async def test_two_are_drawn_who_are_not_of_the_line_and_all_others_hear_the_same(
    database: Database, cast: Cast
) -> None:
    await crowd(database, cast)
    idea_id = await submit_unnamed(database, cast)
    prize_id = await offer(database, cast, way="jury")
    award_id = await suggest(database, cast, "Bob", idea_id, prize_id)
    seated = await list_seats(database, cast, idea_id)
    assert seated < POOL
    assert len(seated) == 2
    assert (await read(database, award_id)).state == "waiting"
    managers = {"Mia", "Ian", "Irma", "Alice", *LINE} - seated
    for name in sorted(managers):
        actor = await look_up(database, cast, name)
        assert await attempt(database, actor, awards.approve, award_id) is NotYoursToGive
        assert await attempt(database, actor, awards.refuse, award_id, text="No") is NotYoursToGive
    for name in sorted(seated):
        await do(database, cast, name, awards.approve, award_id)
    assert (await read(database, award_id)).state == "granted"
    assert await list_errors(database) == []


async def test_an_idea_has_one_panel_however_often_somebody_asks(database: Database, cast: Cast) -> None:
    """Drawn again and again, it would show who never comes; and everybody who may decide is drawn sometimes."""
    await crowd(database, cast)
    jury = [cast[name].id for name in POOL]
    prize_id = await offer(database, cast, way="jury", stock=None, jury=jury)
    seen: set[str] = set()
    idea_ids = [await submit_unnamed(database, cast) for _ in range(40)]
    for idea_id in idea_ids:
        await suggest(database, cast, "Bob", idea_id, prize_id)
        seen |= await list_seats(database, cast, idea_id)
    assert seen == POOL
    idea_id = idea_ids[0]
    first = await list_seats(database, cast, idea_id)
    for name in LINE * 3:
        await suggest(database, cast, name, idea_id, prize_id)
    assert await list_seats(database, cast, idea_id) == first

    await suggest(database, cast, min(first), idea_id, prize_id)
    assert len(await list_seats(database, cast, idea_id) - {min(first)}) == 2, (
        "nobody decides on their own wish"
    )


async def test_a_panel_is_drawn_once_for_many_who_ask_at_once(database: Database, cast: Cast) -> None:
    await crowd(database, cast)
    bob = await look_up(database, cast, "Bob")
    prize_ids = [await offer(database, cast, way="jury", stock=None) for _ in range(6)]
    for _ in range(6):
        idea_id = await submit_unnamed(database, cast)
        wish = ProposeAward(idea=idea_id, reason="Simple")
        answers = await asyncio.gather(
            *(attempt(database, bob, awards.propose, prize_id, wish) for prize_id in prize_ids)
        )
        assert all(isinstance(answer, PrizeAward) for answer in answers)
        assert len(await list_seats(database, cast, idea_id)) == 2


async def test_the_author_suggests_nothing(database: Database, cast: Cast) -> None:
    await crowd(database, cast)
    idea_id = await submit_unnamed(database, cast)
    prize_id = await offer(database, cast, way="jury")
    wish = ProposeAward(idea=idea_id, reason="Mine")
    alice = await look_up(database, cast, "Alice")
    assert await attempt(database, alice, awards.propose, prize_id, wish) is NotYoursToGive


async def test_seats_are_filled_again_when_people_leave_and_come_into_the_line(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit_unnamed(database, cast)
    prize_id = await offer(database, cast, way="jury")
    await crowd(database, cast)
    award_id = await suggest(database, cast, "Bob", idea_id, prize_id)
    leaver, other = sorted(await list_seats(database, cast, idea_id))
    async with database.writer() as session:
        await departures.leave(session, [cast[leaver].id], actor_id=None, now=START)
    await drain_all(database)
    seated = await list_seats(database, cast, idea_id)
    assert len(seated) == 2
    assert leaver not in seated
    async with database.writer() as session:
        await session.execute(
            update(Management)
            .where(col(Management.employee_id) == cast["Alice"].id)
            .values(manager_id=cast[other].id)
        )
        actor = await cast.actor(session, other)
    assert await attempt(database, actor, awards.approve, award_id) is NotYoursToGive
    async with database.writer() as session:
        events.record(session, DirectoryImported(cast["Adam"].id), actor_id=None, now=START)
    await drain_all(database)
    seated = await list_seats(database, cast, idea_id)
    assert len(seated) == 2
    assert other not in seated


async def test_what_an_anonymous_idea_wins_tells_nobody_who_wrote_it(
    database: Database, cast: Cast, speak: Speak
) -> None:
    """Asked of every address where an award is shown, by the line and by those who decided; and of the events."""
    await crowd(database, cast)
    idea_id, prize_id = await submit_unnamed(database, cast), await offer(database, cast, way="jury")
    award_id = await suggest(database, cast, "Bob", idea_id, prize_id)
    places = (
        f"/awards/{award_id}",
        "/awards",
        "/me/prizes",
        f"/prizes/{prize_id}/awards",
        f"/prizes/{prize_id}",
    )

    async def look() -> list[str]:
        shown = []
        for name in (*sorted(POOL), *LINE):
            for place in places:
                answer = await speak(name).request("GET", place)
                assert cast["Alice"].id not in answer.text
                assert '"Alice"' not in answer.text
                shown.append(answer.text if answer.status_code == 200 else "unknown")
        return shown

    await look()
    for name in sorted(await list_seats(database, cast, idea_id)):
        await speak(name).post(f"/awards/{award_id}/approvals")
    before = await look()
    (own,) = (await speak("Alice").get("/me/prizes"))["items"]
    assert (own["can"], own["shown"], own["employee"]) == (["confirm_receipt"], False, None)
    await speak("Alice").refused(
        "PUT", f"/awards/{award_id}/consent", 409, "awards.anonymous-stays", json={"shown": True}
    )
    received = await speak("Alice").put(f"/awards/{award_id}/receipt")
    assert received["received_at"] is not None
    assert await look() == before, "what the author does with it is seen by nobody"
    (listed,) = (await speak("Max").get(f"/prizes/{prize_id}/awards"))["items"]
    assert (listed["people"], listed["idea"]["id"], listed["reason"]) == ([], idea_id, "Simple")
    async with database.reader() as session:
        told = select(func.count()).select_from(Event)
        named = await session.scalar(
            told.where(col(Event.subject) == award_id, col(Event.actor_id) == cast["Alice"].id)
        )
        assert named == 0


async def test_who_signs_chooses_to_be_named(database: Database, cast: Cast, speak: Speak) -> None:
    idea_id = await submit_unnamed(database, cast)
    prize_id = await offer(database, cast, way="jury")
    award_id = await suggest(database, cast, "Mia", idea_id, prize_id)
    for name in sorted(await list_seats(database, cast, idea_id)):
        await speak(name).post(f"/awards/{award_id}/approvals")
    read_it = await speak("Alice").request("GET", f"/ideas/{idea_id}")
    signed = await speak("Alice").request(
        "PATCH",
        f"/ideas/{idea_id}",
        json={"anonymous": False},
        headers={"If-Match": read_it.headers["etag"]},
    )
    assert signed.status_code == 200
    assert (await speak("Max").get(f"/prizes/{prize_id}/awards"))["items"] == []
    await speak("Alice").put(f"/awards/{award_id}/consent", {"shown": True})
    (listed,) = (await speak("Max").get(f"/prizes/{prize_id}/awards"))["items"]
    assert [person["name"] for person in listed["people"]] == ["Alice"]
