"""Importing ideas and comments from elsewhere: whole, once, routed by the rules, without points."""

import asyncio
import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from app.core.db import Database
from app.domain import ranking
from app.domain.calendars import WorkingCalendar, add_working_days
from app.domain.import_records import Counts, Outcome
from app.domain.imports import ImportedMeanwhile
from app.domain.roles import Role
from app.jobs import reactions
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee, Employment, Management
from app.models.events import Event
from app.models.ideas import Idea, IdeaTag, Tally
from app.models.itinerary import ItineraryEntry
from app.models.reviews import Review
from app.models.rewards import PointEntry
from app.models.votes import Vote
from app.queries.itinerary import check_chain
from app.services import imports, search
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = '  Un texte\r\navec des lignes,\n\tdes « guillemets » "droits" et une fin\u00a0 \n'
IDEAS = [
    {"id": "1", "author": "contributor-1", "section": "Finance", "title": " Un titre ", "body": TEXT}
    | {"created_at": "2015-09-26T02:27:57+0200", "votes_for": "40", "votes_against": "2", "votes_mixed": "0"},
    {"id": "2", "author": "contributor-2", "section": "Jardin", "title": "Des roses", "body": "Partout"}
    | {"created_at": "2015-10-01T00:00:00Z", "votes_for": "1", "withdrawn": "1"},
    {"id": "3", "author": "contributor-1", "title": "Un autre titre", "body": "Encore"}
    | {"created_at": "2015-10-02T10:00:00"},
]
COMMENTS = [
    {"id": "1", "idea_id": "1", "author": "contributor-2", "side": "for", "body": f"{TEXT}?"}
    | {"created_at": "2015-09-27T00:00:00-0500", "likes": "4"},
    {"id": "2", "idea_id": "1", "author": "contributor-3", "side": "against", "body": "Non"}
    | {"created_at": "2015-09-28T00:00:00Z", "reply_to": "1"},
    {"id": "3", "idea_id": "1", "author": "contributor-3", "body": "Retiré", "withdrawn": "1"}
    | {"created_at": "2015-09-29T00:00:00Z"},
    {"id": "4", "idea_id": "2", "author": "contributor-3", "body": "Dommage"},
]


