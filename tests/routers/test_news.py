"""News over HTTP: drafts, moments to come, whom it is for, changes and withdrawals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.roles import Role
from app.models.entities import Entity
from app.models.news import NewsPost
from app.models.roles import RoleGrant
from tests.support import world
from tests.support.campaigns import announce, plan
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]
ANY = {"If-Match": "*"}


def describe(**changes: Any) -> dict[str, Any]:
    return {"title": "The winners", "body": "They are **many**."} | changes


def later(hours: float = 1) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


async def publish(client: Client, **changes: Any) -> str:
    """Write a post and publish it at once."""
    made = await client.post("/news", describe(**changes))
    await client.post(f"/news/{made['id']}/publication")
    return str(made["id"])


async def read_titles(client: Client) -> list[str]:
    return [each["title"] for each in (await client.get("/news"))["items"]]


async def put_in(database: Database, cast: Cast, name: str, path: str) -> str:
    async with database.writer() as session:
        unit = await world.make_entity(session, path)
        person = await session.get_one(type(cast[name]), cast[name].id)
        person.entity_id = unit.id
        return unit.id


async def find_entity(database: Database, path: str) -> str:
    async with database.reader() as session:
        return (await session.scalars(select(col(Entity.id)).where(col(Entity.path) == path))).one()


async def test_a_post_goes_from_draft_to_published_to_withdrawn(speak: Speak, database: Database) -> None:
    mia, path = speak("Mia"), "/news"
    draft = await mia.post("/news", describe())
    path = f"/news/{draft['id']}"
    assert (draft["state"], draft["publish_at"], draft["author"]["name"]) == ("draft", None, "Mia")
    assert draft["body_html"] == "<p>They are <strong>many</strong>.</p>\n"
    assert draft["can"] == ["edit", "publish", "withdraw"]
    await speak("Max").refused("GET", path, 404, "news.unknown")
    answer = await mia.request("PATCH", path, json={"publish_at": later()}, headers=ANY)
    assert answer.json()["state"] == "scheduled"
    await speak("Max").refused("GET", path, 404, "news.unknown")
    published = await mia.post(f"{path}/publication")
    assert (published["state"], published["can"], published["edited"]) == (
        "published",
        ["edit", "withdraw"],
        False,
    )
    await mia.refused("POST", f"{path}/publication", 409, "news.published")
    shown = await speak("Max").get(path)
    assert (shown["title"], shown["can"], shown["state"]) == ("The winners", [], "published")
    await mia.post(f"{path}/withdrawal")
    await mia.refused("POST", f"{path}/withdrawal", 409, "news.withdrawn")
    await mia.refused("PATCH", path, 409, "news.withdrawn", json={"title": "Others"}, headers=ANY)
    await speak("Max").refused("GET", path, 404, "news.unknown")
    assert await read_titles(speak("Max")) == []
    assert (await mia.get(path))["state"] == "withdrawn"


async def test_words_change_after_publishing_and_nothing_else_does(speak: Speak, cast: Cast) -> None:
    mia, path = speak("Mia"), f"/news/{await publish(speak('Mia'))}"
    first = await mia.request("GET", path)
    answer = await mia.request(
        "PATCH", path, json={"body": "All of you."}, headers={"If-Match": first.headers["etag"]}
    )
    assert (answer.json()["body"], answer.json()["edited"]) == ("All of you.", True)
    await mia.refused(
        "PATCH",
        path,
        412,
        "precondition.failed",
        json={"title": "Late"},
        headers={"If-Match": first.headers["etag"]},
    )
    await mia.refused("PATCH", path, 428, json={"title": "Late"})
    await mia.refused("PATCH", path, 409, "news.published", json={"publish_at": later()}, headers=ANY)
    change = {"audience": "function", "function": cast.functions["IT"]}
    await mia.refused("PATCH", path, 409, "news.published", json=change, headers=ANY)
    await mia.refused("PATCH", path, 422, json={}, headers=ANY)
    same = await mia.request("PATCH", path, json={"body": "All of you."}, headers=ANY)
    assert same.json()["version"] == answer.json()["version"], "what changes nothing writes nothing"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": "ab"}, "/title"),
        ({"title": "x" * 251}, "/title"),
        ({"body": "  "}, "/body"),
        ({"body": "x" * 20_001}, "/body"),
        ({"audience": "friends"}, "/audience"),
        ({"audience": "entity"}, "/entity"),
        ({"entity": "a" * 24}, "/entity"),
        ({"audience": "entity", "entity": "a" * 24}, "/entity"),
        ({"audience": "function", "function": "nothing"}, "/function"),
        ({"audience": "campaign", "campaign": "a" * 24}, "/campaign"),
        ({"audience": "campaign", "function": "a" * 24, "campaign": "a" * 24}, "/function"),
        ({"publish_at": "2020-01-31T09:00:00Z"}, "/publish_at"),
        ({"publish_at": "2199-01-31T09:00:00Z"}, "/publish_at"),
        ({"publish_at": 1_800_000_000}, "/publish_at"),
        ({"surprise": 1}, "/surprise"),
    ],
)
async def test_what_is_not_right_is_named_and_changes_nothing(
    speak: Speak, changes: dict[str, Any], pointer: str
) -> None:
    problem = await speak("Mia").refused("POST", "/news", 422, json=describe(**changes))
    assert [each["pointer"] for each in problem["errors"]] == [pointer]
    assert (await speak("Mia").get("/news?managed=true"))["items"] == []


async def test_a_campaign_that_is_not_announced_has_no_news(speak: Speak) -> None:
    planned = (await speak("Mia").post("/campaigns", plan()))["id"]
    values = describe(audience="campaign", campaign=planned)
    await speak("Mia").refused("POST", "/news", 422, json=values)


async def test_whom_news_is_for(speak: Speak, cast: Cast, database: Database) -> None:
    mia = speak("Mia")
    sales = await find_entity(database, "Company/Sales")
    challenge = await announce(mia, name="Of Sales", audience={"entities": [sales]})
    await publish(mia, title="All")
    await publish(mia, title="Sales", audience="entity", entity=sales)
    await publish(mia, title="Lyon", audience="entity", entity=cast["Alice"].entity_id)
    await publish(mia, title="Finance", audience="function", function=cast.functions["Finance"])
    await publish(mia, title="Contest", audience="campaign", campaign=challenge)
    await publish(mia, title="Box", audience="campaign", campaign=cast.permanent_box)
    expected = {
        "Alice": ["Box", "Contest", "Lyon", "Sales", "All"],
        "Carol": ["Box", "Contest", "Sales", "All"],
        "Dan": ["Box", "Finance", "All"],
        "Eve": ["Box", "All"],
        "Max": ["Box", "All"],
        "Mia": ["Box", "All"],
    }
    for name, titles in expected.items():
        assert await read_titles(speak(name)) == titles, name
    await speak("Max").put(f"/functions/{cast.functions['Finance']}/follow")
    await speak("Max").put(f"/campaigns/{challenge}/follow")
    assert await read_titles(speak("Max")) == ["Box", "Contest", "Finance", "All"]
    async with database.writer() as session:
        await world.grant(session, cast["Eve"], Role.SPONSOR, campaign_id=challenge)
        await session.execute(delete(RoleGrant).where(col(RoleGrant.employee_id) == cast["Dan"].id))
    assert await read_titles(speak("Eve")) == ["Box", "Contest", "All"]
    assert await read_titles(speak("Dan")) == ["Box", "All"], "what one has a role for no more is not for one"
    everything = (await mia.get("/news?managed=true"))["items"]
    assert [each["title"] for each in everything] == ["Box", "Contest", "Finance", "Lyon", "Sales", "All"]


async def test_a_unit_whose_name_begins_alike_is_another(
    speak: Speak, cast: Cast, database: Database
) -> None:
    await put_in(database, cast, "Max", "Company/Sales_")
    await put_in(database, cast, "Pete", "Company/Sales North")
    sales = await find_entity(database, "Company/Sales")
    await publish(speak("Mia"), title="Sales", audience="entity", entity=sales)
    await publish(
        speak("Mia"), title="Line", audience="entity", entity=await find_entity(database, "Company/Sales_")
    )
    assert await read_titles(speak("Max")) == ["Line"]
    assert await read_titles(speak("Pete")) == []
    assert await read_titles(speak("Carol")) == ["Sales"]


async def test_who_manages_a_part_writes_for_that_part(speak: Speak, cast: Cast, database: Database) -> None:
    sales = await find_entity(database, "Company/Sales")
    async with database.writer() as session:
        granted = await world.grant(session, cast["Fay"], Role.COMMUNITY_MANAGER)
        await session.execute(
            update(RoleGrant).where(col(RoleGrant.id) == granted.id).values(entity_id=sales)
        )
    fay = speak("Fay")
    await fay.refused("POST", "/news", 403, "permissions.role-missing", json=describe())
    of_lyon = describe(audience="entity", entity=cast["Alice"].entity_id)
    made = await fay.post("/news", of_lyon)
    assert made["can"] == ["edit", "publish", "withdraw"]
    elsewhere = describe(audience="entity", entity=cast["Max"].entity_id)
    await fay.refused("POST", "/news", 403, "permissions.role-missing", json=elsewhere)
    wider = {"audience": "everybody"}
    await fay.refused("PATCH", f"/news/{made['id']}", 403, json=wider, headers=ANY)
    others = await speak("Mia").post("/news", describe())
    assert (await fay.get(f"/news/{others['id']}"))["can"] == []
    await fay.refused("POST", f"/news/{others['id']}/publication", 403, "permissions.role-missing")


@pytest.mark.parametrize("name", ["Max", "Ian", "Hana", "Adam"])
async def test_only_who_writes_news_sees_the_desk(speak: Speak, name: str) -> None:
    made = await publish(speak("Mia"))
    await speak(name).refused("GET", "/news?managed=true", 403, "permissions.role-missing")
    await speak(name).refused("POST", "/news", 403, "permissions.role-missing", json=describe())
    await speak(name).refused("PATCH", f"/news/{made}", 403, json={"title": "Mine"}, headers=ANY)
    for act in ("publication", "withdrawal"):
        await speak(name).refused("POST", f"/news/{made}/{act}", 403, "permissions.role-missing")


async def test_the_list_goes_on_by_cursor_in_few_statements(speak: Speak, database: Database) -> None:
    for number in range(5):
        await publish(speak("Mia"), title=f"News {number}", body="x" * 400)
    async with database.writer() as session:
        moments = [row.publish_at for row in await session.scalars(select(NewsPost))]
        await session.execute(update(NewsPost).values(publish_at=max(each for each in moments if each)))
    whole = (await speak("Max").get("/news"))["items"]
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        with counted(database) as seen:
            page = await speak("Max").get(f"/news?limit=2{cursor}")
        assert len(seen) <= 3, seen
        found += page["items"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert found == whole
    assert len({each["id"] for each in whole}) == 5
    assert all(len(each["excerpt"]) == 300 and each["excerpt"].endswith("…") for each in whole)
    assert "body" not in whole[0]


async def test_a_retry_with_the_same_key_is_one_post(speak: Speak) -> None:
    key = {"Idempotency-Key": "once"}
    first = await speak("Mia").post("/news", describe(), headers=key)
    again = await speak("Mia").post("/news", describe(), headers=key)
    assert first["id"] == again["id"]
    assert len((await speak("Mia").get("/news?managed=true"))["items"]) == 1
