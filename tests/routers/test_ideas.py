"""Ideas over HTTP: drafts, edits, signatures, pages, retries."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.db import Database
from app.models.ideas import Idea
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


def idea_of(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Éteindre les écrans",
        "problem": "Ils restent allumés.",
        "solution": "Une minuterie.",
        "theme": cast.themes["cost_savings"],
    } | changes


async def test_a_draft_is_nobody_elses_business(speak: Speak, cast: Cast) -> None:
    draft = await speak("Alice").post("/ideas", idea_of(cast, draft=True))
    path = f"/ideas/{draft['id']}"
    for name in ("Bob", "Ian", "Adam", "Max"):
        await speak(name).refused("GET", path, 404, "ideas.unknown")
        await speak(name).refused("PUT", f"{path}/vote", 404, "ideas.unknown")
        await speak(name).refused("GET", f"{path}/comments", 404)
        await speak(name).refused("GET", f"{path}/itinerary", 404)
        await speak(name).refused("POST", f"{path}/submission", 404)
        await speak(name).refused("POST", f"{path}/decisions", 404, json={"action": "acknowledge"})
        assert (await speak(name).get("/ideas"))["items"] == []
        assert (await speak(name).get("/ideas?mine=true"))["items"] == []
    assert [item["id"] for item in (await speak("Alice").get("/ideas?mine=true"))["items"]] == [draft["id"]]
    submitted = await speak("Alice").post(f"{path}/submission")
    assert submitted["stage"] == "submitted"
    assert submitted["holder"] is not None
    await speak("Alice").refused("POST", f"{path}/submission", 409, "pipeline.not-possible")


async def test_an_unknown_idea_and_a_draft_answer_alike(speak: Speak, cast: Cast) -> None:
    draft = await speak("Alice").post("/ideas", idea_of(cast, draft=True))
    unknown = "a" * 24
    for suffix in ("", "/comments", "/itinerary", "/routing", "/authors"):
        answers = [
            await speak("Bob").refused("GET", f"/ideas/{idea_id}{suffix}", 404)
            for idea_id in (draft["id"], unknown)
        ]
        for answer in answers:
            answer.pop("instance")
        assert answers[0] == answers[1]


async def test_editing_needs_the_version_that_was_read(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    idea = await alice.post("/ideas", idea_of(cast))
    path = f"/ideas/{idea['id']}"
    first = (await alice.request("GET", path)).headers["etag"]
    await alice.refused("PATCH", path, 428, json={"title": "Autre"})
    edited = await alice.request("PATCH", path, json={"title": "Autre titre"}, headers={"If-Match": first})
    assert edited.status_code == 200
    assert edited.json()["title"] == "Autre titre"
    assert edited.json()["problem"] == "Ils restent allumés."
    await alice.refused("PATCH", path, 412, json={"title": "Trop tard"}, headers={"If-Match": first})
    current = {"If-Match": edited.headers["etag"]}
    await speak("Max").refused(
        "PATCH", path, 403, "ideas.not-author", json={"title": "Pirate"}, headers=current
    )
    await alice.refused("PATCH", path, 422, "ideas.nothing-to-change", json={}, headers=current)
    for body in ({"title": None}, {"stage": "deployed"}, {"votes": 9}, {"title": "ab"}):
        await alice.refused("PATCH", path, 422, json=body, headers=current)
    await alice.refused(
        "PATCH", path, 422, "ideas.signing-is-final", json={"anonymous": True}, headers=current
    )


async def test_two_edits_of_one_version_lose_nothing(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    idea = await alice.post("/ideas", idea_of(cast))
    headers = {"If-Match": '"1.x"'}
    answers = await asyncio.gather(
        *(
            alice.request("PATCH", f"/ideas/{idea['id']}", json={"title": f"Titre {n}"}, headers=headers)
            for n in range(8)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_only_drafts_are_deleted(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    draft = await alice.post("/ideas", idea_of(cast, draft=True, tags=["un", "deux"]))
    headers = {"If-Match": '"1.x"'}
    await alice.refused("DELETE", f"/ideas/{draft['id']}", 428)
    answer = await alice.request("DELETE", f"/ideas/{draft['id']}", headers=headers)
    assert answer.status_code == 204
    await alice.refused("GET", f"/ideas/{draft['id']}", 404)
    idea = await alice.post("/ideas", idea_of(cast))
    await alice.refused("DELETE", f"/ideas/{idea['id']}", 409, "ideas.not-a-draft", headers=headers)


async def test_a_retry_with_a_key_gets_the_first_answer_and_makes_one_idea(
    speak: Speak, cast: Cast, database: Database
) -> None:
    alice, headers = speak("Alice"), {"Idempotency-Key": "one"}
    first = await alice.request("POST", "/ideas", json=idea_of(cast), headers=headers)
    again = await alice.request("POST", "/ideas", json=idea_of(cast), headers=headers)
    assert (again.status_code, again.content, again.headers["etag"]) == (
        201,
        first.content,
        first.headers["etag"],
    )
    await alice.refused(
        "POST", "/ideas", 422, "idempotency.key-reused", json=idea_of(cast, benefit="x"), headers=headers
    )
    await alice.refused(
        "POST",
        "/ideas",
        422,
        "idempotency.key-not-right",
        json=idea_of(cast),
        headers={"Idempotency-Key": "k" * 256},
    )
    other = await speak("Max").request("POST", "/ideas", json=idea_of(cast), headers=headers)
    assert other.json()["id"] != first.json()["id"]
    async with database.reader() as session:
        assert await session.scalar(select(func.count()).select_from(Idea)) == 2


async def test_many_retries_at_once_make_one_idea(speak: Speak, cast: Cast, database: Database) -> None:
    headers = {"Idempotency-Key": "storm"}
    answers = await asyncio.gather(
        *(speak("Alice").request("POST", "/ideas", json=idea_of(cast), headers=headers) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    async with database.reader() as session:
        assert await session.scalar(select(func.count()).select_from(Idea)) == 1


@pytest.mark.parametrize("sort", ["new", "hot", "top", "discussed", "needs_eyes"])
async def test_pages_hold_every_idea_once_even_while_new_ones_come(
    speak: Speak, cast: Cast, sort: str
) -> None:
    alice = speak("Alice")
    ideas = [(await alice.post("/ideas", idea_of(cast, title=f"Idée {n}")))["id"] for n in range(9)]
    for place, idea_id in enumerate(ideas[:4]):
        for name in ("Max", "Eve", "Mia", "Dan")[: place + 1]:
            await speak(name).put(f"/ideas/{idea_id}/vote")
        await speak("Max").post(f"/ideas/{idea_id}/comments", {"body": "Oui"})
    seen: list[str] = []
    page = await speak("Max").get(f"/ideas?sort={sort}&limit=4")
    while True:
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        await alice.post("/ideas", idea_of(cast, title="Une de plus"))
        page = await speak("Max").get(f"/ideas?sort={sort}&limit=4&cursor={page['next_cursor']}")
    assert len(seen) == len(set(seen))
    assert set(ideas) <= set(seen)
    if sort == "top":
        assert seen[:4] == ideas[3::-1]


async def test_filters_narrow_and_cursors_belong_to_their_list(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    for number in range(3):
        await alice.post("/ideas", idea_of(cast, title=f"Idée {number}", function=cast.functions["IT"]))
    await alice.post("/ideas", idea_of(cast, title="Autre", theme=cast.themes["brand"]))
    by_function = await speak("Max").get(f"/ideas?function={cast.functions['IT']}&limit=2")
    assert len(by_function["items"]) == 2
    assert len((await speak("Max").get(f"/ideas?theme={cast.themes['brand']}"))["items"]) == 1
    assert (await speak("Max").get("/ideas?stage=deployed"))["items"] == []
    entity = cast["Alice"].entity_id
    assert len((await speak("Max").get(f"/ideas?entity={entity}&limit=100"))["items"]) == 4
    cursor = by_function["next_cursor"]
    await speak("Max").refused("GET", f"/ideas?limit=2&cursor={cursor}", 422)
    await speak("Max").refused("GET", f"/ideas?function={cast.functions['IT']}&cursor={cursor[:-2]}xx", 422)
    for query in ("limit=0", "limit=101", "sort=votes", "stage=lost", "colour=red", "mine=perhaps"):
        await speak("Max").refused("GET", f"/ideas?{query}", 422)


async def test_an_unchanged_page_is_not_sent_again_and_etags_are_personal(speak: Speak, cast: Cast) -> None:
    idea = await speak("Alice").post("/ideas", idea_of(cast))
    for path in ("/ideas", f"/ideas/{idea['id']}"):
        mine = await speak("Max").request("GET", path)
        assert mine.headers["cache-control"].startswith("private")
        assert mine.headers["vary"] == "Authorization"
        again = await speak("Max").request("GET", path, headers={"If-None-Match": mine.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = await speak("Alice").request("GET", path, headers={"If-None-Match": mine.headers["etag"]})
        assert other.status_code == 200


async def test_what_the_request_refers_to_must_exist(speak: Speak, cast: Cast) -> None:
    for name, value in (("theme", "nowhere"), ("function", "b" * 24), ("campaign", "c" * 24)):
        problem = await speak("Alice").refused("POST", "/ideas", 422, json=idea_of(cast, **{name: value}))
        assert problem["errors"][0]["pointer"] == f"/{name}"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": "ab"}, "/title"),
        ({"title": "x" * 251}, "/title"),
        ({"problem": " \n\t "}, "/problem"),
        ({"solution": "x" * 20_001}, "/solution"),
        ({"title": 7}, "/title"),
        ({"anonymous": "yes"}, "/anonymous"),
        ({"tags": "one"}, "/tags"),
        ({"tags": ["x"] * 21}, "/tags"),
        ({"stage": "deployed"}, "/stage"),
        ({"author": "me"}, "/author"),
        ({"title": "bell \x07 rings"}, "/title"),
    ],
)
async def test_bad_fields_are_named(speak: Speak, cast: Cast, change: dict[str, Any], pointer: str) -> None:
    problem = await speak("Alice").refused("POST", "/ideas", 422, json=idea_of(cast, **change))
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert (await speak("Alice").get("/ideas?mine=true"))["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"title": NaN}',
        b'{"title": "a\\u0000b"}',
        b'{"title": "\\ud800"}',
        b'{"title": "abc", "title": "abd"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"limit": 1' + b"0" * 5000 + b"}",
        b'{"x": 1e999}',
    ],
)
async def test_no_body_breaks_anything(speak: Speak, cast: Cast, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    problem = await speak("Alice").refused("POST", "/ideas", 422, content=body, headers=headers)
    assert problem["errors"]
