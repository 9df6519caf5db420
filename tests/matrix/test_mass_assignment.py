"""Names that a request does not have: every name of the whole schema, in every body and query, changes nothing."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.matrix import requests, stage
from tests.matrix.house import House
from tests.matrix.operations import OPERATIONS, Kind
from tests.matrix.policy import (
    ACTS,
    AUTHORS,
    EMPLOYEE,
    MOVES,
    OTHERS,
    RELATIONS,
    SITUATIONS,
    Act,
    Verdict,
    predict,
)
from tests.matrix.requests import UNKNOWN
from tests.matrix.test_matrix_roles import fill

AT_ONCE = 80
"""Names in one request: a problem document names the first hundred fields."""

HIDDEN = {
    "access_version",
    "appealed_at",
    "author_id",
    "declined_at",
    "employee_id",
    "ended_at",
    "function_id",
    "holder_id",
    "is_admin",
    "kind",
    "origin_id",
    "password_hash",
    "submitted_at",
    "__proto__",
}
"""Names of what is kept, which no schema shows."""

JSON = "application/json"


def list_names(schema: Any) -> Iterator[str]:
    """Return every name of a property, anywhere in a part of the description."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from list_names(part)
    if isinstance(schema, list):
        for part in schema:
            yield from list_names(part)


