"""The import of employees over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import Database
from app.models.employees import Employee
from app.models.events import Event
from tests.support.accounts import give_password, sign_in
from tests.support.client import Client, speaking_as
from tests.support.files import Row, list_rows, make_row, write_csv
from tests.support.world import Cast

Speak = Callable[[str], Client]
CSV = {"content-type": "text/csv"}
ROWS = [
    make_row("B", entity="Company/North", functions="Law", roles="sponsor"),
    make_row("A", "B", entity="Company/North"),
]


async def send(client: Client, rows: list[Row], query: str = "", **headers: str) -> Any:
    answer = await client.request(
        "POST", f"/directory/imports{query}", content=write_csv(rows), headers=CSV | headers
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def count_people(database: Database) -> int:
    async with database.reader() as session:
        return await session.scalar(select(func.count()).select_from(Employee)) or 0


async def test_an_admin_imports_and_the_answer_counts(speak: Speak, cast: Cast, database: Database) -> None:
    said = await send(speak("Adam"), ROWS)
    assert said == {
        "dry_run": False,
        "accepted": True,
        "created": 2,
        "updated": 0,
        "deactivated": 0,
        "reactivated": 0,
        "unchanged": 0,
        "entities": 1,
        "functions": 1,
        "roles_granted": 2,
        "roles_ended": 0,
        "managers_changed": 2,
        "ideas_rerouted": 0,
        "bad_rows": [],
        "warnings": [],
    }
    async with database.reader() as session:
        events = (await session.scalars(select(Event).where(col(Event.kind) == "directory.imported"))).all()
    assert [(event.subject, event.actor_id) for event in events] == [(cast["Adam"].id, cast["Adam"].id)]
    assert (await send(speak("Adam"), ROWS))["unchanged"] == 2


@pytest.mark.parametrize("as_form", [False, True])
async def test_a_form_says_the_same_as_a_plain_body(
    speak: Speak, cast: Cast, database: Database, as_form: bool
) -> None:
    sent: dict[str, Any] = {
        "content": write_csv(ROWS),
        "headers": {"content-type": "application/octet-stream"},
    }
    if as_form:
        sent = {"files": {"file": ("people.csv", write_csv(ROWS), "text/csv")}}
    answer = await speak("Adam").request("POST", "/directory/imports?dry_run=true", **sent)
    assert (answer.status_code, answer.json()["created"]) == (201, 2)


async def test_others_are_refused_before_the_file_is_read(speak: Speak, cast: Cast) -> None:
    for name in ("Alice", "Ian", "Hana", "Mia", "Walt"):
        await speak(name).refused(
            "POST", "/directory/imports", 403, "permissions.role-missing", content=b"rubbish", headers=CSV
        )
    await speak("").refused("POST", "/directory/imports", 401, content=b"rubbish", headers=CSV)


async def test_a_body_that_is_no_file_is_refused(speak: Speak, cast: Cast) -> None:
    adam = speak("Adam")
    path = "/directory/imports"
    await adam.refused("POST", path, 415, "directory.not-a-file", json={})
    await adam.refused("POST", path, 422, "spreadsheets.columns", content=b"", headers=CSV)
    await adam.refused(
        "POST", path, 422, "files.undecodable", content="é,ù,\xff".encode() + b"\xff", headers=CSV
    )
    missing = await adam.refused("POST", path, 422, files={"other": ("a.csv", b"x", "text/csv")})
    assert missing["errors"][0]["pointer"] == "/file"
    broken = {"content-type": "multipart/form-data; boundary=x"}
    await adam.refused("POST", path, 400, content=b"--y\r\n", headers=broken)
    await adam.refused("POST", f"{path}?dry=true", 422, content=b"", headers=CSV)


async def test_bad_rows_are_named_and_nothing_changes(speak: Speak, cast: Cast, database: Database) -> None:
    before = await count_people(database)
    rows = [*ROWS, make_row("C", email="x", active="maybe"), make_row("D")]
    problem = await speak("Adam").refused(
        "POST", "/directory/imports", 422, "directory.bad-rows", content=write_csv(rows), headers=CSV
    )
    assert [error["pointer"] for error in problem["errors"]] == ["/lines/4/active", "/lines/4/email"]
    assert await count_people(database) == before
    would = await send(speak("Adam"), rows, "?dry_run=true")
    assert (would["accepted"], [bad["line"] for bad in would["bad_rows"]]) == (False, [4, 4])
    assert would["bad_rows"][1]["code"] == "directory.bad-email"
    assert await count_people(database) == before
    did = await send(speak("Adam"), rows, "?skip_bad=true")
    assert (did["created"], len(did["bad_rows"])) == (3, 2)


async def test_at_most_a_thousand_bad_rows_are_named(speak: Speak, cast: Cast) -> None:
    rows = [make_row(f"C{number}", email="x") for number in range(1100)]
    problem = await speak("Adam").refused(
        "POST", "/directory/imports", 422, "directory.bad-rows", content=write_csv(rows), headers=CSV
    )
    assert len(problem["errors"]) == 1000


async def test_a_retry_with_the_same_key_gets_the_first_answer(speak: Speak, cast: Cast) -> None:
    first = await send(speak("Adam"), ROWS, **{"idempotency-key": "monday"})
    assert await send(speak("Adam"), ROWS, **{"idempotency-key": "monday"}) == first
    assert (await send(speak("Adam"), ROWS))["created"] == 0


async def test_a_leaver_is_out_at_once(app: FastAPI, speak: Speak, cast: Cast, database: Database) -> None:
    await give_password(app, cast["Max"])
    rows = list((await list_rows(database)).values())
    async with speaking_as(app, None) as client:
        tokens = await sign_in(client, cast["Max"])
        await client.get("/me")
        for row in rows:
            row["active"] = "no" if row["external_id"] == cast["Max"].external_id else "true"
        assert (await send(speak("Adam"), rows))["deactivated"] == 1
        await client.refused("GET", "/me", 401)
        await client.refused("POST", "/auth/refresh", 401, json={"refresh_token": tokens["refresh_token"]})


async def test_what_was_remembered_of_sign_ins_is_forgotten(
    app: FastAPI, speak: Speak, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a memory as long as it may be, roles that a file gives hold at the next request."""
    monkeypatch.setattr(app.state.wiring.authenticator, "_state_seconds", 60)
    assert "admin" not in (await speak("Max").get("/me"))["roles"]
    row = (await list_rows(database))[cast["Max"].external_id or ""]
    await send(speak("Adam"), [{**row, "roles": "admin"}])
    assert "admin" in (await speak("Max").get("/me"))["roles"]
