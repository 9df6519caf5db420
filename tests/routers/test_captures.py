"""Ideas captured in the room, over HTTP: nobody becomes an author unasked, and no boss speaks for an author."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.gatherings import KEPT
from app.models.events import Event
from app.models.gatherings import Capture
from app.models.ideas import Idea
from app.models.rewards import PointEntry
from app.services import captures
from tests.services.test_rewards import drain_all
from tests.support.gatherings import Speak, announce, come, shift
from tests.support.world import Cast


def write(cast: Cast, *authors: str, agreed: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    return {
        "title": "Éteindre les écrans",
        "problem": "Ils restent allumés.",
        "solution": "Une minuterie.",
        "theme": cast.themes["brand"],
        "function": cast.functions["Finance"],
        "tags": ["Énergie"],
        "authors": [cast[name].id for name in authors],
        "agreed": [cast[name].id for name in agreed],
    } | changes


async def meet(speak: Speak, cast: Cast, *present: str, **changes: Any) -> str:
    path = await announce(speak, cast, minutes=5, **changes)
    await come(speak, cast, path, *present)
    return path


async def test_those_who_agreed_are_authors_and_the_others_are_asked(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = await meet(speak, cast, "Alice", "Pete")
    await speak("Max").put(f"{path}/sign-up")
    told = await speak("Fay").post(
        f"{path}/ideas", write(cast, "Max", "Pete", "Alice", agreed=("Pete", "Alice"))
    )
    names = {cast[name].id: name for name in cast.people}
    assert told["draft"] is False
    assert [names[each] for each in told["authors"]] == ["Pete", "Alice"]
    assert [names[each] for each in told["asked"]] == ["Max"]
    idea = await speak("Olga").get(f"/ideas/{told['idea']}")
    assert (idea["stage"], idea["author"]["name"], idea["tags"]) == ("submitted", "Pete", ["énergie"])
    assert [each["name"] for each in idea["authors"]] == ["Pete", "Alice"]
    assert "answer_invitation" in (await speak("Max").get(f"/ideas/{told['idea']}"))["can"]
    await speak("Max").put(f"/ideas/{told['idea']}/authors/me", {"answer": "accept"})
    (step, *_) = (await speak("Olga").get(f"/ideas/{told['idea']}/itinerary"))["items"]
    assert (step["actor"]["name"], step["facts"]) == ("Fay", {"gathering": path.rsplit("/", 1)[1]})
    assert (await speak("Olga").get(f"/ideas/{told['idea']}/itinerary/verification"))["valid"] is True
    shown = await speak("Olga").get(path)
    assert shown["ideas_captured"] == 1
    assert shown["ideas"] == [
        {"id": told["idea"], "title": idea["title"], "stage": "submitted", "votes": 0, "comments": 0}
    ]
    await drain_all(database)
    async with database.reader() as session:
        paid = await session.execute(
            select(col(PointEntry.employee_id), col(PointEntry.points)).where(
                col(PointEntry.subject) == told["idea"]
            )
        )
        assert sorted((names[person], points) for person, points in paid) == [
            ("Alice", 5),
            ("Pete", 5),
        ], "who agrees afterwards was no author when it was submitted"


async def test_without_anybody_s_word_it_is_a_draft_of_those_who_are_asked(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = await meet(speak, cast, "Alice", "Max")
    told = await speak("Fay").post(f"{path}/ideas", write(cast, "Alice", "Max"))
    assert (told["draft"], told["authors"]) == (True, [])
    idea = f"/ideas/{told['idea']}"
    for name in ("Fay", "Mia", "Bob", "Olga"):
        await speak(name).refused("GET", idea, 404, "ideas.unknown")
        assert (await speak(name).get(path))["ideas_captured"] == 0
    assert "answer_invitation" in (await speak("Alice").get(idea))["can"]
    await speak("Max").put(f"{idea}/authors/me", {"answer": "accept"})
    await speak("Alice").put(f"{idea}/authors/me", {"answer": "refuse"})
    await speak("Max").refused(
        "PATCH", idea, 409, "captures.not-anonymous", json={"anonymous": True}, headers={"If-Match": "*"}
    )
    submitted = await speak("Max").post(f"{idea}/submission")
    assert (submitted["stage"], submitted["author"]["name"]) == ("submitted", "Max")
    assert [each["id"] for each in (await speak("Olga").get(path))["ideas"]] == [told["idea"]]
    async with database.reader() as session:
        row = await session.get_one(Idea, told["idea"])
        assert row.origin_id == cast["Max"].entity_id


async def test_a_host_from_an_author_s_line_can_not_say_that_they_agreed(speak: Speak, cast: Cast) -> None:
    path = await meet(speak, cast, "Alice", hosts=[cast["Bob"].id, cast["Fay"].id, cast["Rita"].id])
    agreed = write(cast, "Alice", agreed=("Alice",))
    for name in ("Bob", "Rita"):
        await speak(name).refused("POST", f"{path}/ideas", 403, "captures.word-of-line", json=agreed)
    asked = await speak("Bob").post(f"{path}/ideas", write(cast, "Alice"))
    await speak("Bob").refused("GET", f"/ideas/{asked['idea']}", 404)
    await speak("Alice").put(f"/ideas/{asked['idea']}/authors/me", {"answer": "accept"})
    assert (await speak("Alice").post(f"/ideas/{asked['idea']}/submission"))["author"]["name"] == "Alice"
    assert (await speak("Fay").post(f"{path}/ideas", agreed))["draft"] is False


async def test_nobody_writes_together_with_their_own_line(speak: Speak, cast: Cast) -> None:
    path = await meet(speak, cast, "Alice", "Bob", "Max")
    together = write(cast, "Max", "Bob", "Alice", agreed=("Bob", "Alice"))
    problem = await speak("Fay").refused("POST", f"{path}/ideas", 403, "authorships.in-line", json=together)
    assert problem["errors"][0]["pointer"] == "/authors/2"
    asked = write(cast, "Alice", "Bob", agreed=("Alice",))
    await speak("Fay").refused("POST", f"{path}/ideas", 403, "authorships.in-line", json=asked)
    # Both can be asked; whoever accepts first leaves the other out.
    told = await speak("Fay").post(f"{path}/ideas", write(cast, "Alice", "Bob"))
    idea = f"/ideas/{told['idea']}"
    await speak("Alice").put(f"{idea}/authors/me", {"answer": "accept"})
    await speak("Bob").refused("GET", idea, 404, "ideas.unknown")
    await speak("Bob").refused("PUT", f"{idea}/authors/me", 404, json={"answer": "accept"})


async def test_only_hosts_capture_and_only_what_people_in_the_room_said(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = await meet(speak, cast, "Max", places=1)
    for name in ("Pete", "Olga"):
        await speak(name).put(f"{path}/sign-up")
    body = write(cast, "Max", agreed=("Max",))
    for name in ("Mia", "Max", "Adam"):
        await speak(name).refused("POST", f"{path}/ideas", 403, "gatherings.not-host", json=body)
    for authors, code in (
        (("Alice",), "captures.not-there"),
        (("Olga",), "captures.not-there"),
        (("Fay",), "captures.host-is-no-author"),
        (("Max", "Max"), "captures.named-twice"),
    ):
        problem = await speak("Fay").refused("POST", f"{path}/ideas", 422, code, json=write(cast, *authors))
        assert problem["errors"][0]["pointer"].startswith("/authors/")
    signed_up = write(cast, "Pete", agreed=("Pete",))
    await speak("Fay").refused("POST", f"{path}/ideas", 422, "captures.not-in-the-room", json=signed_up)
    for field, value in (("theme", "a" * 24), ("function", "a" * 24), ("anonymous", True), ("authors", [])):
        problem = await speak("Fay").refused("POST", f"{path}/ideas", 422, json=body | {field: value})
        assert problem["errors"][0]["pointer"] == f"/{field}"
    async with database.reader() as session:
        assert await session.scalar(select(func.count()).select_from(Idea)) == 0
    await shift(database, path, days=-8)
    await speak("Fay").refused("POST", f"{path}/ideas", 409, "attendances.not-now", json=body)


async def test_a_retry_with_the_same_key_captures_once(speak: Speak, cast: Cast, database: Database) -> None:
    path = await meet(speak, cast, "Max")
    body, key = write(cast, "Max", agreed=("Max",)), {"Idempotency-Key": "room-1"}
    first = await speak("Fay").post(f"{path}/ideas", body, headers=key)
    assert await speak("Fay").post(f"{path}/ideas", body, headers=key) == first
    async with database.reader() as session:
        assert await session.scalar(select(func.count()).select_from(Capture)) == 1


async def test_drafts_that_nobody_wants_go(speak: Speak, cast: Cast, database: Database) -> None:
    path = await meet(speak, cast, "Max", "Pete", "Olga")
    refused, open_, accepted = [
        (await speak("Fay").post(f"{path}/ideas", write(cast, name)))["idea"]
        for name in ("Max", "Pete", "Olga")
    ]
    await speak("Max").put(f"/ideas/{refused}/authors/me", {"answer": "refuse"})
    await speak("Olga").put(f"/ideas/{accepted}/authors/me", {"answer": "accept"})

    async def forget(later: bool) -> set[str]:
        async with database.writer() as session:
            await captures.forget_unclaimed(session, now=clock.now() + (KEPT if later else KEPT * 0))
        async with database.reader() as session:
            return set(await session.scalars(select(col(Idea.id))))

    assert await forget(later=False) == {open_, accepted}
    assert await forget(later=True) == {accepted}
    async with database.reader() as session:
        kinds = (await session.scalars(select(col(Event.kind)))).all()
    assert kinds.count("ideas.draft-deleted") == 2