def write(rows: list[dict[str, str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


async def bring(
    database: Database,
    ideas: list[dict[str, str]] | bytes = IDEAS,
    comments: list[dict[str, str]] | bytes | None = COMMENTS,
    *,
    source: str = "agora",
    dry_run: bool = False,
) -> Outcome:
    return await imports.import_files(
        database,
        ideas if isinstance(ideas, bytes) else write(ideas),
        write(comments) if isinstance(comments, list) else comments,
        source=source,
        dry_run=dry_run,
        now=NOW,
    )


async def count_rows(database: Database) -> Mapping[str, int]:
    async with database.reader() as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in SQLModel.metadata.sorted_tables
        }


async def find_all(database: Database, table: type[Any]) -> dict[str, Any]:
    """Return what came in, by the ids of elsewhere."""
    async with database.reader() as session:
        rows = (await session.scalars(select(table).where(col(table.source).is_not(None)))).all()
    return {row.source_id: row for row in rows}


async def test_everything_comes_in_as_it_was_written(database: Database, cast: Cast) -> None:
    outcome = await bring(database)
    assert (outcome.written, outcome.bad) == (True, ())
    assert (outcome.ideas, outcome.comments) == (Counts(3, 1), Counts(4, 1))
    assert (outcome.matched, outcome.placeholders) == (0, 3)
    ideas, comments = await find_all(database, Idea), await find_all(database, Comment)
    assert (ideas["1"].title.encode(), ideas["1"].problem.encode()) == (b" Un titre ", TEXT.encode())
    assert comments["1"].body.encode() == f"{TEXT}?".encode()
    assert ideas["1"].created_at == ideas["1"].submitted_at == datetime(2015, 9, 26, 0, 27, 57, tzinfo=UTC)
    assert ideas["3"].submitted_at == datetime(2015, 10, 2, 8, 0, tzinfo=UTC)
    assert comments["1"].created_at == datetime(2015, 9, 27, 5, 0, tzinfo=UTC)
    assert (comments["1"].source_side, comments["2"].parent_id) == ("for", comments["1"].id)
    assert (comments["3"].body, comments["3"].deleted_at is not None) == ("", True)
    assert [ideas[number].source_votes for number in "123"] == [
        {"for": 40, "against": 2, "mixed": 0},
        {"for": 1},
        None,
    ]
    async with database.reader() as session:
        tally = await session.get_one(Tally, ideas["1"].id)
        tags = (await session.scalars(select(col(IdeaTag.tag)).order_by(col(IdeaTag.tag)))).all()
    assert (tally.votes, tally.comments) == (0, 2)
    assert tally.hot == ranking.get_hot(0, 2, ideas["1"].submitted_at)
    assert tally.attention == ranking.get_attention(0, 0, 2, answered=False)
    assert tags == ["finance", "jardin"]


async def test_ideas_are_routed_and_their_clock_starts_now(database: Database, cast: Cast) -> None:
    await bring(database)
    ideas = await find_all(database, Idea)
    async with database.reader() as session:
        reviews = {row.idea_id: row for row in await session.scalars(select(Review))}
        entries = (await session.scalars(select(ItineraryEntry))).all()
        chains = [(await check_chain(session, idea.id)).valid for idea in ideas.values()]
    review = reviews[ideas["1"].id]
    assert review.reviewer_id == ideas["1"].holder_id
    assert review.reviewer_id in {cast["Dan"].id, cast["Dora"].id}
    assert (review.opened_at, review.closed_at) == (NOW, None)
    assert review.first_answer_due_at == add_working_days(NOW, 5, WorkingCalendar("Europe/Paris"))
    assert ideas["3"].function_id not in {None, cast.functions["Finance"]}
    assert ideas["3"].holder_id is not None
    assert (ideas["2"].stage, ideas["2"].holder_id) == ("withdrawn", None)
    assert reviews.keys() == {ideas["1"].id, ideas["3"].id}
    assert [(entry.act, entry.at, entry.position) for entry in entries] == [("import", NOW, 1)] * 3
    assert {entry.to_stage for entry in entries} == {"submitted", "withdrawn"}
    assert chains == [True, True, True]


async def test_people_see_where_it_comes_from_and_vote_anew(
    database: Database, cast: Cast, speak: Speak
) -> None:
    await bring(database)
    idea = (await find_all(database, Idea))["1"]
    seen = await speak("Max").get(f"/ideas/{idea.id}")
    assert seen["elsewhere"] == {"source": "agora", "votes": {"for": 40, "against": 2, "mixed": 0}}
    assert (seen["votes"], seen["solution"], seen["author"]["name"]) == (0, "", "contributor-1")
    assert seen["problem"] == TEXT
    assert await speak("Max").put(f"/ideas/{idea.id}/vote") == {"votes": 1, "voted": True}
    threads = (await speak("Max").get(f"/ideas/{idea.id}/comments"))["items"]
    assert [(thread["deleted"], len(thread["replies"])) for thread in threads] == [(False, 1), (True, 0)]
    listed = (await speak("Max").get("/ideas?sort=new"))["items"]
    assert [item["title"] for item in listed] == ["Un autre titre", "Des roses", " Un titre "]


async def test_placeholders_stand_outside_and_once_for_each_name(database: Database, cast: Cast) -> None:
    await bring(database)
    await bring(database, source="forum")
    async with database.reader() as session:
        people = (await session.scalars(select(Employee).where(col(Employee.kind) == "placeholder"))).all()
        ids = [person.id for person in people]
        counted = [
            await session.scalar(
                select(func.count()).select_from(table).where(col(table.employee_id).in_(ids))
            )
            for table in (Employment, Management)
        ]
    assert sorted(person.external_id or "" for person in people) == [
        f"import:{source}:contributor-{number}" for source in ("agora", "forum") for number in (1, 2, 3)
    ]
    assert {(person.active, person.email, person.entity_id) for person in people} == {(False, None, None)}
    assert counted == [0, 0]


async def test_an_employee_who_wrote_it_is_its_author_with_the_rules_for_authors(
    database: Database, cast: Cast, speak: Speak
) -> None:
    async with database.writer() as session:
        finance = await world.make_function(session, "Légal")
        for name in ("Bob", "Carol", "Rita", "Max"):
            await world.grant(session, cast[name], Role.CORRESPONDENT, function=finance)
    alice, dan = cast["Alice"], cast["Dan"]
    rows = [
        {"id": str(number), "author": author, "title": "Un titre", "body": "Un texte", "section": "Légal"}
        for number, author in enumerate(
            [alice.email or "", alice.external_id or "", alice.name, "E-none"] * 2, 1
        )
    ]
    outcome = await bring(database, rows, [dict(COMMENTS[3], author=dan.external_id or "")])
    assert (outcome.matched, outcome.placeholders, outcome.bad) == (2, 2, ())
    ideas = await find_all(database, Idea)
    async with database.reader() as session:
        rows_of_authors = await session.scalars(select(Authorship))
        authors = {row.idea_id: row.employee_id for row in rows_of_authors}
    hers = [idea for idea in ideas.values() if authors[idea.id] == alice.id]
    assert sorted(idea.source_id for idea in hers) == ["1", "2", "5", "6"]
    assert {idea.holder_id for idea in hers} == {cast["Max"].id}
    assert {idea.origin_id for idea in hers} == {alice.entity_id}
    others = {idea.holder_id for idea in ideas.values() if authors[idea.id] != alice.id}
    assert others <= {cast[name].id for name in ("Bob", "Carol", "Rita", "Max")}
    assert others != {cast["Max"].id}
    await speak("Alice").refused("PUT", f"/ideas/{hers[0].id}/vote", 403, "votes.own-idea")


async def test_nothing_that_comes_in_gives_points(database: Database, cast: Cast) -> None:
    rows = [dict(row, author=cast["Alice"].email or "") for row in IDEAS]
    await bring(database, rows, [dict(row, author=cast["Dan"].email or "") for row in COMMENTS])
    async with database.writer() as session:
        happened = (await session.scalars(select(Event).order_by(col(Event.sequence)))).all()
        await reactions.react(session, happened, now=NOW)
        points = await session.scalar(select(func.count()).select_from(PointEntry))
        votes = await session.scalar(select(func.count()).select_from(Vote))
    imported = [event for event in happened if event.kind == "ideas.imported"]
    assert sorted(event.payload["comments"] for event in imported) == [0, 1, 2]
    assert {event.kind for event in happened} == {"ideas.imported", "reviews.assigned"}
    assert (points, votes) == (0, 0)


async def test_a_second_time_changes_nothing(database: Database, cast: Cast) -> None:
    await bring(database)
    before = await count_rows(database)
    again = await bring(database)
    assert (again.ideas, again.comments) == (Counts(unchanged=3), Counts(unchanged=4))
    assert (again.written, again.placeholders) == (False, 0)
    changed = await bring(database, [dict(IDEAS[0], body="Autre chose")], None)
    assert (changed.written, changed.ideas) == (False, Counts(changed=1))
    assert await count_rows(database) == before
    assert (await find_all(database, Idea))["1"].problem == TEXT


async def test_what_is_new_in_a_later_file_comes_in(database: Database, cast: Cast) -> None:
    await bring(database)
    more = [*COMMENTS, dict(COMMENTS[1], id="9", reply_to="2"), dict(COMMENTS[0], id="10", idea_id="4")]
    outcome = await bring(database, [*IDEAS, dict(IDEAS[2], id="4")], more)
    assert (outcome.ideas, outcome.comments) == (Counts(1, unchanged=3), Counts(2, unchanged=4))
    assert outcome.placeholders == 0
    ideas, comments = await find_all(database, Idea), await find_all(database, Comment)
    assert comments["9"].parent_id == comments["1"].id
    async with database.reader() as session:
        tallies = {row.idea_id: row for row in await session.scalars(select(Tally))}
    assert [tallies[ideas[number].id].comments for number in "1234"] == [3, 1, 0, 1]
    assert tallies[ideas["1"].id].hot == ranking.get_hot(0, 3, ideas["1"].submitted_at)


async def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, cast: Cast) -> None:
    before = await count_rows(database)
    ideas = [*IDEAS, dict(IDEAS[0], id="4", title="x")]
    for rows in (IDEAS, ideas):
        tried = await bring(database, rows, dry_run=True)
        assert (tried.written, tried.dry_run) == (False, True)
        assert await count_rows(database) == before
        done = await bring(database, rows, source="agora")
        same = ("comments", "matched", "placeholders", "bad", "notes")
        if rows is IDEAS:
            assert [getattr(done, name) for name in same] == [getattr(tried, name) for name in same]
            assert done.ideas == tried.ideas
            before = await count_rows(database)
        else:
            assert done.bad == tried.bad
            assert [(bad.line, bad.column, bad.code) for bad in done.bad] == [
                (8, "title", "imports.too-short")
            ]


@pytest.mark.parametrize(
    ("ideas", "comments", "bad"),
    [
        (IDEAS, [*COMMENTS, dict(COMMENTS[0], id="5", body="")], ("comments", "body", "imports.empty")),
        (
            IDEAS,
            [*COMMENTS, dict(COMMENTS[0], id="5", idea_id="7")],
            ("comments", "idea_id", "imports.unknown-idea"),
        ),
        ([*IDEAS, dict(IDEAS[0], id="9", body="\x01")], COMMENTS, ("ideas", "body", "imports.unreadable")),
        (b"id,author,title,body\n1,Ana,Un titre,a\0b\n", COMMENTS, ("ideas", "17", "files.nul")),
        (b'id,author,title,body\n1,Ana,Un titre,"a\n', None, ("ideas", "", "spreadsheets.quotes")),
        (b"id,author,body\n1,Ana,Un texte\n", COMMENTS, ("ideas", "title", "imports.column-missing")),
    ],
)
async def test_one_bad_row_keeps_everything_out(
    database: Database, cast: Cast, ideas: Any, comments: Any, bad: tuple[str, str, str]
) -> None:
    before = await count_rows(database)
    outcome = await bring(database, ideas, comments)
    assert [(row.file, row.column, row.code) for row in outcome.bad] == [bad]
    assert not outcome.written
    assert await count_rows(database) == before
    assert (await bring(database)).written


async def test_a_failure_on_the_way_leaves_nothing(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await count_rows(database)
    entered = []

    async def index(session: Any, idea: Idea, tags: Any) -> None:
        entered.append(idea)
        if len(entered) == 3:
            raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(search, "index", index)
        with pytest.raises(RuntimeError):
            await bring(database)
    assert await count_rows(database) == before
    assert (await bring(database)).written


async def test_two_imports_at_once_bring_everything_in_once(database: Database, cast: Cast) -> None:
    outcomes = await asyncio.gather(bring(database), bring(database), return_exceptions=True)
    written = [outcome for outcome in outcomes if isinstance(outcome, Outcome) and outcome.written]
    late = [outcome for outcome in outcomes if outcome not in written]
    assert len(written) == 1
    assert all(isinstance(outcome, ImportedMeanwhile) or outcome.ideas.unchanged == 3 for outcome in late)  # type: ignore[union-attr]
    assert (len(await find_all(database, Idea)), len(await find_all(database, Comment))) == (3, 4)


async def test_a_nameless_source_is_refused(database: Database, cast: Cast) -> None:
    outcome = await bring(database, source=" ")
    assert [(row.line, row.code) for row in outcome.bad] == [(0, "imports.bad-source")]


async def test_the_future_is_not_imported(database: Database, cast: Cast) -> None:
    late = (NOW + timedelta(seconds=1)).isoformat()
    outcome = await bring(database, [dict(IDEAS[0], created_at=late)], None)
    assert [row.code for row in outcome.bad] == ["imports.bad-time"]
