"""Exports over HTTP: who gets them, what is in them, how they are logged, and whose a file is."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import openpyxl
import pytest
from fastapi import FastAPI
from pyarrow import parquet
from sqlalchemy import select, update
from sqlalchemy import text as say
from sqlmodel import col

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.domain.exports import MOST_OF_ONE, What
from app.integrations.spreadsheets import read_cell
from app.models.employees import Employee, Employment
from app.models.entities import Entity
from app.models.events import Event
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from app.models.sessions import SignIn
from app.services import export_files, exports, releases
from tests.support import eureka, world
from tests.support.client import Client, speaking_as
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
ROWS = ("ideas", "itineraries", "benefits")
TEXTS = (
    "=1+1",
    "+33 6",
    "-12",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "'déjà",
    "\uff1d1+1",
    " ;=cmd|' /C calc'!A0",
    "a\nb\r\nc",
    'deux "mots", et ; un \\ reste',
    "<b>&amp; </t> _x0041_ ]]>",
    "\ufeffmarque",
    "œuf 🥚 " + "é" * 200,
)


async def fetch(client: Client, path: str, **kwargs: Any) -> httpx2.Response:
    answer = await client.request("GET", path, **kwargs)
    assert answer.status_code == 200, answer.text
    return answer


def read_csv(content: bytes) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    return [dict(zip(rows[0], map(read_cell, row), strict=True)) for row in rows[1:]]


def read_xlsx(content: bytes) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Data"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


async def submit(client: Client, cast: Cast, title: str = "Une idée", **values: Any) -> Any:
    body = {"title": title, "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    return await client.post("/ideas", body | values)


async def test_each_export_is_for_its_role(cast: Cast, speak: Speak) -> None:
    for name in cast.people:
        for what in ("engagement", *ROWS):
            allowed = {"Hana"} if what == "engagement" else {"Ian", "Irma"}
            if name in allowed:
                await fetch(speak(name), f"/exports/{what}.csv")
            else:
                await speak(name).refused("GET", f"/exports/{what}.csv", 403, "permissions.role-missing")
                order = {"what": what, "format": "csv", "reason": "to look"}
                await speak(name).refused("POST", "/exports", 403, "permissions.role-missing", json=order)
    await speak("").refused("GET", "/exports/ideas.csv", 401)


async def test_texts_come_back_whole_from_each_format(cast: Cast, speak: Speak) -> None:
    for number, text in enumerate(TEXTS):
        await submit(speak("Alice"), cast, f"Texte {number:02}", problem=text, solution="s")
    table = read_csv((await fetch(speak("Ian"), "/exports/ideas.csv")).content)
    assert [row["problem"] for row in table] == list(TEXTS)
    book = await fetch(speak("Ian"), "/exports/ideas.xlsx")
    shown = [row["problem"] for row in read_xlsx(book.content)]
    assert shown == [text.replace("_x0041_", "_x005F_x0041_") for text in TEXTS]
    packed = parquet.read_table(io.BytesIO((await fetch(speak("Ian"), "/exports/ideas.parquet")).content))
    assert packed.column("problem").to_pylist() == list(TEXTS)


async def test_csv_is_as_the_standard_has_it(cast: Cast, speak: Speak) -> None:
    await submit(speak("Alice"), cast, problem="=1\na")
    answer = await fetch(speak("Ian"), "/exports/ideas.csv")
    assert answer.content.count(b"\r\n") == 2
    assert answer.content.endswith(b"\r\n")
    assert b'"\'=1\na"' in answer.content
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="ideabox-ideas-')


async def test_ideas_are_those_of_the_feed(cast: Cast, speak: Speak) -> None:
    named = await submit(speak("Alice"), cast, "Named", function=cast.functions["Finance"], tags=["b", "a"])
    hidden = await submit(speak("Pete"), cast, "Anonymous", anonymous=True)
    await submit(speak("Alice"), cast, "Draft", draft=True)
    await submit(speak("Ian"), cast, "Own draft", draft=True)
    gone = await submit(speak("Max"), cast, "Withdrawn")
    await speak("Max").post(f"/ideas/{gone['id']}/withdrawal", {})
    await speak("Max").put(f"/ideas/{named['id']}/vote")
    feed = await speak("Ian").get("/ideas")
    rows = read_csv((await fetch(speak("Ian"), "/exports/ideas.csv")).content)
    assert {row["id"] for row in rows} == {item["id"] for item in feed["items"]}
    for row in rows:
        detail = await speak("Ian").get(f"/ideas/{row['id']}")
        for name in ("title", "stage", "problem", "solution", "benefit", "created_at", "updated_at"):
            assert row[name] == detail[name], name
        for name in ("clarification", "on_hold", "votes_hidden", "anonymous"):
            assert row[name] == str(detail[name]).lower(), name
        for name in ("votes", "comments", "version"):
            assert row[name] == str(detail[name]), name
        for name in ("author", "theme", "function", "campaign", "holder"):
            assert row[name] == (detail[name]["name"] if detail[name] else ""), name
        assert row["authors"] == "; ".join(author["name"] for author in detail["authors"])
        assert row["tags"] == "; ".join(detail["tags"])
        waiting = detail["waiting"]
        assert row["waiting_since"] == (waiting["since"] if waiting else "")
    unnamed = next(row for row in rows if row["id"] == hidden["id"])
    assert (unnamed["author"], unnamed["author_id"], unnamed["authors"]) == ("", "", "")


async def test_itineraries_and_benefits_are_as_everybody_reads_them(
    cast: Cast, speak: Speak, database: Database
) -> None:
    ideas = [
        await submit(speak("Alice"), cast, "Named", function=cast.functions["Finance"]),
        await submit(speak("Pete"), cast, "Anonymous", anonymous=True, function=cast.functions["Finance"]),
    ]
    for idea in ideas:
        holder = next(name for name in cast.people if cast[name].id == idea["holder"]["id"])
        await speak(holder).post(f"/ideas/{idea['id']}/decisions", {"action": "acknowledge"})
    rows = read_csv((await fetch(speak("Ian"), "/exports/itineraries.csv")).content)
    for idea in ideas:
        steps = (await speak("Ian").get(f"/ideas/{idea['id']}/itinerary"))["items"]
        mine = [row for row in rows if row["idea_id"] == idea["id"]]
        assert len(mine) == len(steps) == 2
        for row, step in zip(mine, steps, strict=True):
            for name in ("act", "at", "from_stage", "to_stage", "hash"):
                assert row[name] == step[name]
            assert row["actor"] == (step["actor"]["name"] if step["actor"] else "")
            assert row["holder"] == (step["holder"]["name"] if step["holder"] else "")
    assert "Pete" not in (await fetch(speak("Ian"), "/exports/itineraries.csv")).text
    assert read_csv((await fetch(speak("Ian"), "/exports/benefits.csv")).content) == []


async def test_every_export_stands_in_the_log(cast: Cast, speak: Speak, database: Database) -> None:
    await submit(speak("Alice"), cast)
    answer = await fetch(speak("Ian"), "/exports/ideas.csv?stage=submitted&reason=for+the+board")
    await fetch(speak("Hana"), "/exports/engagement.xlsx")
    for name in ("Walt", "Adam"):
        figures, ideas = (await speak(name).get("/exports/log"))["items"]
        assert figures["what"] == "engagement"
        assert ideas["employee"] == {"id": cast["Ian"].id, "name": "Ian"}
        assert (ideas["reason"], ideas["filters"]) == ("for the board", {"stage": "submitted"})
        assert (ideas["state"], ideas["rows"], ideas["size"]) == ("sent", 1, len(answer.content))
        assert ideas["checksum"] == hashlib.sha256(answer.content).hexdigest()
    for name in ("Hana", "Ian", "Mia", "Max"):
        await speak(name).refused("GET", "/exports/log", 403)
    page = await speak("Walt").get("/exports/log?limit=1")
    rest = await speak("Walt").get(f"/exports/log?limit=1&cursor={page['next_cursor']}")
    assert [item["what"] for item in rest["items"]] == ["ideas"]
    async with database.reader() as session:
        made = await session.scalars(select(Event).where(col(Event.kind) == "exports.made"))
        facts = next(event.payload for event in made if event.payload["what"] == "ideas")
    assert (facts["rows"], facts["checksum"]) == (1, hashlib.sha256(answer.content).hexdigest())
    assert "for the board" not in str(facts)


async def order(speak: Speak, name: str = "Ian", **values: Any) -> Any:
    asked = {"what": "ideas", "format": "csv", "reason": "for the board"} | values
    return await speak(name).post("/exports", asked)


async def test_a_large_one_is_made_beside_and_opened_by_its_owner_alone(
    cast: Cast, speak: Speak, database: Database, settings: Settings
) -> None:
    await submit(speak("Alice"), cast)
    ordered = await order(speak)
    assert (ordered["state"], ordered["link"], ordered["can"]) == ("waiting", None, [])
    assert await export_files.make_due(database, settings.data_dir, now=clock.now()) == 1
    assert await export_files.make_due(database, settings.data_dir, now=clock.now()) == 0
    ready = await speak("Ian").get(f"/exports/{ordered['id']}")
    assert (ready["state"], ready["rows"], ready["can"]) == ("ready", 1, ["download"])
    link = ready["link"]["url"].removeprefix("/api/v1")
    file = await fetch(speak("Ian"), link)
    assert hashlib.sha256(file.content).hexdigest() == ready["checksum"]
    assert len(read_csv(file.content)) == 1
    for name in ("Irma", "Hana", "Adam", "Max"):
        await speak(name).refused("GET", link, 404, "exports.not-found")
        await speak(name).refused("GET", f"/exports/{ordered['id']}", 404, "exports.not-found")
    await speak("").refused("GET", link, 401)
    ticket = parse_qs(urlsplit(link).query)["ticket"][0]
    until, _, seal = ticket.partition(".")
    for wrong in (f"{int(until) + 60}.{seal}", f"{until}.{seal[:-1]}x", "x", f"{until}.", f"9{until}.{seal}"):
        path = f"/exports/{ordered['id']}/file?ticket={wrong}"
        await speak("Ian").refused("GET", path, 403, "exports.link-expired")
    other = await order(speak)
    assert await export_files.make_due(database, settings.data_dir, now=clock.now()) == 1
    await speak("Ian").refused("GET", f"/exports/{other['id']}/file?ticket={ticket}", 403)


async def test_a_link_ends_with_its_time_and_with_the_role(
    app: FastAPI,
    cast: Cast,
    speak: Speak,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ordered = await order(speak)
    await export_files.make_due(database, settings.data_dir, now=clock.now())
    link = (await speak("Ian").get(f"/exports/{ordered['id']}"))["link"]["url"].removeprefix("/api/v1")
    await fetch(speak("Ian"), link)
    with monkeypatch.context() as patch:
        later = clock.now() + timedelta(minutes=5, seconds=1)
        patch.setattr(clock, "now", lambda: later)
        async with speaking_as(app, cast["Ian"]) as client:
            await client.refused("GET", link, 403, "exports.link-expired")
    async with database.writer() as session:
        lost = update(RoleGrant).where(col(RoleGrant.employee_id) == cast["Ian"].id)
        await session.execute(lost.values(ended_at=clock.now()))
    await speak("Ian").refused("GET", link, 403, "permissions.role-missing")


async def test_files_go_after_their_time_and_the_log_stays(
    cast: Cast, speak: Speak, database: Database, settings: Settings
) -> None:
    ordered = await order(speak, format="xlsx")
    await export_files.make_due(database, settings.data_dir, now=clock.now())
    file = export_files.find_file(settings.data_dir, ordered["id"], "xlsx")
    stray = file.with_name("aaaaaaaaaaaaaaaaaaaaaaaa.1.part")
    stray.write_bytes(b"half")
    await export_files.forget_old(database, settings.data_dir, now=clock.now())
    assert file.is_file()
    assert not stray.exists()
    link = (await speak("Ian").get(f"/exports/{ordered['id']}"))["link"]["url"].removeprefix("/api/v1")
    await export_files.forget_old(database, settings.data_dir, now=clock.now() + timedelta(days=7, minutes=1))
    assert not file.exists()
    assert (await speak("Ian").get(f"/exports/{ordered['id']}"))["state"] == "gone"
    await speak("Ian").refused("GET", link, 409, "exports.not-ready")
    assert len((await speak("Walt").get("/exports/log"))["items"]) == 1


async def test_what_its_maker_left_is_taken_up_again_and_given_up_in_the_end(
    cast: Cast, speak: Speak, database: Database, settings: Settings
) -> None:
    from_now = clock.now()
    ordered = await order(speak)
    for attempt in range(1, 4):
        async with database.writer() as session:
            taken = await exports.take_next(session, now=from_now)
            assert taken is not None
            assert (taken.id, taken.attempts) == (ordered["id"], attempt)
        await export_files.forget_old(database, settings.data_dir, now=from_now + timedelta(seconds=59))
        assert (await speak("Ian").get(f"/exports/{ordered['id']}"))["state"] == "running"
        await export_files.forget_old(database, settings.data_dir, now=from_now + timedelta(seconds=61))
    assert (await speak("Ian").get(f"/exports/{ordered['id']}"))["state"] == "failed"


async def test_so_many_at_a_time(cast: Cast, speak: Speak) -> None:
    for _ in range(MOST_OF_ONE):
        await order(speak)
    answer = await speak("Ian").request("GET", "/exports/ideas.csv")
    assert (answer.status_code, answer.json()["code"]) == (429, "exports.too-many")
    assert int(answer.headers["retry-after"]) > 0
    asked = {"what": "ideas", "format": "csv", "reason": "for the board"}
    await speak("Ian").refused("POST", "/exports", 429, "exports.too-many", json=asked)
    await fetch(speak("Irma"), "/exports/ideas.csv")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"what": "people"}, "/what"),
        ({"format": "pdf"}, "/format"),
        ({"reason": " "}, "/reason"),
        ({"filters": {"as_of": "2026-01-01"}}, "/filters/as_of"),
        ({"filters": {"q": "x"}}, "/filters/q"),
        ({"filters": {"from": "yesterday"}}, "/filters/from"),
    ],
)
async def test_a_bad_order_is_named(body: dict[str, Any], pointer: str, cast: Cast, speak: Speak) -> None:
    asked = {"what": "ideas", "format": "csv", "reason": "for the board"} | body
    problem = await speak("Ian").refused("POST", "/exports", 422, json=asked)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert (await speak("Walt").get("/exports/log"))["items"] == []


async def test_who_leaves_early_is_in_the_log(
    app: FastAPI, cast: Cast, speak: Speak, database: Database
) -> None:
    await submit(speak("Alice"), cast)
    async with database.writer() as session:
        actor = await cast.actor(session, "Ian")
    begun = await export_files.stream(
        database,
        actor,
        what=What.IDEAS,
        file_format="csv",
        filters={},
        reason="",
        now=clock.now(),
    )
    reading = begun.read()
    assert await anext(reading)
    await reading.aclose()
    logged = (await speak("Walt").get("/exports/log"))["items"][0]
    assert (logged["id"], logged["state"]) == (begun.export_id, "cut")


async def test_a_workbook_says_what_it_is(cast: Cast, speak: Speak) -> None:
    await submit(speak("Alice"), cast)
    content = (await fetch(speak("Hana"), "/exports/engagement.xlsx")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Definitions", "Charts", "Data"]
    told = {row[0]: row[1] for row in book["Definitions"].iter_rows(values_only=True) if row[0]}
    assert told["export"] == "engagement"
    assert told["filters"] == "none"
    assert told["rows"] == str(book["Data"].max_row - 1)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        sheet = archive.read("xl/worksheets/sheet3.xml")
    assert len(charts) == 2
    rows = sheet[sheet.index(b"</row>") + 6 : sheet.index(b"</sheetData>")]
    assert told["SHA-256 of the rows"] == hashlib.sha256(rows).hexdigest()
    definitions = await speak("Max").get("/exports/engagement/definitions")
    assert [column["name"] for column in definitions["columns"]] == list(read_xlsx(content)[0])


async def test_no_person_is_in_what_hr_gets(cast: Cast, speak: Speak) -> None:
    await submit(speak("Alice"), cast)
    for file_format in ("csv", "parquet"):
        content = (await fetch(speak("Hana"), f"/exports/engagement.{file_format}")).content
        for person in cast.people.values():
            for secret in (person.id, person.email or "", f'"{person.name}"'):
                assert secret.encode() not in content


async def test_figures_are_those_that_the_api_tells(database: Database, cast: Cast, speak: Speak) -> None:
    for name in ("Alice", "Bob", "Max", "Pete", "Olga", "Carol"):
        await submit(speak(name), cast, anonymous=name in {"Bob", "Max"})
    async with database.writer() as session:
        hired = [await world.make_employee(session, entity=f"Parts/{number % 2}") for number in range(60)]
        session.add_all(SignIn(employee_id=person.id, at=START) for person in hired[:24])
    await releases.keep_due(database, now=clock.now())
    rows = read_csv((await fetch(speak("Hana"), "/exports/engagement.csv")).content)
    people = [row for row in rows if row["unit"] == "people"]
    assert people
    assert any(
        row["entity_id"] and row["measure"] == "connected" and row["shown"] == "true" for row in people
    )
    months = sorted({row["month"] for row in people})[-3:]
    for row in people:
        if row["month"] not in months:
            continue
        query = f"as_of={row['as_of']}"
        if row["entity_id"]:
            query += f"&entity={row['entity_id']}"
        if row["month"] != "total":
            query += f"&from={row['month']}-01&to={row['as_of']}"
        told = await speak("Hana").get(f"/stats/participation?{query}")
        shown = told["headcount"] if row["measure"] == "headcount" else told[row["measure"]]["people"]
        assert row["value"] == ("" if shown is None else str(shown)), row
        assert row["shown"] == str(shown is not None).lower()


async def test_eureka_comes_out_to_the_unit_and_stays(
    database: Database, cast: Cast, speak: Speak, app: FastAPI
) -> None:
    """People of the cast are no employees here: the headcount is Eurêka's alone."""
    async with database.writer() as session:
        await session.execute(update(Employee).values(kind="operator"))
        people = await eureka.found(session)
        if database.engine == "postgresql":
            # As its server does by itself after so many rows.
            await session.execute(say("ANALYZE"))
    day = (eureka.ACTIVE + timedelta(days=30)).date()
    path = f"/exports/engagement.csv?as_of={day}"
    before = await fetch(speak("Hana"), path)
    assert read_table(read_csv(before.content)) == EUREKA
    book = await fetch(speak("Hana"), path.replace(".csv", ".xlsx"))
    assert read_table([{k: str(v) for k, v in row.items()} for row in read_xlsx(book.content)]) == EUREKA
    await reorganise(database, people)
    after = await fetch(speak("Hana"), path)
    assert read_table(read_csv(after.content)) == EUREKA
    whole = [row for row in read_csv(before.content) if not row["entity_id"]]
    assert [row for row in read_csv(after.content) if not row["entity_id"]] == whole


