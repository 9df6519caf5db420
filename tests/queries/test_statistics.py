"""Figures: equal to a recount person by person, and nothing small in them or between them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from math import ceil
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, event, update
from sqlmodel import col

from app.core.db import Database
from app.domain.privacy import FLOOR
from app.models.campaigns import Campaign
from app.models.employees import Employment
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.sessions import SignIn
from app.models.votes import Vote
from app.queries import participation, pipeline_figures
from app.queries.statistics import Filters
from app.schemas.statistics import Participation, PipelineFigures
from app.services import releases
from tests.domain.test_privacy import Cell, find_determined
from tests.support import figures, world
from tests.support.equations import Solution, list_smallest_known
from tests.support.figures import NAMES, ZONE, Past
from tests.support.world import Cast

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def begin(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(ZONE)).astimezone(UTC)


@dataclass
class Recount:
    """The figures of a company, counted with loops."""

    past: Past
    filters: Filters

    def __post_init__(self) -> None:
        as_of, since, to = self.filters.as_of, self.filters.since, self.filters.to
        self.day: date = as_of or NOW.date()
        self.end = begin(self.day + timedelta(days=1))
        self.first: date = since or date(2000, 1, 1)
        self.last: date = min(to or self.day, self.day)
        self.ideas = {idea.id: idea for idea in self.past.ideas}
        kinds = {person.id: person.kind for person in self.past.people}
        self.place = {
            row.employee_id: row.entity_id
            for row in self.past.employments
            if kinds[row.employee_id] == "employee"
            and row.started_at < self.end
            and (row.ended_at is None or row.ended_at >= self.end)
        }

    def within(self, moment: datetime | None) -> bool:
        return moment is not None and begin(self.first) <= moment < begin(self.last + timedelta(days=1))

    def released(self, moment: datetime) -> bool:
        """In a month that is over at `as_of`, and in the period from its first to its last day."""
        month = moment.astimezone(ZoneInfo(ZONE)).date().replace(day=1)
        following = (month + timedelta(days=32)).replace(day=1)
        return month >= self.first and following <= min(self.day, self.last + timedelta(days=1))

    def in_campaign(self, idea_id: str) -> bool:
        return self.filters.campaign in (None, self.ideas[idea_id].campaign_id)

    def list_acts(self, name: str) -> Iterator[tuple[str, bool, datetime]]:
        """Who did it, whether without a name, and when."""
        if name == "connected":
            return ((row.employee_id, False, row.at) for row in self.past.sign_ins if self.within(row.at))
        if name == "voted":
            return (
                (vote.voter_id, False, vote.cast_at)
                for vote in self.past.votes
                if self.is_there(vote.withdrawn_at)
                and self.within(vote.cast_at)
                and self.in_campaign(vote.idea_id)
            )
        return self.list_submissions() if name == "submitted" else self.list_comments()

    def is_there(self, gone_at: datetime | None) -> bool:
        return gone_at is None or gone_at >= self.end

    def list_submissions(self) -> Iterator[tuple[str, bool, datetime]]:
        for row in self.past.authorships:
            idea = self.ideas[row.idea_id]
            accepted = row.state == "accepted" and row.answered_at and row.answered_at < self.end
            counts = accepted and not idea.source and self.in_campaign(idea.id)
            if counts and idea.submitted_at and self.within(idea.submitted_at):
                yield row.employee_id, idea.anonymous, idea.submitted_at

    def list_comments(self) -> Iterator[tuple[str, bool, datetime]]:
        wrote = {(row.idea_id, row.employee_id) for row in self.past.authorships if row.state == "accepted"}
        for row in self.past.comments:
            counts = self.is_there(row.deleted_at) and not row.source and self.in_campaign(row.idea_id)
            if counts and self.within(row.created_at):
                own = (row.idea_id, row.author_id) in wrote
                yield row.author_id, self.ideas[row.idea_id].anonymous and own, row.created_at

    def count_whole(self, name: str) -> int:
        return len({person for person, _, _ in self.list_acts(name)} & set(self.place))

    def list_below(self, entity: str) -> set[str]:
        below = {entity}
        for row in self.past.entities:
            if row.parent_id in below:
                below.add(row.id)
        return below

    def count_headcount(self, entity: str) -> int:
        below = self.list_below(entity)
        return sum(1 for where in self.place.values() if where in below)

    def count(self, name: str, entity: str) -> int:
        acts = [act for act in self.list_acts(name) if act[0] in self.place]
        below = self.list_below(entity)
        named = {person for person, unnamed, _ in acts if not unnamed}
        hushed = {person for person, unnamed, at in acts if unnamed and self.released(at)} - named
        told = self.tell({person: self.place[person] for person in hushed}, entity)
        return len({person for person in named if self.place[person] in below} | told)

    def tell(self, crowd: dict[str, str], entity: str) -> set[str]:
        """Those without a name who count in an entity: five together, counted where they are five first."""
        told: set[str] = set()
        waiting = {person for person, where in crowd.items() if where == entity}
        for child in (row.id for row in self.past.entities if row.parent_id == entity):
            below = {person for person, where in crowd.items() if where in self.list_below(child)}
            counted = self.tell(crowd, child)
            told |= counted
            waiting |= below - counted
        return told | waiting if len(waiting) >= FLOOR else told

    def list_stages(self, entity: str | None) -> dict[str, str]:
        """Where each idea stood that counts."""
        meant = [
            idea for idea in self.past.ideas if self.within(idea.submitted_at) and self.in_campaign(idea.id)
        ]
        if entity is not None:
            below = self.list_below(entity)
            meant = [idea for idea in meant if idea.origin_id in below and not idea.anonymous] + [
                idea for idea in meant if idea.id in self.list_told(meant, entity)
            ]
        return {idea.id: self.get_stage(idea) for idea in meant}

    def list_told(self, meant: list[Idea], entity: str) -> set[str]:
        first = {row.idea_id: row.employee_id for row in self.past.authorships if row.position == 0}
        hushed = [
            idea
            for idea in meant
            if idea.anonymous and idea.origin_id and idea.submitted_at and self.released(idea.submitted_at)
        ]
        crowd: dict[str, str] = {}
        for idea in hushed:
            person = first[idea.id]
            crowd[person] = min(crowd.get(person, "~"), idea.origin_id or "")
        told: set[str] = set()
        for place in {idea.origin_id for idea in hushed}:
            if any(where == place for where in crowd.values()):
                group = {person for person, where in crowd.items() if where == place}
                if group <= self.tell(crowd, entity):
                    told |= {idea.id for idea in hushed if idea.origin_id == place}
        return told

    def get_stage(self, idea: Idea) -> str:
        rows = [row for row in self.past.entries if row.idea_id == idea.id and row.at < self.end]
        return max(rows, key=lambda row: row.position).to_stage if rows else "submitted"

    def list_waits(self, entity: str | None, acts: set[str]) -> list[float]:
        waits = []
        below = self.list_below(entity) if entity else set()
        for idea_id in self.list_stages(None):
            idea = self.ideas[idea_id]
            if entity is None or (idea.origin_id in below and not idea.anonymous):
                rows = [row for row in self.past.entries if row.idea_id == idea_id]
                at = [row.at for row in rows if row.act in acts and row.at < self.end]
                opened = min(row.at for row in rows)
                waits += [(min(at) - opened) / timedelta(days=1)] if at else []
        return sorted(waits)


@pytest.fixture
async def ask(database: Database, cast: Cast) -> Callable[[Filters], Any]:
    """Both figures of filters, as HR reads them."""
    async with database.writer() as session:
        await session.execute(update(Employment).values(ended_at=datetime(2026, 2, 1, tzinfo=UTC)))

    async def both(filters: Filters) -> tuple[Participation, PipelineFigures]:
        async with database.reader() as session:
            hana = await cast.actor(session, "Hana")  # type: ignore[arg-type]
            taken = await participation.get_participation(session, hana, filters, zone=ZONE, now=NOW)
            stood = await pipeline_figures.get_pipeline_figures(session, hana, filters, zone=ZONE, now=NOW)
            return taken, stood

    return both


async def make(
    database: Database, cast: Cast, seed: int, *, people: int = 60, anonymous: float = 0.5
) -> Past:
    past = figures.imagine(seed, cast, people=people, anonymous=anonymous)
    async with database.writer() as session:
        await figures.keep(session, past)
    return past


def list_filters(past: Past) -> Iterator[Filters]:
    days = (None, date(2026, 4, 1), date(2026, 6, 5))
    windows = ((None, None), (date(2026, 4, 1), None), (date(2026, 3, 15), date(2026, 5, 31)))
    for day in days:
        for since, to in windows:
            for campaign in (None, past.campaigns[0].id):
                yield Filters(as_of=day, campaign=campaign, since=since, to=to)


def narrow(filters: Filters, entity: str) -> Filters:
    return Filters(filters.as_of, entity, filters.campaign, filters.since, filters.to)


def tell(answer: Participation) -> dict[str, int | None]:
    return {name: getattr(answer, name).people for name in NAMES}


def is_small(people: int, size: int) -> bool:
    return people < FLOOR or 0 < size - people < FLOOR


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_whole_company_equals_a_recount(
    database: Database, cast: Cast, ask: Any, seed: int
) -> None:
    past = await make(database, cast, seed)
    for filters in list_filters(past):
        taken, _ = await ask(filters)
        recount, entire = Recount(past, filters), Recount(past, Filters(filters.as_of))
        assert taken.headcount == len(recount.place)
        sliced = filters.campaign or filters.since
        for name, people in tell(taken).items():
            true = recount.count_whole(name)
            close = 0 < entire.count_whole(name) - true < FLOOR
            hidden = sliced and (is_small(true, len(recount.place)) or close)
            assert people == (None if hidden else true), (filters, name)
            assert getattr(taken, name).rate == (None if hidden else true / len(recount.place))


@pytest.mark.parametrize("seed", [3, 4])
async def test_an_entity_is_told_as_it_was_at_the_end_of_a_month(
    database: Database, cast: Cast, ask: Any, seed: int
) -> None:
    """Of everything until then, of the month itself, and of no other days; what is told equals a recount."""
    past = await make(database, cast, seed, people=200)
    assert await releases.keep_due(database, now=NOW) == 10
    asked = [
        (Filters(), date(2026, 10, 31), True),
        (Filters(as_of=date(2026, 5, 30)), date(2026, 4, 30), True),
        (Filters(as_of=date(2026, 5, 31)), date(2026, 5, 31), True),
        (Filters(as_of=date(2026, 5, 31), since=date(2026, 5, 1)), date(2026, 5, 31), True),
        (
            Filters(as_of=date(2026, 6, 9), since=date(2026, 4, 1), to=date(2026, 4, 30)),
            date(2026, 4, 30),
            True,
        ),
        (
            Filters(as_of=date(2026, 6, 9), since=date(2026, 4, 2), to=date(2026, 4, 30)),
            date(2026, 4, 30),
            False,
        ),
        (Filters(as_of=date(2026, 6, 9), since=date(2026, 6, 1)), date(2026, 5, 31), False),
    ]
    shown = 0
    for filters, day, told in asked:
        for entity in past.entities:
            taken, _ = await ask(narrow(filters, entity.id))
            assert (taken.as_of, taken.release.day) == (day, day)
            recount = Recount(past, Filters(as_of=day))
            size = recount.count_headcount(entity.id)
            assert taken.headcount in ({None, size} if told and size >= FLOOR else {None})
            for name, people in tell(taken).items():
                if people is None:
                    assert getattr(taken, name).rate is None
                    continue
                shown += told
                assert told
                stood = taken.release.as_of[name]
                recount = Recount(past, Filters(as_of=stood, since=filters.since))
                size = recount.count_headcount(entity.id)
                assert people == recount.count(name, entity.id), (filters, name)
                assert not is_small(people, size)
                assert getattr(taken, name).rate == people / size
    assert shown > 30


async def test_a_campaign_is_told_at_the_end_of_the_month_in_which_it_ends(
    database: Database, cast: Cast, ask: Any
) -> None:
    past = await make(database, cast, 5, people=300, anonymous=0)
    box = past.campaigns[0].id
    async with database.writer() as session:
        ended = datetime(2026, 6, 12, tzinfo=UTC)
        await session.execute(update(Campaign).where(col(Campaign.id) == box).values(ends_at=ended))
    await releases.keep_due(database, now=NOW)
    told: dict[date, list[Participation]] = {}
    for day in (date(2026, 5, 31), date(2026, 6, 30), date(2026, 9, 30)):
        answers = [await ask(Filters(as_of=day, campaign=box, entity=one.id)) for one in past.entities]
        told[day] = [taken for taken, _ in answers]
    before, there, later = told.values()
    assert not any(share.people for taken in before for share in (taken.submitted, taken.voted))
    assert [taken.voted for taken in later] == [taken.voted for taken in there]
    recount = Recount(past, Filters(as_of=date(2026, 6, 30), campaign=box))
    voted = {one.id: taken.voted.people for one, taken in zip(past.entities, there, strict=True)}
    assert {one: people for one, people in voted.items() if people is not None} == {
        one: recount.count("voted", one) for one, people in voted.items() if people is not None
    }
    assert any(people for people in voted.values())


async def reorganise(database: Database, past: Past) -> None:
    """Put everything below the first entity, move everybody there, undo and add acts of long ago."""
    moved = datetime(2026, 8, 5, tzinfo=UTC)
    async with database.writer() as session:
        rows = [row for row in past.employments if row.ended_at is None]
        await session.execute(
            update(Entity).where(col(Entity.id) != past.entities[0].id).values(parent_id=past.entities[0].id)
        )
        await session.execute(
            update(Entity).where(col(Entity.id) == past.entities[0].id).values(parent_id=None)
        )
        await session.execute(
            update(Employment).where(col(Employment.ended_at).is_(None)).values(ended_at=moved)
        )
        session.add_all(
            Employment(employee_id=row.employee_id, entity_id=past.entities[0].id, started_at=moved)
            for row in rows
        )
        await session.execute(delete(Vote).where(col(Vote.voter_id) == past.people[1].id))
        session.add_all(SignIn(employee_id=person.id, at=past.moment()) for person in past.people)


async def test_nothing_that_happens_later_changes_what_was_released(
    database: Database, cast: Cast, ask: Any
) -> None:
    past = await make(database, cast, 15, people=200)
    august = datetime(2026, 8, 3, tzinfo=UTC)
    assert await releases.keep_due(database, now=august) == 7
    asked = [
        Filters(as_of=day, since=since, entity=entity.id)
        for day, since in ((date(2026, 5, 31), None), (date(2026, 6, 30), date(2026, 6, 1)))
        for entity in past.entities
    ]
    before = [await ask(filters) for filters in asked]
    await reorganise(database, past)
    assert await releases.keep_due(database, now=NOW) == 3
    assert await releases.keep_due(database, now=NOW) == 0
    after = [await ask(filters) for filters in asked]
    assert [taken for taken, _ in after] == [taken for taken, _ in before]
    assert [stood for _, stood in after] == [stood for _, stood in before]


@pytest.mark.parametrize("seed", [6, 7])
async def test_the_pipeline_equals_a_recount(database: Database, cast: Cast, ask: Any, seed: int) -> None:
    past = await make(database, cast, seed)
    for filters in list_filters(past):
        recount = Recount(past, filters)
        for entity in (None, *(row.id for row in past.entities[::3])):
            _, stood = await ask(narrow(filters, entity) if entity else filters)
            stages = list(recount.list_stages(entity).values())
            assert stood.stages.model_dump() == {
                name: stages.count(name) for name in type(stood.stages).model_fields
            }, (filters, entity)
            assert stood.ideas == len(stages)
            assert stood.with_potential == sum(
                stages.count(stage) for stage in ("selected", "project", "pilot", "deployed")
            )
            for delay, acts in (
                (stood.time_to_first_answer, {"acknowledge", "clarify", "forward", "recommend", "decline"}),
                (stood.time_to_decision, {"recommend", "decline"}),
            ):
                waits = recount.list_waits(entity, acts)
                assert delay.reviews == len(waits)
                least = FLOOR if entity or filters.campaign or filters.since else 1
                if len(waits) < least:
                    assert delay.median_days is delay.p90_days is None
                else:
                    assert delay.median_days == pytest.approx(median(waits), abs=0.011)
                    assert delay.p90_days == pytest.approx(waits[ceil(len(waits) * 0.9) - 1], abs=0.006)


async def test_the_stage_of_today_is_the_last_of_the_itinerary(
    database: Database, cast: Cast, ask: Any
) -> None:
    await make(database, cast, 8)
    _, today = await ask(Filters())
    _, by_itinerary = await ask(Filters(as_of=date(2026, 10, 31)))
    assert today.stages == by_itinerary.stages
    assert today.stages.draft == 0


def lay_out(past: Past, recount: Recount, true: dict[str, int]) -> dict[str, Cell]:
    """The entities with people and the company, each the sum of its parts and of those directly in it."""
    cells = {}
    for entity, people in true.items():
        parts = [row.id for row in past.entities if (row.parent_id or "") == entity and row.id in true]
        direct = sum(1 for where in recount.place.values() if where == entity)
        if parts and direct:
            rest = people - sum(true[part] for part in parts)
            cells[f"rest {entity}"] = Cell((), rest, direct)
            parts.append(f"rest {entity}")
        size = recount.count_headcount(entity) if entity else len(recount.place)
        cells[entity] = Cell(tuple(parts), people, size)
    return cells


@pytest.mark.parametrize("seed", range(9, 12))
async def test_no_hidden_figure_follows_from_its_neighbours(
    database: Database, cast: Cast, ask: Any, seed: int
) -> None:
    """Solve the published figures of the tree; who works directly in an entity is never published."""
    past = await make(database, cast, seed, people=150, anonymous=0)
    await releases.keep_due(database, now=NOW)
    hidden_cells = 0
    for filters in (
        Filters(as_of=date(2026, 3, 31)),
        Filters(as_of=date(2026, 5, 31)),
        Filters(as_of=date(2026, 5, 31), since=date(2026, 5, 1)),
    ):
        recount = Recount(past, filters)
        sizes = {row.id: recount.count_headcount(row.id) for row in past.entities}
        living = [entity for entity, size in sizes.items() if size]
        published = {"": (await ask(filters))[0]}
        published |= {entity: (await ask(narrow(filters, entity)))[0] for entity in living}
        for name in ("headcount", *NAMES):
            if name == "headcount":
                true = {"": len(recount.place)} | {entity: sizes[entity] for entity in living}
                shown = {entity: answer.headcount for entity, answer in published.items()}
            else:
                true = {"": recount.count_whole(name)}
                true |= {entity: recount.count(name, entity) for entity in living}
                shown = {
                    entity: tell(answer)[name]
                    if answer.release is None or name in list_fresh(answer)
                    else None
                    for entity, answer in published.items()
                }
            hidden = {entity for entity, people in shown.items() if people is None}
            hidden_cells += len(hidden)
            cells = lay_out(past, recount, true)
            rests = {cell for cell in cells if cell.startswith("rest ")}
            for cell in find_determined(cells, hidden | rests):
                assert not is_small(cells[cell].count, cells[cell].size), (filters, name)
    assert hidden_cells > 10


def list_fresh(answer: Participation) -> list[str]:
    """What a release tells of its own day: what it repeats is of another one."""
    assert answer.release is not None
    return [name for name, day in answer.release.as_of.items() if day == answer.as_of]


@pytest.mark.parametrize("seed", range(16, 19))
async def test_no_two_releases_tell_of_few_people(
    database: Database, cast: Cast, ask: Any, seed: int
) -> None:
    """Solve what was published at every end of a month for groups that follow from two of them."""
    past = await make(database, cast, seed, people=500, anonymous=0)
    await releases.keep_due(database, now=NOW)
    days = [
        date(2026, 2, 28),
        *(date(2026, month, day) for month, day in ((3, 31), (4, 30), (5, 31), (6, 30))),
    ]
    told = 0
    for name in ("connected", "voted"):
        known = []
        for day in days:
            recount = Recount(past, Filters(as_of=day))
            sums = {frozenset(row.id for row in past.entities): (await ask(Filters(as_of=day)))[0]}
            for entity in past.entities:
                taken, _ = await ask(Filters(as_of=day, entity=entity.id))
                if name in list_fresh(taken):
                    sums[frozenset(recount.list_below(entity.id))] = taken
            told += len(sums) - 1
            empty = {frozenset([row.id]): 0 for row in past.entities if row.id not in recount.place.values()}
            people = {members: getattr(taken, name).people for members, taken in sums.items()}
            known.append(Solution([row.id for row in past.entities], empty | people))
        for one, other in combinations(known, 2):
            for group in list_smallest_known(one, other):
                before, after = one.find(group), other.find(group)
                assert before is not None
                assert after is not None
                everybody = len(group) == len(past.entities)
                assert everybody or not 0 < abs(after - before) < FLOOR, (name, before, after)
    assert told > 10


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.read_engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.read_engine.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize("campaign", [False, True])
async def test_a_figure_takes_at_most_five_statements(database: Database, cast: Cast, campaign: bool) -> None:
    past = await make(database, cast, 14)
    box = past.campaigns[0].id if campaign else None
    for entity in (None, past.entities[0].id):
        for read in (participation.get_participation, pipeline_figures.get_pipeline_figures):
            async with database.reader() as session:
                hana = await cast.actor(session, "Hana")  # type: ignore[arg-type]
                with counting(database) as statements:
                    await read(session, hana, Filters(entity=entity, campaign=box), zone=ZONE, now=NOW)
            assert len(statements) <= 5


@pytest.mark.parametrize(("second", "counted"), [(-1, 0), (0, 1), (1, 1)])
async def test_who_leaves_at_midnight_was_there_that_day(
    database: Database, cast: Cast, ask: Any, second: int, counted: int
) -> None:
    day = date(2026, 4, 10)
    async with database.writer() as session:
        for _ in range(5):
            await world.make_employee(session, at=begin(date(2026, 3, 1)))
        leaver = await world.make_employee(session, at=begin(date(2026, 3, 1)))
        gone_at = begin(day + timedelta(days=1)) + timedelta(seconds=second)
        await session.execute(
            update(Employment).where(col(Employment.employee_id) == leaver.id).values(ended_at=gone_at)
        )
    taken, _ = await ask(Filters(as_of=day))
    assert taken.headcount == 5 + counted
