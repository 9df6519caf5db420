"""People are told what concerns them, once, and nothing of their own acts; what was asked settles itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.jobs.drain import drain
from app.models.conflicts import ConflictDeclaration
from app.models.events import Event
from app.models.notifications import Notification
from app.services import deadlines
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def drain_all(database: Database) -> None:
    while await drain(database, now=START):
        pass


async def list_told(database: Database, cast: Cast, name: str) -> list[str]:
    """The kinds that somebody was told, in order; those that were asked and are done in brackets."""
    async with database.reader() as session:
        rows = await session.scalars(
            select(Notification)
            .where(col(Notification.employee_id) == cast[name].id)
            .order_by(col(Notification.position))
        )
        return [f"({row.kind})" if row.resolved_at else row.kind for row in rows]


async def submit(speak: Speak, cast: Cast, name: str = "Alice", **more: Any) -> tuple[str, str]:
    """Submit an idea; returns its path and the name of its holder."""
    body = {
        "title": "Éteindre",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "function": cast.functions["Finance"],
        **more,
    }
    idea = await speak(name).post("/ideas", body)
    holder = idea["holder"]["id"] if idea["holder"] else ""
    names = {person.id: first for first, person in cast.people.items()}
    return f"/ideas/{idea['id']}", names.get(holder, "")


async def test_a_reviewer_and_the_authors_hear_of_each_others_acts(
    speak: Speak, database: Database, cast: Cast
) -> None:
    path, holder = await submit(speak, cast)
    await drain_all(database)
    assert await list_told(database, cast, holder) == ["reviews.assigned"]
    assert await list_told(database, cast, "Alice") == []
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    await speak(holder).post(f"{path}/decisions", {"action": "clarify", "text": "Combien ?"})
    await drain_all(database)
    assert await list_told(database, cast, holder) == ["(reviews.assigned)"]
    assert await list_told(database, cast, "Alice") == [
        "ideas.acknowledged",
        "ideas.clarification_asked",
    ]
    await speak("Alice").post(f"{path}/decisions", {"action": "answer", "text": "Dix"})
    await drain_all(database)
    assert await list_told(database, cast, "Alice") == [
        "ideas.acknowledged",
        "(ideas.clarification_asked)",
    ]
    assert (await list_told(database, cast, holder))[1:] == ["ideas.clarification_answered"]
    await speak(holder).post(f"{path}/decisions", {"action": "recommend", "text": "Oui"})
    await drain_all(database)
    assert (await list_told(database, cast, holder))[1:] == ["(ideas.clarification_answered)"]
    assert (await list_told(database, cast, "Alice"))[2:] == ["ideas.recommended"]


async def test_forwarding_tells_the_next_reviewer(speak: Speak, database: Database, cast: Cast) -> None:
    path, holder = await submit(speak, cast)
    forwarded = {"action": "forward", "text": "Pour vous", "function": cast.functions["IT"]}
    await speak(holder).post(f"{path}/decisions", forwarded)
    await drain_all(database)
    assert await list_told(database, cast, holder) == []
    assert await list_told(database, cast, "Eve") == ["reviews.assigned"]
    assert await list_told(database, cast, "Alice") == ["ideas.forwarded"]


async def test_whoever_loses_an_idea_hears_of_it(speak: Speak, database: Database, cast: Cast) -> None:
    path, holder = await submit(speak, cast)
    await drain_all(database)
    await speak(holder).put(f"{path}/conflict")
    await drain_all(database)
    assert await list_told(database, cast, holder) == ["(reviews.assigned)", "reviews.taken"]
    other = "Dora" if holder == "Dan" else "Dan"
    assert await list_told(database, cast, other) == ["reviews.assigned"]
    assert await list_told(database, cast, "Alice") == ["ideas.reassigned"]


async def test_comments_reach_the_authors_and_whoever_is_answered(
    speak: Speak, database: Database, cast: Cast
) -> None:
    path, _ = await submit(speak, cast)
    first = await speak("Max").post(f"{path}/comments", {"body": "Oui"})
    await speak("Alice").post(f"{path}/comments", {"body": "Merci"})
    await speak("Pete").post(f"{path}/comments", {"body": "Moi aussi", "reply_to": first["id"]})
    await drain_all(database)
    assert await list_told(database, cast, "Alice") == ["comments.written", "comments.written"]
    assert await list_told(database, cast, "Max") == ["comments.replied"]
    assert await list_told(database, cast, "Pete") == []


async def test_an_invitation_asks_until_it_is_answered(speak: Speak, database: Database, cast: Cast) -> None:
    path, _ = await submit(speak, cast, draft=True, function=None)
    await speak("Alice").post(f"{path}/authors", {"employee": cast["Max"].id})
    await drain_all(database)
    assert await list_told(database, cast, "Max") == ["authorships.invited"]
    assert (await speak("Max").get("/me/notifications"))["items"][0]["person"]["name"] == "Alice"
    await speak("Max").put(f"{path}/authors/me", {"answer": "accept"})
    await drain_all(database)
    assert await list_told(database, cast, "Max") == ["(authorships.invited)"]
    assert await list_told(database, cast, "Alice") == ["authorships.answered"]


async def test_what_was_done_before_anybody_heard_of_it_asks_nobody(
    speak: Speak, database: Database, cast: Cast
) -> None:
    path, holder = await submit(speak, cast)
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    await drain_all(database)
    assert await list_told(database, cast, holder) == ["(reviews.assigned)"]
    decline = {"action": "decline", "reason_code": "cost", "text": "Cela coûte bien trop cher."}
    await speak(holder).post(f"{path}/decisions", decline)
    await drain_all(database)
    assert all(kind.startswith("(") for kind in await list_told(database, cast, holder))
    told = (await speak("Alice").get("/me/notifications"))["items"]
    assert told[0]["kind"] == "ideas.declined"
    assert told[0]["reason_code"] == "cost"


async def test_events_told_twice_are_heard_once(speak: Speak, database: Database, cast: Cast) -> None:
    path, holder = await submit(speak, cast)
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    await drain_all(database)
    before = await list_told(database, cast, "Alice")
    async with database.writer() as session:
        await session.execute(update(Event).values(worked_off_at=None))
    await drain_all(database)
    assert await list_told(database, cast, "Alice") == before == ["ideas.acknowledged"]
    async with database.reader() as session:
        failed = await session.scalars(select(Event).where(col(Event.worked_off_at).is_(None)))
        assert failed.all() == []


async def test_nothing_tells_who_wrote_an_anonymous_idea(
    speak: Speak, database: Database, cast: Cast
) -> None:
    path, holder = await submit(speak, cast, anonymous=True)
    said = await speak("Max").post(f"{path}/comments", {"body": "Qui ?"})
    await speak("Alice").post(f"{path}/comments", {"body": "Moi", "reply_to": said["id"]})
    await speak(holder).post(f"{path}/decisions", {"action": "clarify", "text": "Combien ?"})
    await speak("Alice").post(f"{path}/decisions", {"action": "answer", "text": "Dix"})
    await drain_all(database)
    assert "ideas.clarification_asked" in str(await list_told(database, cast, "Alice"))
    for name in (holder, "Max"):
        answer = await speak(name).request("GET", "/me/notifications")
        assert answer.json()["items"]
        assert "Alice" not in answer.text
        assert cast["Alice"].id not in answer.text
    async with database.reader() as session:
        others = await session.scalars(
            select(Notification).where(col(Notification.employee_id) != cast["Alice"].id)
        )
        assert not any(cast["Alice"].id in str(row.facts) for row in others)


async def test_what_an_author_said_unnamed_stays_so_when_the_idea_is_signed(
    speak: Speak, database: Database, cast: Cast
) -> None:
    path, _ = await submit(speak, cast, anonymous=True)
    said = await speak("Max").post(f"{path}/comments", {"body": "Qui ?"})
    await speak("Alice").post(f"{path}/comments", {"body": "Moi", "reply_to": said["id"]})
    signed = await speak("Alice").request(
        "PATCH", path, json={"anonymous": False}, headers={"If-Match": '"1.x"'}
    )
    assert signed.status_code == 200
    await drain_all(database)
    [told] = (await speak("Max").get("/me/notifications"))["items"]
    assert told["person"] is None
    await speak("Alice").post(f"{path}/comments", {"body": "Oui", "reply_to": said["id"]})
    await drain_all(database)
    named = (await speak("Max").get("/me/notifications"))["items"][0]
    assert named["person"]["name"] == "Alice"


async def test_a_draft_that_one_may_not_know_of_any_more_is_not_shown(
    speak: Speak, database: Database, cast: Cast
) -> None:
    path, _ = await submit(speak, cast, draft=True, function=None)
    await speak("Alice").post(f"{path}/authors", {"employee": cast["Max"].id})
    await drain_all(database)
    assert (await speak("Max").get("/me"))["unread"] == 1
    answer = await speak("Alice").request("DELETE", f"{path}/authors/{cast['Max'].id}")
    assert answer.status_code == 204
    await drain_all(database)
    assert (await speak("Max").get("/me/notifications"))["items"] == []
    assert (await speak("Max").get("/me"))["unread"] == 0


async def test_the_inbox_is_read_by_page_and_marked(speak: Speak, database: Database, cast: Cast) -> None:
    path, _ = await submit(speak, cast)
    for number in range(5):
        await speak("Max").post(f"{path}/comments", {"body": f"{number}"})
    await drain_all(database)
    alice = speak("Alice")
    assert (await alice.get("/me"))["unread"] == 5
    first = await alice.get("/me/notifications?limit=3&state=unread")
    cursor = first["next_cursor"]
    second = await alice.get(f"/me/notifications?limit=3&state=unread&cursor={cursor}")
    positions = [item["position"] for item in first["items"] + second["items"]]
    assert positions == sorted(positions, reverse=True)
    assert len(positions) == 5
    assert second["next_cursor"] is None
    one = first["items"][0]["id"]
    for _ in range(2):
        answer = await alice.request("PUT", f"/me/notifications/{one}/read")
        assert answer.status_code == 204
    assert (await alice.get("/me"))["unread"] == 4
    assert (await speak("Max").request("PUT", f"/me/notifications/{one}/read")).status_code == 404
    await alice.request("PUT", f"/me/notifications/read?until={positions[-2]}")
    assert (await alice.get("/me"))["unread"] == 2
    await alice.request("PUT", "/me/notifications/read")
    assert (await alice.get("/me"))["unread"] == 0
    assert (await alice.get("/me/notifications?state=unread"))["items"] == []
    assert len((await alice.get("/me/notifications"))["items"]) == 5


async def test_an_invitation_that_a_conflict_hides_is_not_counted_as_unread(
    speak: Speak, database: Database, cast: Cast
) -> None:
    ideas = []
    for _ in range(2):
        path, _holder = await submit(speak, cast, draft=True, function=None)
        await speak("Alice").post(f"{path}/authors", {"employee": cast["Max"].id})
        ideas.append(path.rpartition("/")[2])
    await drain_all(database)
    assert (await speak("Max").get("/me"))["unread"] == 2
    async with database.writer() as session:
        session.add(ConflictDeclaration(idea_id=ideas[0], employee_id=cast["Max"].id, declared_at=START))
    listed = (await speak("Max").get("/me/notifications?state=unread"))["items"]
    assert [each["idea"]["id"] for each in listed] == ideas[1:]
    assert (await speak("Max").get("/me"))["unread"] == 1
    with counted(database) as statements:
        await speak("Alice").get("/me")
    without = len(statements)
    with counted(database) as statements:
        await speak("Max").get("/me")
    assert len(statements) > without, "nobody else pays for it"


async def test_an_idea_that_is_left_alone_is_heard_of_once_at_each_step(
    speak: Speak, database: Database, cast: Cast
) -> None:
    _, holder = await submit(speak, cast)
    now = clock.now()
    for _ in range(60):
        now += timedelta(days=1)
        await deadlines.advance(database, now=now)
        await drain_all(database)
    assert await list_told(database, cast, holder) == [
        "(reviews.assigned)",
        "(reviews.reminded)",
        "reviews.taken",
    ]
    other = "Dora" if holder == "Dan" else "Dan"
    assert await list_told(database, cast, other) == ["reviews.assigned"]
    assert await list_told(database, cast, "Alice") == ["ideas.late", "ideas.reassigned"]
    for name in ("Ian", "Irma"):
        assert await list_told(database, cast, name) == ["reviews.escalated"]
    for name in ("Bob", "Carol", "Rita"):
        assert await list_told(database, cast, name) == []


async def test_a_page_and_a_batch_cost_the_same_however_long(
    speak: Speak, database: Database, cast: Cast
) -> None:
    paths = [(await submit(speak, cast))[0] for _ in range(6)]
    costs = []
    for some in (paths[:1], paths[1:]):
        for path in some:
            await speak("Max").post(f"{path}/comments", {"body": "Oui"})
        with counted(database) as draining:
            await drain_all(database)
        with counted(database) as listing:
            await speak("Alice").get("/me/notifications")
        costs.append((len(draining), len(listing)))
    # The first batch has the submissions with it, and so the reviewers.
    assert costs[1] <= costs[0]
    with counted(database) as asking:
        await speak("Alice").get("/me")
    assert len(asking) == 2, "who asks, and the profile with its number"


async def test_an_idea_that_is_late_goes_on_in_other_hands(
    speak: Speak, database: Database, cast: Cast
) -> None:
    """The clock's events, as it records them."""
    path, holder = await submit(speak, cast)
    await drain_all(database)
    async with database.writer() as session:
        review = await session.scalar(select(Event).where(col(Event.kind) == "reviews.assigned"))
        assert review is not None
        payload = {"idea": review.payload["idea"], "to": [cast["Ian"].id, cast["Irma"].id]}
        for place, kind in enumerate(("reviews.reminded", "reviews.late", "reviews.escalated")):
            to = [cast[holder].id] if kind == "reviews.reminded" else payload["to"]
            session.add(
                Event(
                    kind=kind,
                    subject=review.subject,
                    payload={**payload, "to": to},
                    at=START + timedelta(days=place),
                )
            )
    await drain_all(database)
    assert await list_told(database, cast, holder) == ["reviews.assigned", "reviews.reminded"]
    assert await list_told(database, cast, "Alice") == ["ideas.late"]
    assert await list_told(database, cast, "Ian") == ["reviews.escalated"]
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    await drain_all(database)
    assert await list_told(database, cast, holder) == ["(reviews.assigned)", "(reviews.reminded)"]
    assert await list_told(database, cast, "Irma") == ["(reviews.escalated)"]
