"""People over HTTP: found by name, let go, taken back, given roles."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import Database
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.events import Event
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from tests.routers.test_ideas import idea_of
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def list_names(client: Client, query: str) -> list[str]:
    return [item["name"] for item in (await client.get(f"/employees?{query}"))["items"]]


async def make_people(database: Database, *names: str, entity: str = "Company/Sales/Lyon") -> None:
    async with database.writer() as session:
        for name in names:
            await world.make_employee(session, name, entity=entity)


async def list_events(database: Database, kind: str) -> list[Event]:
    async with database.reader() as session:
        return list(await session.scalars(select(Event).where(col(Event.kind) == kind)))


async def find_grant(database: Database, person: Employee) -> str:
    async with database.reader() as session:
        found = await session.scalar(
            select(col(RoleGrant.id)).where(
                col(RoleGrant.employee_id) == person.id, col(RoleGrant.ended_at).is_(None)
            )
        )
    assert found is not None
    return str(found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=eric", ["Éric Le Goff"]),
        ("q=ÉRIC", ["Éric Le Goff"]),
        ("q=goff%20er", ["Éric Le Goff"]),
        ("q=ric", []),
        ("q=oeuv", ["Zoé d'Œuvre"]),
        ("q=jean-m", ["Jean-Marc Ça"]),
        ("q=marc%20ca", ["Jean-Marc Ça"]),
        ("q=%25", []),
        ("q=_", []),
        ("q=''", []),
    ],
)
async def test_a_word_is_found_by_its_beginning_whatever_case_and_accents(
    speak: Speak, cast: Cast, database: Database, query: str, found: list[str]
) -> None:
    await make_people(database, "Éric Le Goff", "Zoé d'Œuvre", "Jean-Marc Ça")
    assert await list_names(speak("Max"), query) == found


async def test_a_card_says_name_and_entity_and_nothing_else(speak: Speak, cast: Cast) -> None:
    (card,) = (await speak("Max").get("/employees?q=alice"))["items"]
    assert set(card) == {"id", "name", "entity"}
    assert (card["id"], card["entity"]["name"]) == (cast["Alice"].id, "Lyon")


async def test_only_active_employees_are_listed(speak: Speak, cast: Cast, database: Database) -> None:
    async with database.writer() as session:
        await session.execute(update(Employee).where(col(Employee.id) == cast["Max"].id).values(active=False))
        await session.execute(
            update(Employee).where(col(Employee.id) == cast["Dan"].id).values(kind="operator")
        )
    assert await list_names(speak("Alice"), "q=max") == []
    assert await list_names(speak("Alice"), "q=dan") == []


async def test_pages_go_by_name_to_the_end(speak: Speak, cast: Cast, database: Database) -> None:
    await make_people(database, "Zed Twin", "Zed Twin", "Émile Zed")
    names: list[str] = []
    seen: set[str] = set()
    path = "/employees?limit=4"
    while path:
        page = await speak("Max").get(path)
        names += [item["name"] for item in page["items"]]
        seen |= {item["id"] for item in page["items"]}
        path = f"/employees?limit=4&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert len(names) == len(seen) == len(cast.people) + 3
    assert names.index("Émile Zed") < names.index("Eve") < names.index("Zed Twin")


async def test_an_entity_takes_what_is_below_it(speak: Speak, cast: Cast, database: Database) -> None:
    await make_people(database, "Other Sales", entity="Company/SalesXLyon")
    async with database.reader() as session:
        entities = dict((await session.execute(select(col(Entity.path), col(Entity.id)))).all())
    sales = await list_names(speak("Max"), f"entity={entities['Company/Sales']}")
    assert sales == ["Alice", "Bob", "Carol", "Olga", "Pete", "Rita"]
    lyon = await list_names(speak("Max"), f"entity={entities['Company/Sales/Lyon']}&q=o")
    assert lyon == ["Olga"]
    assert await list_names(speak("Max"), f"entity={'a' * 24}") == []


async def test_admins_see_more_of_a_person(speak: Speak, cast: Cast) -> None:
    path = f"/employees/{cast['Alice'].id}"
    plain = await speak("Max").get(path)
    hidden: dict[str, Any] = {"email": None, "external_id": None, "manager": None, "roles": None, "can": []}
    assert plain == {
        "id": cast["Alice"].id,
        "name": "Alice",
        "entity": {"id": cast["Alice"].entity_id, "name": "Lyon"},
        "active": True,
        **hidden,
    }
    full = await speak("Adam").get(path)
    assert full["email"] == cast["Alice"].email
    assert full["external_id"] == cast["Alice"].external_id
    assert full["manager"] == {"id": cast["Bob"].id, "name": "Bob"}
    assert full["can"] == ["deactivate", "grant_role", "invite"]
    assert (await speak("Adam").get(f"/employees/{cast['Dan'].id}"))["roles"] == ["correspondent"]
    for name in ("a" * 24, "nobody"):
        await speak("Adam").refused("GET", f"/employees/{name}", 404, "employees.not-found")


async def test_letting_somebody_go_and_taking_them_back(speak: Speak, cast: Cast, database: Database) -> None:
    adam, dan, path = speak("Adam"), cast["Dan"], f"/employees/{cast['Dan'].id}"
    held = [
        (await speak("Alice").post("/ideas", idea_of(cast, function=cast.functions["Finance"])))["id"]
        for _ in range(2)
    ]
    gone = await adam.post(f"{path}/deactivation")
    assert (gone["active"], gone["roles"], gone["can"]) == (False, [], ["erase", "reactivate"])
    await speak("Dan").refused("GET", "/me", 401)
    await speak("Max").refused("GET", path, 404, "employees.not-found")
    async with database.reader() as session:
        holders = set(await session.scalars(select(col(Idea.holder_id)).where(col(Idea.id).in_(held))))
    assert holders == {cast["Dora"].id}
    await adam.refused("POST", f"{path}/deactivation", 409, "employees.not-active")
    await adam.refused("POST", f"{path}/roles", 409, "employees.not-active", json={"role": "hr"})
    back = await adam.post(f"{path}/reactivation")
    assert (back["active"], back["roles"]) == (True, [])
    await adam.refused("POST", f"{path}/reactivation", 409, "employees.already-active")
    assert (await speak("Dan").get("/me"))["roles"] == ["employee"]
    for kind in ("employees.deactivated", "employees.reactivated"):
        (event,) = await list_events(database, kind)
        assert (event.subject, event.actor_id) == (dan.id, cast["Adam"].id)


async def test_who_may_not_let_go(speak: Speak, cast: Cast) -> None:
    path = f"/employees/{cast['Max'].id}/deactivation"
    for name in ("Alice", "Ian", "Hana", "Walt"):
        await speak(name).refused("POST", path, 403, "permissions.role-missing")
        await speak(name).refused("POST", f"/employees/{'a' * 24}/deactivation", 404)
    await speak("").refused("POST", path, 401)
    own = f"/employees/{cast['Adam'].id}/deactivation"
    await speak("Adam").refused("POST", own, 409, "employees.own-deactivation")


async def test_roles_are_granted_shown_and_ended(speak: Speak, cast: Cast, database: Database) -> None:
    adam, path = speak("Adam"), f"/employees/{cast['Max'].id}/roles"
    asked = {"role": "correspondent", "function": cast.functions["IT"]}
    granted = await adam.post(path, asked)
    assert granted["function"] == {"id": cast.functions["IT"], "name": "IT"}
    assert granted["source"] == "manual"
    await adam.refused("POST", path, 409, "roles.already-granted", json=asked)
    await adam.post(path, {"role": "correspondent", "function": cast.functions["Finance"]})
    assert "reviews.read" in (await speak("Max").get("/me"))["can"]
    for reader in ("Adam", "Walt"):
        assert granted in (await speak(reader).get(path))["items"]
    await speak("Max").refused("GET", path, 403, "permissions.role-missing")
    answer = await adam.request("DELETE", f"{path}/{granted['id']}")
    assert answer.status_code == 204
    await adam.refused("DELETE", f"{path}/{granted['id']}", 404, "roles.not-found")
    assert len((await adam.get(path))["items"]) == 1
    (event,) = await list_events(database, "roles.ended")
    assert event.payload == {
        "role": "correspondent",
        "employee": cast["Max"].id,
        "function": cast.functions["IT"],
    }
    assert len(await list_events(database, "roles.granted")) == 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"role": "correspondent"}, "roles.scope"),
        ({"role": "correspondent", "entity": "ENTITY"}, "roles.scope"),
        ({"role": "correspondent", "function": "FUNCTION", "campaign": "CAMPAIGN"}, "roles.scope"),
        ({"role": "admin", "function": "FUNCTION"}, "roles.scope"),
        ({"role": "correspondent", "function": "a" * 24}, "ideas.unknown-reference"),
        ({"role": "sponsor", "campaign": "CAMPAIGN?"}, "ideas.unknown-reference"),
        ({"role": "hr", "entity": "nowhere"}, "ideas.unknown-reference"),
        ({"role": "king"}, "requests.invalid"),
        ({"role": "hr", "more": 1}, "requests.invalid"),
        ({"role": "sponsor", "campaign": "CAMPAIGN"}, None),
        ({"role": "hr", "entity": "ENTITY"}, None),
    ],
)
async def test_a_role_has_the_scope_it_may_have(
    speak: Speak, cast: Cast, asked: dict[str, Any], code: str | None
) -> None:
    real = {
        "FUNCTION": cast.functions["IT"],
        "CAMPAIGN": cast.permanent_box,
        "ENTITY": cast["Alice"].entity_id,
    }
    body = {name: real.get(value, value) for name, value in asked.items()}
    path = f"/employees/{cast['Max'].id}/roles"
    if code is None:
        await speak("Adam").post(path, body)
    else:
        await speak("Adam").refused("POST", path, 422, code, json=body)


async def test_who_may_not_grant(speak: Speak, cast: Cast, database: Database) -> None:
    for name in ("Max", "Ian", "Walt", "Hana"):
        path = f"/employees/{cast['Alice'].id}/roles"
        await speak(name).refused("POST", path, 403, "permissions.role-missing", json={"role": "hr"})
        dans = f"/employees/{cast['Dan'].id}/roles/{await find_grant(database, cast['Dan'])}"
        await speak(name).refused("DELETE", dans, 403, "permissions.role-missing")
    own = f"/employees/{cast['Adam'].id}/roles"
    await speak("Adam").refused("POST", own, 403, "roles.own-grant", json={"role": "hr"})
    of_dan = f"/employees/{cast['Max'].id}/roles/{await find_grant(database, cast['Dan'])}"
    await speak("Adam").refused("DELETE", of_dan, 404, "roles.not-found")


async def test_the_last_admin_stays(speak: Speak, cast: Cast, database: Database) -> None:
    own = f"/employees/{cast['Adam'].id}/roles/{await find_grant(database, cast['Adam'])}"
    await speak("Adam").refused("DELETE", own, 409, "roles.last-admin")
    await speak("Adam").post(f"/employees/{cast['Max'].id}/roles", {"role": "admin"})
    assert (await speak("Adam").request("DELETE", own)).status_code == 204
    await speak("Adam").refused("DELETE", own, 403, "permissions.role-missing")


@pytest.mark.parametrize("act", ["demotion", "deactivation"])
async def test_of_two_admins_who_put_each_other_out_one_remains(
    speak: Speak, cast: Cast, database: Database, act: str
) -> None:
    async with database.writer() as session:
        await world.grant(session, cast["Max"], Role.ADMIN)

    async def put_out(name: str, other: str) -> int:
        path = f"/employees/{cast[other].id}"
        if act == "deactivation":
            return (await speak(name).request("POST", f"{path}/deactivation")).status_code
        grant = await find_grant(database, cast[other])
        return (await speak(name).request("DELETE", f"{path}/roles/{grant}")).status_code

    statuses = await asyncio.gather(put_out("Adam", "Max"), put_out("Max", "Adam"))
    assert min(statuses) in (201, 204)
    assert max(statuses) in (401, 403, 409)
    async with database.reader() as reading:
        left = await reading.scalars(
            select(col(Employee.name))
            .join(RoleGrant, col(RoleGrant.employee_id) == col(Employee.id))
            .where(
                col(RoleGrant.role) == "admin",
                col(RoleGrant.ended_at).is_(None),
                col(Employee.active).is_(True),
            )
        )
    assert len(left.all()) == 1


async def test_a_role_that_ends_holds_at_the_next_request(
    app: FastAPI, speak: Speak, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.wiring.authenticator, "_state_seconds", 60)
    await speak("Ian").get("/routing-rules")
    grant = await find_grant(database, cast["Ian"])
    await speak("Adam").request("DELETE", f"/employees/{cast['Ian'].id}/roles/{grant}")
    await speak("Ian").refused("GET", "/routing-rules", 403)
    await speak("Adam").post(f"/employees/{cast['Ian'].id}/deactivation")
    await speak("Ian").refused("GET", "/routing-rules", 401)


async def test_a_role_gives_a_holder_to_an_idea_that_waits(
    speak: Speak, cast: Cast, database: Database
) -> None:
    async with database.writer() as session:
        await session.execute(
            update(RoleGrant).where(col(RoleGrant.role) != "admin").values(ended_at=world.START)
        )
    idea = await speak("Adam").post("/ideas", idea_of(cast))
    assert idea["holder"] is None
    await speak("Adam").post(f"/employees/{cast['Max'].id}/roles", {"role": "innovation_manager"})
    shown = await speak("Adam").get(f"/ideas/{idea['id']}")
    assert shown["holder"]["id"] == cast["Max"].id
