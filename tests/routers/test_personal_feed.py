"""The personal feed over HTTP: what happened to what one follows, and never who wrote an anonymous idea."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.db import Database
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.services import departures
from tests.support.campaigns import REPORT, announce, let_pass
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def submit(client: Client, cast: Cast, **changes: Any) -> dict[str, Any]:
    body = {
        "title": "Cups",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "function": cast.functions["Finance"],
    }
    made: dict[str, Any] = await client.post("/ideas", body | changes)
    return made


async def follow(client: Client, *paths: str) -> None:
    for path in paths:
        await client.put(f"{path}/follow")


async def read(client: Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/me/feed?limit=100"))["items"]
    return items


def tell(items: list[dict[str, Any]]) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """Return what items tell: the story, who, and why."""
    return [
        (
            each["act"] or each["phase"] or each["story"],
            each["person"] and each["person"]["name"],
            tuple(each["because"]),
        )
        for each in items
    ]


def name_holder(cast: Cast, idea: dict[str, Any]) -> str:
    return next(name for name, person in cast.people.items() if person.id == idea["holder"]["id"])


async def live_through(speak: Speak, cast: Cast, author: str, **changes: Any) -> tuple[dict[str, Any], str]:
    """Have an idea discussed and decided on by its holder, with a word of its author at every chance."""
    idea = await submit(speak(author), cast, **changes)
    path, holder = f"/ideas/{idea['id']}", name_holder(cast, idea)
    await speak(author).post(f"{path}/comments", {"body": "My own word."})
    await speak("Max").post(f"{path}/comments", {"body": "Good."})
    await speak(holder).post(f"{path}/decisions", {"action": "clarify", "text": "Which cups?"})
    await speak(author).post(f"{path}/decisions", {"action": "answer", "text": "All of them."})
    await speak(author).post(f"{path}/withdrawal")
    return idea, holder


async def test_what_others_do_with_an_idea_that_one_follows(speak: Speak, cast: Cast) -> None:
    idea = await submit(speak("Alice"), cast)
    path, holder = f"/ideas/{idea['id']}", name_holder(cast, idea)
    await follow(speak("Pete"), path)
    assert await read(speak("Pete")) == []
    await speak("Max").post(f"{path}/comments", {"body": "Good. " + "x" * 400})
    gone = await speak("Max").post(f"{path}/comments", {"body": "Wrong."})
    await speak("Max").request("DELETE", f"/comments/{gone['id']}", headers={"If-Match": "*"})
    await speak("Pete").post(f"{path}/comments", {"body": "My own."})
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    items = await read(speak("Pete"))
    assert tell(items) == [
        ("acknowledge", holder, ("idea",)),
        ("idea_commented", "Max", ("idea",)),
    ]
    moved, commented = items
    assert moved["idea"] == {"id": idea["id"], "title": "Cups", "stage": "evaluation"}
    assert (moved["to_stage"], moved["story"]) == ("evaluation", "idea_moved")
    assert len(commented["comment"]["excerpt"]) == 300
    assert await read(speak("Olga")) == []
    assert (await speak("Pete").request("DELETE", f"{path}/follow")).status_code == 204
    assert await read(speak("Pete")) == []


async def test_what_a_person_does_under_their_name(speak: Speak, cast: Cast) -> None:
    await follow(speak("Pete"), f"/employees/{cast['Alice'].id}")
    idea, holder = await live_through(speak, cast, "Alice")
    assert tell(await read(speak("Pete"))) == [
        ("withdraw", "Alice", ("employee",)),
        ("answer", "Alice", ("employee",)),
        ("idea_commented", "Alice", ("employee",)),
        ("idea_submitted", "Alice", ("employee",)),
    ]
    await follow(speak("Pete"), f"/employees/{cast[holder].id}", f"/ideas/{idea['id']}")
    found = tell(await read(speak("Pete")))
    assert ("clarify", holder, ("idea", "employee")) in found, "what is found in two ways is told once"
    assert len(found) == 6


async def test_votes_are_never_told_of(speak: Speak, cast: Cast) -> None:
    idea = await submit(speak("Alice"), cast)
    await follow(speak("Pete"), f"/employees/{cast['Max'].id}", f"/ideas/{idea['id']}")
    await speak("Max").put(f"/ideas/{idea['id']}/vote")
    assert await read(speak("Pete")) == []


async def test_what_somebody_does_anonymously_is_in_no_feed_of_them(speak: Speak, cast: Cast) -> None:
    await follow(speak("Pete"), f"/employees/{cast['Alice'].id}")
    idea, _ = await live_through(speak, cast, "Alice", anonymous=True)
    assert await read(speak("Pete")) == []
    await follow(speak("Pete"), f"/ideas/{idea['id']}", f"/functions/{cast.functions['Finance']}")
    items = await read(speak("Pete"))
    assert [row[0] for row in tell(items)] == [
        "withdraw",
        "answer",
        "clarify",
        "idea_commented",
        "idea_commented",
        "idea_submitted",
    ]
    assert "Alice" not in str(items)
    assert cast["Alice"].id not in str(items)
    assert not any("employee" in each["because"] for each in items)


def canonise(text: str) -> str:
    """Return a text with the identifiers of what was made replaced by their order, and without its moments."""
    known: dict[str, str] = {}
    text = re.sub(r"\b[a-z2-7]{24}\b", lambda match: known.setdefault(match[0], f"#{len(known)}"), text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "then", text)


async def test_two_worlds_that_differ_by_the_author_alone_look_the_same(speak: Speak, cast: Cast) -> None:
    """Alice and Olga have the same line; whoever of them wrote, every follower reads the same bytes."""
    worlds = []
    for author in ("Alice", "Olga"):
        idea, _ = await live_through(
            speak, cast, author, anonymous=True, function=cast.functions["IT"], title="Nobody dares"
        )
        path = f"/ideas/{idea['id']}"
        for name in ("Pete", "Max", "Bob", "Mia", "Alice", "Olga"):
            await follow(speak(name), path)
            if name not in ("Alice", "Olga"):
                await follow(speak(name), f"/employees/{cast['Alice'].id}", f"/employees/{cast['Olga'].id}")
        seen = []
        for name in ("Pete", "Bob", "Mia"):
            answer = await speak(name).request("GET", "/me/feed?limit=100")
            seen.append(canonise(answer.text))
            answer = await speak(name).request("GET", f"{path}/follow")
            seen.append(canonise(answer.text))
        worlds.append(seen)
        for name in ("Pete", "Max", "Bob", "Mia", "Alice", "Olga"):
            assert (await speak(name).request("DELETE", f"{path}/follow")).status_code == 204
    assert worlds[0] == worlds[1]


async def test_what_is_signed_later_is_the_authors_from_then_on(speak: Speak, cast: Cast) -> None:
    await follow(speak("Pete"), f"/employees/{cast['Alice'].id}")
    idea = await submit(speak("Alice"), cast, anonymous=True)
    assert await read(speak("Pete")) == []
    signed = {"json": {"anonymous": False}, "headers": {"If-Match": "*"}}
    await speak("Alice").request("PATCH", f"/ideas/{idea['id']}", **signed)
    assert tell(await read(speak("Pete"))) == [("idea_submitted", "Alice", ("employee",))]


async def test_new_ideas_of_functions_and_campaigns(speak: Speak, cast: Cast) -> None:
    challenge = await announce(speak("Mia"))
    await follow(speak("Pete"), f"/functions/{cast.functions['IT']}", f"/campaigns/{challenge}")
    await submit(speak("Alice"), cast)
    await submit(speak("Max"), cast, function=cast.functions["IT"])
    await submit(speak("Max"), cast, function=cast.functions["IT"], campaign=challenge)
    await submit(speak("Olga"), cast, campaign=challenge, anonymous=True)
    await submit(speak("Olga"), cast, campaign=challenge, draft=True)
    assert tell(await read(speak("Pete"))) == [
        ("idea_submitted", None, ("campaign",)),
        ("idea_submitted", "Max", ("function", "campaign")),
        ("idea_submitted", "Max", ("function",)),
        ("collect", None, ("campaign",)),
    ]


async def test_phases_of_campaigns_that_one_follows_or_takes_part_in(
    speak: Speak, cast: Cast, database: Database
) -> None:
    challenge = await announce(speak("Mia"), "collect", "vote")
    await submit(speak("Alice"), cast, campaign=challenge, anonymous=True)
    await follow(speak("Pete"), f"/campaigns/{challenge}")
    await let_pass(database, challenge, timedelta(days=1, hours=1))
    assert tell(await read(speak("Alice"))) == [("vote", None, ()), ("collect", None, ())]
    assert [row for row in tell(await read(speak("Pete"))) if row[0] != "idea_submitted"] == [
        ("vote", None, ("campaign",)),
        ("collect", None, ("campaign",)),
    ]
    assert await read(speak("Max")) == []
    await let_pass(database, challenge, timedelta(days=1))
    await speak("Mia").put(f"/campaigns/{challenge}/report", REPORT)
    await speak("Mia").post(f"/campaigns/{challenge}/closing")
    assert tell(await read(speak("Alice")))[0] == ("campaign_closed", None, ())


async def test_news_is_in_the_feed_of_those_whom_it_is_for(speak: Speak, cast: Cast) -> None:
    made = []
    for title, changes in (
        ("For all", {}),
        ("For Lyon", {"audience": "entity", "entity": cast["Alice"].entity_id}),
    ):
        made.append(await speak("Mia").post("/news", {"title": title, "body": "So it is.", **changes}))
        await speak("Mia").post(f"/news/{made[-1]['id']}/publication")
    await speak("Mia").post("/news", {"title": "Not yet", "body": "So it is."})
    assert [each["news"]["name"] for each in await read(speak("Alice"))] == ["For Lyon", "For all"]
    assert [each["news"]["name"] for each in await read(speak("Max"))] == ["For all"]
    assert "Not yet" not in str(await read(speak("Mia")))
    await speak("Mia").post(f"/news/{made[-1]['id']}/withdrawal")
    assert [each["news"]["name"] for each in await read(speak("Alice"))] == ["For all"]


async def test_somebody_who_left_is_followed_no_more(speak: Speak, cast: Cast, database: Database) -> None:
    await follow(speak("Pete"), f"/employees/{cast['Alice'].id}")
    await submit(speak("Alice"), cast)
    assert len(await read(speak("Pete"))) == 1
    async with database.writer() as session:
        await departures.leave(session, [cast["Alice"].id], actor_id=None, now=START)
    assert await read(speak("Pete")) == []


async def test_the_feed_goes_on_by_cursor_in_few_statements_however_much_is_followed(
    speak: Speak, cast: Cast, database: Database
) -> None:
    """Many things happen at the same moment: no page may drop or repeat one of them."""
    pete, challenge = speak("Pete"), await announce(speak("Mia"))
    await follow(pete, f"/campaigns/{challenge}", *(f"/functions/{key}" for key in cast.functions.values()))
    await follow(pete, *(f"/employees/{cast[name].id}" for name in ("Alice", "Max", "Dan", "Dora", "Eve")))
    for number in range(4):
        idea, _ = await live_through(speak, cast, "Alice", campaign=challenge, title=f"Cups {number}")
        await follow(pete, f"/ideas/{idea['id']}")
        made = await speak("Mia").post("/news", {"title": f"News {number}", "body": "b"})
        await speak("Mia").post(f"/news/{made['id']}/publication")
    async with database.writer() as session:
        moment = await session.scalar(select(func.max(col(Idea.submitted_at))))
        await session.execute(update(Idea).values(submitted_at=moment))
        await session.execute(
            update(ItineraryEntry).where(col(ItineraryEntry.act) == "answer").values(at=moment)
        )
    whole = await read(pete)
    assert len(whole) == 4 * 7 + 1
    for limit in (1, 3, 28):
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            with counted(database) as seen:
                page = await pete.get(f"/me/feed?limit={limit}{cursor}")
            assert len(seen) <= 9, seen
            found += page["items"]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        assert found == whole, limit


async def test_a_feed_goes_back_half_a_year(speak: Speak, cast: Cast, database: Database) -> None:
    await follow(speak("Pete"), f"/employees/{cast['Alice'].id}")
    idea = await submit(speak("Alice"), cast)
    async with database.writer() as session:
        row = await session.get_one(Idea, idea["id"])
        row.submitted_at = row.created_at - timedelta(days=181)
    assert await read(speak("Pete")) == []