EUREKA = {
    **eureka.PEOPLE,
    "ideas": eureka.IDEAS,
    "with_potential": eureka.WITH_POTENTIAL,
    **{f"stage_{stage}": number for stage, number in eureka.LIFE.items()},
}


def read_table(rows: list[dict[str, str]]) -> dict[str, int]:
    total = {
        row["measure"]: int(row["value"])
        for row in rows
        if row["month"] == "total" and row["entity"] == "(whole company)"
    }
    return {name: total[name] for name in EUREKA}


async def reorganise(database: Database, people: list[str]) -> None:
    """Move a third, let a third go and take every trace of a name from them; ideas move on."""
    now = clock.now()
    async with database.writer() as session:
        units = list(await session.scalars(select(col(Entity.id)).order_by(col(Entity.path))))
        new = Entity(name="Solocal", path="Solocal", created_at=now)
        session.add(new)
        await session.flush()
        moved, gone = people[: len(people) // 3], people[-len(people) // 3 :]
        for start in range(0, len(moved), 500):
            some = moved[start : start + 500]
            ended = update(Employment).where(col(Employment.employee_id).in_(some))
            await session.execute(ended.values(ended_at=now))
            session.add_all(Employment(employee_id=each, entity_id=new.id, started_at=now) for each in some)
            await session.flush()
        for start in range(0, len(gone), 500):
            some = gone[start : start + 500]
            ended = update(Employment).where(col(Employment.employee_id).in_(some))
            await session.execute(ended.values(ended_at=now))
            erased = {"name": "", "folded_name": "", "email": None, "external_id": None, "active": False}
            await session.execute(update(Employee).where(col(Employee.id).in_(some)).values(**erased))
        await session.execute(update(Entity).where(col(Entity.id) == units[-1]).values(parent_id=new.id))
        await session.execute(
            update(Idea)
            .where(col(Idea.stage) == "evaluation")
            .values(stage="declined", declined_at="evaluation")
        )
