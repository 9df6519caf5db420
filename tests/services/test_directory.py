"""Importing employees on a real database: what is written, what is not, and who holds which idea then."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.domain.errors import FieldProblem, Refusal
from app.domain.pipeline import OPEN_STAGES
from app.integrations.encodings import UnreadableFile
from app.models import metadata
from app.models.employees import Employee, Employment, Management
from app.models.entities import Entity
from app.models.events import Event
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from app.models.sessions import Session
from app.models.themes import Theme
from app.queries import actors
from app.schemas.decisions import Decide
from app.schemas.ideas import SubmitIdea
from app.services import decisions, directory, directory_changes, ideas, links, sessions
from app.services.directory import Outcome
from tests.services.test_links import find
from tests.support.files import Row, list_rows, make_row, write_csv
from tests.support.world import START, Cast

LATER = START + timedelta(days=30)
COMPANY = [
    make_row("B", entity="Company", roles="admin"),
    make_row("M", "B", entity="Company/Sales"),
    make_row("A", "M", entity="Company/Sales/Lyon", name="Zoé d'Œuvre"),
    make_row("F", "B", entity="Company/Finance", functions="Finance;Law", roles="correspondent;hr"),
    make_row("X", entity="Company/Sales", active="no"),
]


async def run(
    database: Database,
    rows: Iterable[Row],
    *,
    now: datetime = START,
    dry_run: bool = False,
    skip_bad: bool = False,
    full: bool = False,
) -> Outcome:
    content = write_csv(rows)
    return await directory.import_file(
        database, content, dry_run=dry_run, skip_bad=skip_bad, full=full, actor_id=None, now=now
    )


async def count_rows(database: Database) -> dict[str, int]:
    async with database.reader() as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


async def take(database: Database, statement: Any) -> list[Any]:
    async with database.reader() as session:
        return [tuple(row) for row in await session.execute(statement)]


async def find_person(database: Database, external_id: str) -> Employee:
    async with database.reader() as session:
        found = await session.scalar(select(Employee).where(col(Employee.external_id) == external_id))
    assert found is not None
    return found


async def list_stretches(database: Database, external_id: str) -> list[tuple[str, datetime, datetime | None]]:
    """Where a person counted in the headcount, and when."""
    return await take(
        database,
        select(col(Entity.path), col(Employment.started_at), col(Employment.ended_at))
        .join(Employment, col(Employment.entity_id) == col(Entity.id))
        .join(Employee, col(Employee.id) == col(Employment.employee_id))
        .where(col(Employee.external_id) == external_id)
        .order_by(col(Employment.started_at)),
    )


async def list_managers(database: Database, external_id: str) -> list[tuple[str | None, bool]]:
    """Who managed a person, the first one first, and whether it has ended."""
    person = await find_person(database, external_id)
    found = await take(
        database,
        select(col(Employee.external_id), col(Management.ended_at))
        .select_from(Management)
        .outerjoin(Employee, col(Employee.id) == col(Management.manager_id))
        .where(col(Management.employee_id) == person.id)
        .order_by(col(Management.started_at)),
    )
    return [(manager, ended is not None) for manager, ended in found]


async def list_grants(database: Database, person: Employee) -> set[tuple[str, str | None, str]]:
    """The roles that a person holds now: role, function, source."""
    return set(
        await take(
            database,
            select(col(RoleGrant.role), col(Function.name), col(RoleGrant.source))
            .outerjoin(Function, col(Function.id) == col(RoleGrant.function_id))
            .where(col(RoleGrant.employee_id) == person.id, col(RoleGrant.ended_at).is_(None)),
        )
    )


async def submit(database: Database, author: Employee, function: str, *, now: datetime = START) -> str:
    async with database.writer() as session:
        return await submit_in(session, author, function, now=now)


async def submit_in(session: WriteSession, author: Employee, function: str, *, now: datetime = START) -> str:
    actor = await actors.find_actor(session, author.id, session_id=None, now=START)
    assert actor is not None
    theme = await session.scalar(select(col(Theme.id)).limit(1))
    values = SubmitIdea(title="An idea", problem="p", solution="s", theme=theme or "", function=function)
    return (await ideas.create(session, actor, values, now=now)).id


async def find_holder(database: Database, idea_id: str) -> str | None:
    async with database.reader() as session:
        return await session.scalar(select(col(Idea.holder_id)).where(col(Idea.id) == idea_id))


async def test_a_company_comes_in_whole(database: Database) -> None:
    outcome = await run(database, COMPANY)
    assert outcome.accepted
    assert outcome.count() == {
        "created": 5,
        "updated": 0,
        "deactivated": 0,
        "reactivated": 0,
        "unchanged": 0,
        "entities": 4,
        "functions": 2,
        "roles_granted": 4,
        "roles_ended": 0,
        "managers_changed": 5,
        "ideas_rerouted": 0,
    }
    above = dict(await take(database, select(col(Entity.path), col(Entity.parent_id))))
    assert sorted(above) == ["Company", "Company/Finance", "Company/Sales", "Company/Sales/Lyon"]
    assert [path for path, parent in above.items() if parent is None] == ["Company"]
    person = await find_person(database, "A")
    assert (person.name, person.folded_name, person.kind) == ("Zoé d'Œuvre", " zoe d oeuvre", "employee")
    assert await list_stretches(database, "A") == [("Company/Sales/Lyon", START, None)]
    assert await list_stretches(database, "X") == []
    assert await list_managers(database, "A") == [("M", False)]
    assert await list_managers(database, "B") == [(None, False)]
    assert await list_grants(database, await find_person(database, "F")) == {
        ("correspondent", "Finance", "directory"),
        ("correspondent", "Law", "directory"),
        ("hr", None, "directory"),
    }
    happened = await take(database, select(col(Event.kind), col(Event.subject), col(Event.payload)))
    assert happened == [("directory.imported", "installation", outcome.count())]


async def test_the_same_file_again_writes_nothing(database: Database) -> None:
    await run(database, COMPANY)
    before = await count_rows(database)
    again = await run(database, COMPANY, now=LATER, full=True)
    assert (again.accepted, again.unchanged) == (True, len(COMPANY))
    assert {name for name, number in again.count().items() if number} == {"unchanged"}
    assert await count_rows(database) == before


async def test_a_dry_run_counts_and_writes_nothing(database: Database) -> None:
    before = await count_rows(database)
    would = await run(database, COMPANY, dry_run=True)
    assert await count_rows(database) == before
    did = await run(database, COMPANY)
    assert would.dry_run
    assert would.count() == {name: number for name, number in did.count().items() if name != "ideas_rerouted"}
    assert would.describe()[-1] == "A dry run: nothing was written."


async def test_one_bad_row_stops_everything_and_is_named(database: Database) -> None:
    before = await count_rows(database)
    rows = [*COMPANY, make_row("C", email="nobody"), make_row("D", "nobody")]
    outcome = await run(database, rows)
    assert not outcome.accepted
    assert [(bad.line, bad.column) for bad in outcome.bad_rows] == [(7, "email"), (8, "manager_external_id")]
    assert outcome.created == 0
    assert await count_rows(database) == before
    assert outcome.describe()[0].startswith("line 7, email: ")
    with pytest.raises(directory.BadRows) as refused:
        directory.check_accepted(outcome)
    assert refused.value.errors[0] == FieldProblem("/lines/7/email", outcome.bad_rows[0].detail)
    assert (await run(database, rows, skip_bad=True)).created == 5


async def test_a_file_without_an_admin_is_not_accepted_even_when_bad_rows_are_skipped(
    database: Database,
) -> None:
    await run(database, COMPANY)
    outcome = await run(database, [make_row("B", roles="hr")], skip_bad=True)
    assert not outcome.accepted
    assert [bad.code for bad in outcome.bad_rows] == ["directory.no-admin-left"]


async def test_a_file_that_is_no_table_is_refused(database: Database) -> None:
    with pytest.raises(UnreadableFile) as refused:
        await directory.import_file(
            database, b"a,b\n", dry_run=False, skip_bad=True, full=False, actor_id=None, now=START
        )
    assert refused.value.errors[0].pointer == "/lines/1"


async def test_moves_are_dated_and_addresses_can_be_exchanged(database: Database) -> None:
    await run(database, COMPANY)
    outcome = await run(
        database,
        [
            make_row("A", "F", entity="Company/Finance", email="m@company.example", name="Zoé"),
            make_row("M", "B", entity="Company/Sales", email="a@company.example"),
            make_row("N", "B", email="m2@company.example"),
        ],
        now=LATER,
    )
    assert (outcome.created, outcome.updated, outcome.managers_changed) == (1, 2, 2)
    assert (await find_person(database, "A")).email == "m@company.example"
    assert (await find_person(database, "M")).email == "a@company.example"
    assert (await find_person(database, "A")).folded_name == " zoe"
    assert await list_stretches(database, "A") == [
        ("Company/Sales/Lyon", START, LATER),
        ("Company/Finance", LATER, None),
    ]
    assert await list_stretches(database, "M") == [("Company/Sales", START, None)]
    assert await list_managers(database, "A") == [("M", True), ("F", False)]


async def test_people_come_and_go_and_take_their_headcount_with_them(database: Database) -> None:
    await run(database, COMPANY)
    gone = LATER + timedelta(days=1)
    await run(database, [make_row("X", entity="Company/Law", active="no")], now=LATER)
    assert await list_stretches(database, "X") == []
    await run(database, [make_row("X", entity="Company/Finance")], now=LATER)
    assert await list_stretches(database, "X") == [("Company/Finance", LATER, None)]
    outcome = await run(database, [make_row("X", entity="Company/Sales", active="no")], now=gone)
    assert (outcome.updated, outcome.deactivated) == (1, 1)
    assert await list_stretches(database, "X") == [("Company/Finance", LATER, gone)]
    person = await find_person(database, "X")
    assert (person.active, person.deactivated_at) == (False, gone)


async def test_whoever_is_missing_from_a_full_file_leaves_with_every_role_and_sign_in(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast["Alice"], cast.functions["Finance"])
    holder = await find_holder(database, idea_id)
    dan = next(person for person in (cast["Dan"], cast["Dora"]) if person.id == holder)
    own = await submit(database, dan, cast.functions["IT"])
    async with database.writer() as session:
        opened = await sessions.open(session, dan, client="", now=START)
        secret = await links.issue(session, dan, "invitation", now=START)
    rows = await list_rows(database)
    del rows[dan.external_id or ""]
    outcome = await run(database, rows.values(), full=True, now=LATER)
    assert (outcome.deactivated, outcome.roles_ended, outcome.ideas_rerouted) == (1, 1, 1)
    assert not (await find_person(database, dan.external_id or "")).active
    assert await list_grants(database, dan) == set()
    assert await list_managers(database, dan.external_id or "") == [(cast["Boss"].external_id, False)]
    assert await list_stretches(database, dan.external_id or "") == [
        (f"Company/Finance/{'Paris' if dan is cast['Dan'] else 'Lille'}", START, LATER)
    ]
    ended = await take(database, select(col(Session.revoked_at)).where(col(Session.id) == opened.session_id))
    assert ended == [(LATER,)]
    assert await find(database, secret) is None
    assert await find_holder(database, idea_id) not in (None, dan.id)
    assert await find_holder(database, own) is not None
    left = await take(database, select(col(Event.subject)).where(col(Event.kind) == "employees.deactivated"))
    assert left == [(dan.id,)]


async def test_a_role_granted_by_hand_is_not_the_files_business(database: Database, cast: Cast) -> None:
    rows = await list_rows(database)
    dan = rows[cast["Dan"].external_id or ""]
    await run(database, [{**dan, "functions": "IT", "roles": "hr"}])
    by_hand = ("correspondent", "Finance", "manual")
    given = {("correspondent", "IT", "directory"), ("hr", None, "directory")}
    assert await list_grants(database, cast["Dan"]) == {by_hand} | given
    outcome = await run(database, [{**dan, "functions": "", "roles": ""}])
    assert outcome.roles_ended == 2
    assert await list_grants(database, cast["Dan"]) == {by_hand}


async def test_an_author_of_imported_ideas_is_not_in_the_directory(database: Database) -> None:
    async with database.writer() as session:
        session.add(
            Employee(
                external_id="import:box:Ana", name="Ana", kind="placeholder", active=False, created_at=START
            )
        )
    await run(database, COMPANY)
    outcome = await run(
        database, [make_row("import:box:Ana", email="ana@x.fr"), make_row("Y", "import:box:Ana")]
    )
    assert [bad.code for bad in outcome.bad_rows] == [
        "directory.reserved-external-id",
        "directory.unknown-manager",
    ]
    assert (await run(database, COMPANY, full=True)).deactivated == 0


async def test_the_number_of_statements_does_not_grow_with_the_file(database: Database) -> None:
    engine = database.write_engine.sync_engine
    counts: list[int] = []

    def note(*_: Any) -> None:
        counts[-1] += 1

    event.listen(engine, "before_cursor_execute", note)
    for size in (20, 400):
        counts.append(0)
        rows = [make_row(f"{size}-{number}", entity=f"Company/{number % 9}") for number in range(size)]
        assert (await run(database, rows)).created == size
        counts.append(0)
        for row in rows:
            row |= {"name": "Renamed", "entity": "Company", "manager_external_id": f"{size}-0", "roles": "hr"}
        rows[0]["manager_external_id"] = ""
        assert (await run(database, rows)).updated == size
    assert max(counts) <= 21
    assert counts[2] <= counts[0]
    assert counts[3] <= counts[1]


async def make_dan_the_boss_of_alice(database: Database, cast: Cast, name: str) -> list[Row]:
    rows = await list_rows(database)
    row = rows[cast["Bob"].external_id or ""]
    return [{**row, "manager_external_id": cast[name].external_id or ""}]


async def test_a_holder_who_comes_into_the_line_loses_the_idea_with_the_import(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast["Alice"], cast.functions["Finance"])
    holder = await find_holder(database, idea_id)
    name = "Dan" if holder == cast["Dan"].id else "Dora"
    outcome = await run(database, await make_dan_the_boss_of_alice(database, cast, name))
    assert outcome.ideas_rerouted == 1
    assert await find_holder(database, idea_id) == cast["Dora" if name == "Dan" else "Dan"].id


async def test_an_import_that_fails_moves_no_idea(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea_id = await submit(database, cast["Alice"], cast.functions["Finance"])
    holder = await find_holder(database, idea_id)
    name = "Dan" if holder == cast["Dan"].id else "Dora"
    before = await count_rows(database)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.services.directory.events.record", fail)
    with pytest.raises(RuntimeError):
        await run(database, await make_dan_the_boss_of_alice(database, cast, name))
    assert await find_holder(database, idea_id) == holder
    assert await count_rows(database) == before


@pytest.mark.parametrize("first", ["submission", "import"])
async def test_an_idea_submitted_during_an_import_never_goes_to_the_new_line(
    database: Database, cast: Cast, first: str
) -> None:
    """Whichever comes first holds the organisation until it is committed; the other one sees the outcome."""
    taken = await submit(database, cast["Pete"], cast.functions["Finance"])
    dora = await find_holder(database, taken)
    name = "Dan" if dora == cast["Dora"].id else "Dora"  # the lighter load, who would get the next idea
    content = write_csv(await make_dan_the_boss_of_alice(database, cast, name))

    async def import_in(session: WriteSession) -> None:
        rows = await directory.read(content)
        await directory.import_rows(session, rows, skip_bad=False, full=False, actor_id=None, now=START)

    async def submit_now(session: WriteSession) -> None:
        await submit_in(session, cast["Alice"], cast.functions["Finance"])

    acts = [submit_now, import_in] if first == "submission" else [import_in, submit_now]

    async def do_second() -> None:
        async with database.writer() as session:
            await acts[1](session)

    async with database.writer() as session:
        await acts[0](session)
        second = asyncio.create_task(do_second())
        await asyncio.wait({second}, timeout=0.2)
    await second
    holders = {holder for (holder,) in await take(database, select(col(Idea.holder_id)))}
    assert cast[name].id not in holders
    assert None not in holders


async def test_two_imports_at_once_are_one_after_the_other(database: Database) -> None:
    outcomes = await asyncio.gather(*(run(database, COMPANY) for _ in range(3)))
    assert sorted(outcome.created for outcome in outcomes) == [0, 0, 5]
    assert sorted(outcome.unchanged for outcome in outcomes) == [0, 5, 5]


async def test_somebody_who_comes_in_beside_the_lock_is_no_crash(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = directory_changes.apply

    async def come_first(session: WriteSession, *args: Any, **kwargs: Any) -> Any:
        session.add(Employee(email="a@company.example", name="Ana", created_at=START))
        return await apply(session, *args, **kwargs)

    monkeypatch.setattr(directory_changes, "apply", come_first)
    with pytest.raises(directory.ChangedMeanwhile):
        await run(database, COMPANY)


# Random organisations

PEOPLE, ROUNDS = 60, 8


def draw_rows(rng: Random) -> dict[str, Row]:
    """A random company without cycles: everybody is managed by somebody before them, or by nobody."""
    rows = {}
    for number in range(PEOPLE):
        manager = f"P{rng.randrange(number)}" if number and rng.random() < 0.95 else ""
        functions = rng.choice(["Finance", "IT", "Law"]) if rng.random() < 0.3 else ""
        roles = rng.choice(["admin", "innovation_manager", "sponsor"]) if rng.random() < 0.1 else ""
        entity = f"Company/{rng.choice('ABCD')}"
        rows[f"P{number}"] = make_row(f"P{number}", manager, entity=entity, functions=functions, roles=roles)
    rows["P0"]["roles"] = "admin"
    return rows


def shuffle_rows(rng: Random, rows: dict[str, Row]) -> None:
    for number in rng.sample(range(1, PEOPLE), 8):
        row = rows[f"P{number}"]
        match rng.randrange(4):
            case 0 | 1:
                row["manager_external_id"] = f"P{rng.randrange(number)}"
            case 2:
                row["functions"] = "" if row["functions"] else rng.choice(["Finance", "IT", "Law"])
            case _:
                row["active"] = "no" if row["active"] == "true" else "true"
    for row in rows.values():
        above = rows.get(row["manager_external_id"])
        if above is not None and above["active"] == "no" and row["active"] == "true":
            row["manager_external_id"] = ""


def list_line(rows: dict[str, Row], author: str) -> set[str]:
    """The author, everybody above and everybody directly below, walked in the file itself."""
    line, here = {author}, rows[author]["manager_external_id"]
    while here:
        line.add(here)
        here = rows[here]["manager_external_id"]
    return line | {key for key, row in rows.items() if row["manager_external_id"] == author}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_in_random_companies_no_import_leaves_an_idea_in_a_line(database: Database, seed: int) -> None:
    rng = Random(seed)
    rows = draw_rows(rng)
    assert (await run(database, rows.values(), full=True)).created == PEOPLE
    people = dict(await take(database, select(col(Employee.id), col(Employee.external_id))))
    functions = [key for (key,) in await take(database, select(col(Function.id)))]
    authors: dict[str, str] = {}
    moved = 0
    for step in range(ROUNDS):
        now = START + timedelta(hours=step)
        for external_id in rng.sample([key for key, row in rows.items() if row["active"] == "true"], 5):
            person = await find_person(database, external_id)
            authors[await submit(database, person, rng.choice(functions), now=now)] = external_id
        for idea_id in rng.sample(sorted(authors), min(5, len(authors))):
            await forward(database, idea_id, rng.choice(functions), now=now)
        shuffle_rows(rng, rows)
        outcome = await run(database, rows.values(), full=True, now=now)
        assert outcome.accepted, outcome.bad_rows
        moved += outcome.ideas_rerouted or 0
        found = await take(database, select(col(Idea.id), col(Idea.stage), col(Idea.holder_id)))
        for idea_id, stage, holder in found:
            assert stage in OPEN_STAGES
            if holder is not None:
                assert people[holder] not in list_line(rows, authors[idea_id])
                assert rows[people[holder]]["active"] == "true"
        again = await run(database, rows.values(), full=True, now=now)
        assert again.unchanged == PEOPLE
    assert moved > 5, "imports must move ideas for the test to mean something"


async def forward(database: Database, idea_id: str, function_id: str, *, now: datetime) -> None:
    holder = await find_holder(database, idea_id)
    try:
        async with database.writer() as session:
            actor = await actors.find_actor(session, holder or "", session_id=None, now=now)
            if actor is not None:
                values = Decide(action="forward", function=function_id, text="It is a matter of theirs.")
                await decisions.decide(session, actor, idea_id, values, now=now)
    except Refusal:
        return
