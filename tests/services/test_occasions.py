"""People are told of places, prizes and credits that concern them; what was asked settles itself."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import col

from app.core.db import Database
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.gatherings import SignUp
from app.models.notifications import Notification
from app.queries import actors
from app.queries.notifications import list_notifications
from app.schemas.awards import ProposeAward
from app.schemas.prizes import EditPrize
from app.services import awards, prizes
from tests.services.test_awards import claim, do
from tests.services.test_notifications import drain_all, list_told
from tests.services.test_panels import list_seats, submit_unnamed
from tests.support import world
from tests.support.client import Client
from tests.support.gatherings import announce
from tests.support.helping import submit
from tests.support.prizes import offer
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def test_who_moves_up_hears_of_the_place(speak: Speak, database: Database, cast: Cast) -> None:
    path = await announce(speak, cast, places=1)
    for name in ("Pete", "Max", "Rita"):
        await speak(name).put(f"{path}/sign-up")
    await speak("Pete").request("DELETE", f"{path}/sign-up")
    await drain_all(database)
    assert await list_told(database, cast, "Max") == ["gatherings.seated"]
    assert await list_told(database, cast, "Rita") == []
    [told] = (await speak("Max").get("/me/notifications"))["items"]
    assert told["idea"] is None
    assert told["subject"] == {
        "kind": "gathering",
        "id": path.rsplit("/", 1)[1],
        "name": "Atelier des écrans",
    }
    assert told["place"] == "Lyon, salle 3"
    assert told["starts_at"] is not None
    assert (await speak("Max").get("/me"))["unread"] == 1


async def test_who_has_left_the_list_hears_nothing(speak: Speak, database: Database, cast: Cast) -> None:
    path = await announce(speak, cast, places=1)
    for name in ("Pete", "Max"):
        await speak(name).put(f"{path}/sign-up")
    await speak("Pete").request("DELETE", f"{path}/sign-up")
    async with database.writer() as session:
        await session.execute(delete(SignUp))
    await drain_all(database)
    assert await list_told(database, cast, "Max") == []


async def test_a_claim_asks_those_who_decide_until_two_have(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast)
    award_id = await claim(database, cast, "Pete", prize_id)
    await drain_all(database)
    for name in ("Mia", "Ian", "Irma"):
        assert await list_told(database, cast, name) == ["awards.waiting"]
    assert await list_told(database, cast, "Dan") == []
    await do(database, cast, "Mia", awards.approve, award_id)
    await drain_all(database)
    assert await list_told(database, cast, "Mia") == ["(awards.waiting)"]
    assert await list_told(database, cast, "Ian") == ["awards.waiting"]
    await do(database, cast, "Ian", awards.approve, award_id)
    await drain_all(database)
    assert await list_told(database, cast, "Irma") == ["(awards.waiting)"]
    assert "awards.granted" in await list_told(database, cast, "Pete")
    told = await look(database, cast, "Mia")
    assert told == [("prize_award", "A book", "Pete")]


async def test_nobody_close_is_asked(database: Database, cast: Cast) -> None:
    async with database.writer() as session:
        await world.grant(session, cast["Bob"], Role.COMMUNITY_MANAGER)
    await claim(database, cast, "Alice", await offer(database, cast))
    await drain_all(database)
    assert await list_told(database, cast, "Bob") == []
    assert await list_told(database, cast, "Mia") == ["awards.waiting"]


async def test_a_refused_claim_is_answered_and_asks_nobody_any_more(database: Database, cast: Cast) -> None:
    award_id = await claim(database, cast, "Pete", await offer(database, cast))
    await drain_all(database)
    await do(database, cast, "Mia", awards.refuse, award_id, text="Not this time, sorry.")
    await drain_all(database)
    assert "awards.refused" in await list_told(database, cast, "Pete")
    assert await list_told(database, cast, "Ian") == ["(awards.waiting)"]


async def test_of_an_anonymous_idea_only_those_drawn_are_asked(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast, way="jury", jury=[cast["Dan"].id])
    idea_id = await submit_unnamed(database, cast)
    await do(database, cast, "Mia", awards.propose, prize_id, ProposeAward(idea=idea_id, reason="Simple"))
    await drain_all(database)
    seats = await list_seats(database, cast, idea_id)
    asked = {name for name in cast.people if "awards.waiting" in await list_told(database, cast, name)}
    assert asked == seats
    assert len(seats) == 2
    for name in seats:
        assert [found[2] for found in await look(database, cast, name) if found[0] == "prize_award"] == [None]
    await drain_all(database)


async def test_receivers_hear_of_a_ceremony_that_is_set_later(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast)
    award_id = await claim(database, cast, "Pete", prize_id)
    for name in ("Mia", "Ian"):
        await do(database, cast, name, awards.approve, award_id)
    for version, changes in ((1, {"description": "x"}), (2, {"ceremony_at": START + timedelta(days=9)})):
        await do(database, cast, "Mia", prizes.edit, prize_id, EditPrize(**changes), version=version)
        await drain_all(database)
    assert (await list_told(database, cast, "Pete"))[-2:] == ["awards.granted", "awards.ceremony"]


async def test_what_may_not_be_seen_any_more_is_neither_shown_nor_counted(
    speak: Speak, database: Database, cast: Cast
) -> None:
    prize_id = await offer(database, cast)
    award_id = await claim(database, cast, "Pete", prize_id)
    await drain_all(database)
    assert (await speak("Ian").get("/me"))["unread"] == 1
    assert len((await speak("Ian").get("/me/notifications"))["items"]) == 1
    async with database.writer() as session:
        await session.execute(
            update(Notification).where(col(Notification.subject_id) == award_id).values(subject_id="a" * 24)
        )
    assert (await speak("Ian").get("/me"))["unread"] == 0
    assert (await speak("Ian").get("/me/notifications"))["items"] == []
    async with database.writer() as session:
        # Of somebody who decides on no prizes, neither by role nor as a juror.
        await session.execute(
            update(Notification)
            .where(col(Notification.employee_id) == cast["Ian"].id)
            .values(employee_id=cast["Dan"].id, subject_id=award_id)
        )
    assert (await speak("Dan").get("/me"))["unread"] == 0
    assert (await speak("Dan").get("/me/notifications"))["items"] == []


async def test_whose_comment_changed_an_idea_hears_of_it(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast, anonymous=True)
    said = await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Et la nuit ?"})
    taken = await speak("Pete").post(f"/ideas/{idea}/comments", {"body": "Le jour aussi"})
    for comment in (said, taken):
        await speak("Alice").put(f"/comments/{comment['id']}/credit")
    await speak("Alice").request("DELETE", f"/comments/{taken['id']}/credit")
    await drain_all(database)
    assert await list_told(database, cast, "Max") == ["comments.credited"]
    assert await list_told(database, cast, "Pete") == []
    [told] = (await speak("Max").get("/me/notifications"))["items"]
    assert (told["person"], told["comment"], told["idea"]["id"]) == (None, said["id"], idea)


async def look(database: Database, cast: Cast, name: str) -> list[tuple[str, str | None, str | None]]:
    """What somebody's inbox shows: the kind of the subject, its name, who is named."""
    async with database.reader() as session:
        actor = await actors.find_actor(session, cast[name].id, session_id=None, now=START)
        assert actor is not None
        items, _ = await list_notifications(session, actor, state="all", after=None, limit=50)
        assert (await session.get_one(Employee, actor.id)).name == name
    return [
        (each.subject.kind, each.subject.name, each.person.name if each.person else None) for each in items
    ]
