"""Votings over HTTP: who sets them when, and that nobody reads of a hidden vote, wherever they look."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.roles import Role
from app.jobs.drain import drain
from app.models.campaigns import Campaign
from app.models.webhooks import WebhookDelivery
from app.services import votings
from app.services.authentication import DEVELOPMENT_SESSION
from tests.support import challenges, world
from tests.support.client import Client
from tests.support.listening import listening
from tests.support.world import Cast

Speak = Callable[[str], Client]
SORTS = ("new", "hot", "top", "discussed", "needs_eyes")
READERS = ("Alice", "Bob", "Mia", "Ian", "Sam", "Hana", "Adam", "Walt", "Rita")
VOTERS = ("Max", "Pete", "Olga", "Dora", "Fay", "Dev")


async def look(speak: Speak, reader: str, path: str) -> tuple[int, str | None, str]:
    """Return everything that somebody reads at an address."""
    answer = await speak(reader).request("GET", path)
    # A refusal carries the number of its request.
    text = answer.text if answer.status_code == 200 else answer.json()["code"]
    return answer.status_code, answer.headers.get("etag"), text


async def look_everywhere(speak: Speak, campaign: str, ideas: list[str]) -> dict[tuple[str, str], Any]:
    """Return what many people read at every address that could tell of votes."""
    paths = [f"/ideas?sort={sort}" for sort in SORTS]
    paths += [f"/ideas?sort={sort}&campaign={campaign}" for sort in SORTS]
    paths += [f"/ideas?sort={sort}&q=lamp" for sort in SORTS]
    paths += [
        f"/ideas/{idea}{more}" for idea in ideas for more in ("", "/itinerary", "/routing", "/comments")
    ]
    paths += ["/ideas/similar?text=A+lamp+in+the+dark", "/reviews?assignee=me&state=open", "/me/points"]
    paths += ["/campaigns", f"/campaigns/{campaign}/voting", "/notifications", "/functions"]
    figures = ("", f"?campaign={campaign}", f"?from={clock.now().date()}")
    paths += [f"/stats/{kind}{by}" for kind in ("participation", "pipeline") for by in figures]
    return {
        (reader, path): await look(speak, reader, path)
        for reader in (*READERS, "Dan", "Eve")
        for path in paths
    }


async def submit(speak: Speak, cast: Cast, campaign: str, title: str) -> str:
    body = {"title": title, "problem": "It is dark.", "solution": "A lamp.", "campaign": campaign}
    body |= {"theme": cast.themes["brand"], "function": cast.functions["Finance"]}
    made: str = (await speak("Alice").post("/ideas", body))["id"]
    return made


async def drain_all(database: Database) -> None:
    while await drain(database, now=clock.now()):
        pass


async def count_deliveries(database: Database) -> int:
    async with database.reader() as session:
        return await session.scalar(select(func.count()).select_from(WebhookDelivery)) or 0


async def begin(speak: Speak, cast: Cast, database: Database) -> tuple[str, list[str]]:
    """Begin a campaign with hidden votes, of which other systems hear; returns it and its ideas."""
    campaign = await challenges.announce(database, cast, tokens=3, hidden=True)
    ideas = [await submit(speak, cast, campaign, f"A lamp {place}") for place in range(3)]
    await drain_all(database)
    everything = ["votes.changed", "ideas.submitted", "campaigns.announced"]
    await speak("Ian").post("/webhooks", {"url": "https://hooks.example/a", "kinds": everything})
    return campaign, ideas


async def vote(speak: Speak, ideas: list[str]) -> None:
    """Have people vote, for the second idea most of all."""
    for name in VOTERS:
        await speak(name).put(f"/ideas/{ideas[1]}/vote")
    await speak("Max").request("DELETE", f"/ideas/{ideas[1]}/vote")
    await speak("Max").put(f"/ideas/{ideas[0]}/vote")


def list_marks(shown: Any) -> tuple[int, bool, bool, bool]:
    return shown["votes"], shown["votes_hidden"], shown["voted"], "vote" in shown["can"]


async def test_nothing_that_anybody_reads_changes_with_a_hidden_vote(
    app: FastAPI, speak: Speak, cast: Cast, database: Database
) -> None:
    campaign, ideas = await begin(speak, cast, database)
    views = app.state.wiring.views
    token = app.state.wiring.signer.issue(cast["Bob"].id, DEVELOPMENT_SESSION, now=clock.now())
    async with listening(app, token, f"ideas={','.join(ideas)}") as ear:
        for idea in ideas:
            await ear.until(f'"idea":"{idea}","votes":0,"votes_hidden":true')
        heard = ear.names()
        before = await look_everywhere(speak, campaign, ideas)
        await views.write_down(database)
        before |= {key: await look(speak, *key) for key in before if "needs_eyes" in key[1]}
        await vote(speak, ideas)
        await drain_all(database)
        # What was looked at moves in one order: that one is compared before the ideas are looked at again.
        for key in sorted(before, key=lambda key: "needs_eyes" not in key[1]):
            assert await look(speak, *key) == before[key], key
        assert await count_deliveries(database) == 0
        assert list_marks(await speak("Max").get(f"/ideas/{ideas[0]}")) == (0, True, True, True)
        assert ear.names() == heard
        await challenges.let_end(database, campaign)
        await votings.end_due(database, now=clock.now())
        await ear.until(f'"idea":"{ideas[1]}","votes":5,"votes_hidden":false')
    await drain_all(database)
    assert await count_deliveries(database) == 3
    page = (await speak("Bob").get(f"/ideas?sort=top&campaign={campaign}"))["items"]
    assert [item["id"] for item in page] == [ideas[1], ideas[0], ideas[2]]
    assert [list_marks(item) for item in page] == [(number, False, False, False) for number in (5, 1, 0)]
    voted = (await speak("Hana").get("/stats/participation"))["voted"]["people"]
    assert voted == len(VOTERS)


async def test_managers_set_how_votes_are_counted_and_everybody_reads_it(
    speak: Speak, cast: Cast, database: Database
) -> None:
    campaign = await challenges.announce(database, cast)
    at = f"/campaigns/{campaign}/voting"
    free = await speak("Max").get(at)
    assert (free["tokens"], free["hidden"], free["votes_hidden"], free["over"], free["can"]) == (
        *(None, False, False, False),
        [],
    )
    assert (await speak("Mia").get(at))["can"] == ["set"]
    for name in ("Max", "Sam", "Hana", "Adam", "Eve"):
        await speak(name).refused("PUT", at, 403, "permissions.role-missing", json={"tokens": 3})
    made = await speak("Mia").put(at, {"tokens": 3, "hidden": True})
    assert (made["tokens"], made["hidden"], made["votes_hidden"]) == ({"all": 3, "left": 3}, True, True)
    listed = (await speak("Max").get("/campaigns"))["items"]
    assert {item["name"]: item["voting"] for item in listed}["Spring"] == {"tokens": 3, "hidden": True}
    assert [item["voting"] for item in listed if item["permanent"]] == [{"tokens": None, "hidden": False}]
    assert (await speak("Ian").put(at, {}))["tokens"] is None
    assert (await speak("Ian").put(at, {"tokens": 100}))["tokens"] == {"all": 100, "left": 100}


async def test_the_rule_stands_from_the_first_vote_on(speak: Speak, cast: Cast, database: Database) -> None:
    campaign = await challenges.announce(database, cast, tokens=2)
    [idea] = await challenges.submit(database, cast, campaign)
    at = f"/campaigns/{campaign}/voting"
    await speak("Max").put(f"/ideas/{idea}/vote")
    await speak("Max").request("DELETE", f"/ideas/{idea}/vote")
    await speak("Ian").refused("PUT", at, 409, "votings.begun", json={"tokens": 3})
    assert (await speak("Ian").put(at, {"tokens": 2}))["can"] == []


async def test_a_hidden_rule_stands_from_the_first_idea_on(
    speak: Speak, cast: Cast, database: Database
) -> None:
    campaign = await challenges.announce(database, cast, hidden=True)
    at = f"/campaigns/{campaign}/voting"
    draft = {"title": "Not yet", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    made = await speak("Alice").post("/ideas", {**draft, "campaign": campaign, "draft": True})
    assert (await speak("Ian").put(at, {"hidden": True, "tokens": 3}))["can"] == ["set"]
    await speak("Alice").post(f"/ideas/{made['id']}/submission")
    await speak("Ian").refused("PUT", at, 409, "votings.begun", json={"tokens": 3})
    assert (await speak("Ian").get(at))["can"] == []


async def test_the_rule_stands_from_the_end_on(speak: Speak, cast: Cast, database: Database) -> None:
    campaign = await challenges.announce(database, cast)
    await challenges.let_end(database, campaign)
    at = f"/campaigns/{campaign}/voting"
    await speak("Ian").refused("PUT", at, 409, "votings.over", json={"tokens": 3})
    assert (await speak("Ian").get(at))["can"] == []


async def test_the_permanent_box_is_free(speak: Speak, cast: Cast) -> None:
    at = f"/campaigns/{cast.permanent_box}/voting"
    await speak("Ian").refused("PUT", at, 409, "votings.always-free", json={"hidden": True})
    assert (await speak("Ian").get(at))["can"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"tokens": 0},
        {"tokens": 101},
        {"tokens": "3"},
        {"tokens": 2.5},
        {"tokens": True},
        {"hidden": 1},
        {"mode": "free"},
    ],
)
async def test_what_is_no_rule(speak: Speak, cast: Cast, database: Database, body: dict[str, Any]) -> None:
    campaign = await challenges.announce(database, cast)
    refused = await speak("Ian").refused("PUT", f"/campaigns/{campaign}/voting", 422, json=body)
    assert [problem["pointer"] for problem in refused["errors"]] == [f"/{name}" for name in body]
    for unknown in ("a" * 24, "no-id"):
        await speak("Ian").refused("PUT", f"/campaigns/{unknown}/voting", 404, "campaigns.unknown", json={})
        await speak("Max").refused("GET", f"/campaigns/{unknown}/voting", 404, "campaigns.unknown")


async def test_a_manager_of_one_campaign_sets_that_one(speak: Speak, cast: Cast, database: Database) -> None:
    own = await challenges.announce(database, cast)
    other = await challenges.announce(database, cast, name="Autumn")
    async with database.writer() as session:
        await world.grant(session, cast["Max"], Role.COMMUNITY_MANAGER, campaign_id=own)
    assert (await speak("Max").get(f"/campaigns/{own}/voting"))["can"] == ["set"]
    await speak("Max").put(f"/campaigns/{own}/voting", {"hidden": True})
    refused = f"/campaigns/{other}/voting"
    await speak("Max").refused("PUT", refused, 403, "permissions.role-missing", json={"hidden": True})


async def test_votes_are_taken_to_the_second(speak: Speak, cast: Cast, database: Database) -> None:
    campaign = await challenges.announce(database, cast, tokens=5)
    [idea] = await challenges.submit(database, cast, campaign)
    async with database.writer() as session:
        later = update(Campaign).where(col(Campaign.id) == campaign)
        await session.execute(later.values(starts_at=clock.now() + timedelta(hours=1)))
    await speak("Max").refused("PUT", f"/ideas/{idea}/vote", 409, "votes.not-running")