def write_in_camels(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


def list_foreign(document: dict[str, Any]) -> list[str]:
    names = set(list_names(document["components"]["schemas"])) | HIDDEN
    return sorted(names | {write_in_camels(name) for name in names if not name.startswith("_")})


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the object that a schema stands for, itself where it is none."""
    for choice in (schema, *schema.get("anyOf", [])):
        if "$ref" in choice:
            found: dict[str, Any] = document["components"]["schemas"][choice["$ref"].rsplit("/", 1)[1]]
            return found
    return schema


def list_bodies(document: dict[str, Any], content: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Return the objects in a body: the pointer to each, and the names that it has."""
    shape = resolve(document, content["schema"])
    yield "", set(shape.get("properties", {}))
    for name, part in shape.get("properties", {}).items():
        inner = resolve(document, part)
        if "properties" in inner:
            yield f"/{name}", set(inner["properties"])


def list_own(house: House, operation: str) -> set[str]:
    """Return the names that the body of an operation has."""
    method, path = house.operations[operation]
    content = house.document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    return dict(list_bodies(house.document, content[JSON]))[""] if JSON in content else set()


def split(names: list[str]) -> list[list[str]]:
    return [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]


@cache
def find_success(act: Act) -> tuple[str, Any]:
    """Return somebody without a role, or else the holder, for whom an act succeeds, and where."""
    for relation in (*AUTHORS, *RELATIONS):
        for situation in SITUATIONS:
            if predict(act, EMPLOYEE, relation, situation) is Verdict.DONE:
                return relation, situation
    raise AssertionError(act.name)


async def test_no_body_takes_a_name_that_it_does_not_have(house: House) -> None:
    foreign, asked = list_foreign(house.document), 0
    assert len(foreign) > 150
    for operation, (method, path) in house.operations.items():
        content = house.document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
        if JSON not in content:
            continue
        for pointer, own in list_bodies(house.document, content[JSON]):
            for names in split([name for name in foreign if name not in own]):
                inner: Any = dict.fromkeys(names, "x")
                body = {pointer.removeprefix("/"): inner} if pointer else inner
                answer = await house.call(house.company.people["stranger"], operation, fill(path), json=body)
                assert answer.status_code == 422, f"{operation}: {answer.status_code}"
                named = {error["pointer"] for error in answer.json()["errors"]}
                taken = {name for name in names if f"{pointer}/{name}" not in named}
                assert not taken, f"{operation} {pointer} takes {sorted(taken)}"
                asked += 1
    assert asked > 30


async def test_no_form_takes_a_name_that_it_does_not_have(house: House) -> None:
    for name in list_foreign(house.document):
        form = {"username": "nobody@company.example", "password": "x" * 20}
        if name not in {*form, "grant_type", "device", "scope", "client_id", "client_secret"}:
            answer = await house.call(None, "sign_in", data=form | {name: "x"})
            assert answer.status_code == 422, name
            assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{name}"]


async def test_no_query_takes_a_name_that_it_does_not_have(house: House) -> None:
    foreign = list_foreign(house.document)
    for operation, (method, path) in house.operations.items():
        if path.startswith("/health"):
            continue
        described = house.document["paths"][path][method.lower()].get("parameters", [])
        own = {parameter["name"] for parameter in described if parameter["in"] == "query"}
        for names in split([name for name in foreign if name not in own]):
            answer = await house.call(
                house.company.people["stranger"], operation, fill(path), params=dict.fromkeys(names, "x")
            )
            assert answer.status_code == 422, f"{operation}: {answer.status_code}"
            named = {error["pointer"] for error in answer.json()["errors"]}
            assert named == {f"query/{name}" for name in names}, operation


@pytest.mark.parametrize("act", [*MOVES, *OTHERS], ids=lambda act: act.name)
async def test_an_act_with_a_foreign_name_is_not_made(house: House, act: Act) -> None:
    """Where the body has it, nothing happens; where there is no body, what is sent as one is not looked at."""
    relation, situation = find_success(act)
    await house.wear(EMPLOYEE)
    person, company = house.company.people[relation], house.company
    async with house.database.writer() as session:
        idea = await stage.put(session, company, situation)
        twin = await stage.put(session, company, situation)
        into = await stage.put_elsewhere(session, company)
        said = [await stage.say(session, each, person.id) for each in (idea, twin)]
    asked = requests.write(act, company, unmet=False, into=into.id)
    places = [
        asked.places | {"idea_id": each.id, "comment_id": comment.id}
        for each, comment in zip((idea, twin), said, strict=True)
    ]
    own = list_own(house, act.operation)
    body = (asked.json or {}) | {name: "x" for name in list_foreign(house.document) if name not in own}
    async with house.database.reader() as session:
        before = await stage.photograph(session, idea.id)
    answer = await house.call(person, act.operation, places[0], json=body, headers=asked.headers)
    async with house.database.reader() as session:
        after = await stage.photograph(session, idea.id)
    if asked.json is not None:
        assert answer.status_code == 422
        assert not stage.find_changes(before, after)
    elif answer.status_code != 422:
        plain = await house.call(person, act.operation, places[1], headers=asked.headers)
        assert answer.status_code == plain.status_code
        async with house.database.reader() as session:
            expected = await stage.read_facts(session, twin.id)
            assert await stage.read_facts(session, idea.id) == expected


async def test_unheard_of_columns_of_a_file_are_refused_or_left_alone(house: House) -> None:
    names = sorted(set(HIDDEN) - {"__proto__"})
    await house.wear("admin")
    lines = [
        ",".join(["external_id", "email", "name", "entity", "manager_external_id", *names]),
        ",".join(["E9", "e9@company.example", "E Nine", "Company/Sales", "", *["x" for _ in names]]),
    ]
    async with house.database.reader() as session:
        before = await stage.count_rows(session)
    answer = await house.call(
        house.company.people["stranger"],
        "import_directory",
        content="\n".join(lines).encode(),
        headers={"Content-Type": "text/csv"},
    )
    async with house.database.reader() as session:
        after = await stage.count_rows(session)
    if answer.status_code == 422:
        assert after == before
    else:
        assert {warning["column"] for warning in answer.json()["warnings"]} >= set(names)


def test_the_acts_cover_every_change_of_an_idea() -> None:
    changing = {act.operation for act in ACTS if act.writes}
    reading = {act.operation for act in ACTS if not act.writes}
    assert changing | reading == {name for name, row in OPERATIONS.items() if row.kind is Kind.IDEA}
    assert UNKNOWN not in changing
