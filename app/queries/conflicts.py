"""Reading what the conflict rule needs: authors, their line upwards, their reports, who stood back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, String, and_, bindparam, literal, null, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.core.lanes import Fetching, SessionLane
from app.core.prepared import Prepared, Row, among, pack
from app.domain import conflicts
from app.domain.actors import Actor
from app.domain.conflicts import OUTSIDE, Conflicts, Link
from app.models.authorships import Authorship
from app.models.conflicts import ConflictDeclaration
from app.models.employees import Employee, Management


@dataclass(frozen=True, slots=True)
class Circle:
    """The conflicts of one idea, with the entities its authors work in."""

    conflicts: Conflicts
    author_entities: frozenset[str]


async def get_circle(session: ReadSession, idea_id: str) -> Circle:
    """Return who is conflicted for an idea now."""
    return (await list_circles(session, [idea_id]))[idea_id]


async def find_conflicted(session: ReadSession, actor: Actor, idea_ids: Sequence[str]) -> set[str]:
    """Return those of the ideas for which the actor is conflicted; two statements however many ideas."""
    return await find_conflicted_in(SessionLane(session), actor, idea_ids)


async def find_conflicted_in(lane: Fetching, actor: Actor, idea_ids: Sequence[str]) -> set[str]:
    """Return the same by prepared statements alone."""
    if not idea_ids:
        return set()
    circles = await _list_circles(lane, idea_ids, only=actor.id)
    return {
        idea_id for idea_id, circle in circles.items() if circle.conflicts.bars(actor.id, actor.entity_id)
    }


async def is_conflicted(session: ReadSession, actor: Actor, idea_id: str) -> bool:
    """Tell whether the actor is conflicted for an idea now."""
    return bool(await find_conflicted(session, actor, [idea_id]))


async def list_circles(session: ReadSession, idea_ids: Sequence[str]) -> dict[str, Circle]:
    """Return who is conflicted for each of the ideas now; two statements however many ideas."""
    return await _list_circles(SessionLane(session), idea_ids)


async def list_conflicts_of(session: ReadSession, person_ids: Sequence[str]) -> dict[str, Conflicts]:
    """Return for each person who is too close to them: themselves, their line upwards, their direct reports."""
    lane = SessionLane(session)
    met = await lane.fetch(_LINE_OF_PEOPLE, {"people": pack(list(person_ids), lane.engine)})
    links, reports = _read_line(met)
    return {
        person: conflicts.find_conflicts([person], links, reports.get(person, set()), [])
        for person in person_ids
    }


async def _list_circles(
    lane: Fetching, idea_ids: Sequence[str], *, only: str | None = None
) -> dict[str, Circle]:
    """Return the circles; asked about `only` one person, they leave out other people's places below authors."""
    authors: dict[str, set[str]] = {idea_id: set() for idea_id in idea_ids}
    declared: dict[str, set[str]] = {idea_id: set() for idea_id in idea_ids}
    values: dict[str, Any] = {"ideas": pack(list(idea_ids), lane.engine)}
    for kind, idea_id, person_id in await lane.fetch(_PARTIES, values):
        (authors if kind == "author" else declared)[idea_id].add(person_id)
    line, given = (_LINE, values) if only is None else (_LINE_TO_ONE, values | {"person": only})
    links, reports = _read_line(await lane.fetch(line, given))
    entities = {person: link.entity_id for person, link in links.items()}
    return {
        idea_id: Circle(
            conflicts.find_conflicts(
                authors[idea_id],
                links,
                set().union(*(reports.get(author, set()) for author in authors[idea_id])),
                declared[idea_id],
            ),
            frozenset(entity for author in authors[idea_id] if (entity := entities.get(author)) is not None),
        )
        for idea_id in idea_ids
    }


def _read_line(met: Sequence[Row]) -> tuple[dict[str, Link], dict[str, set[str]]]:
    """Return everybody's link, and the reports of those whose reports were asked for."""
    links: dict[str, Link] = {}
    reports: dict[str, set[str]] = {}
    # Everybody's manager is on the way upwards as well, and says there whether they are still here.
    active = {person_id: is_active for person_id, *_, is_active, below in met if below is None}
    for person_id, kind, entity_id, manager_id, certain, _, below in met:
        if below is not None:
            reports.setdefault(below, set()).add(person_id)
        elif kind == "employee":
            links[person_id] = Link(manager_id, bool(certain), bool(active.get(manager_id)), entity_id)
        else:
            links[person_id] = OUTSIDE
    return links, reports


def _authors(engine: str) -> Any:
    return select(col(Authorship.employee_id)).where(
        among(col(Authorship.idea_id), "ideas", engine), col(Authorship.state) == "accepted"
    )


def _people(engine: str) -> Any:
    return select(col(Employee.id).label("employee_id")).where(among(col(Employee.id), "people", engine))


def _write_line_statement(lowest: Any, *, to_one: bool) -> CompoundSelect[Any]:
    """Everybody from whoever is `lowest` (authors) upwards with their link, and their direct reports (`below`).

    Of the reports it is the one bound as `person` alone where only they matter: a director has hundreds.

    Each person's link is read once, on the way. UNION (not UNION ALL) drops people met before, so that a cycle in
    the records ends the recursion.
    """
    of_author, of_manager = aliased(Management), aliased(Management)
    authors = lowest.subquery()
    line = (
        select(
            authors.c.employee_id.label("person_id"),
            col(of_author.manager_id).label("manager_id"),
            col(of_author.certain).label("certain"),
        )
        .outerjoin(
            of_author,
            and_(col(of_author.employee_id) == authors.c.employee_id, col(of_author.ended_at).is_(None)),
        )
        .cte("line", recursive=True)
    )
    line = line.union(
        select(line.c.manager_id, col(of_manager.manager_id), col(of_manager.certain))
        .select_from(line)
        .outerjoin(
            of_manager,
            and_(col(of_manager.employee_id) == line.c.manager_id, col(of_manager.ended_at).is_(None)),
        )
        .where(line.c.manager_id.is_not(None))
    )
    upwards: Any = select(
        line.c.person_id,
        col(Employee.kind).label("kind"),
        col(Employee.entity_id).label("entity_id"),
        line.c.manager_id,
        line.c.certain,
        col(Employee.active).label("active"),
        null().label("below"),
    ).join(line, col(Employee.id) == line.c.person_id)
    downwards = select(
        col(Management.employee_id), null(), null(), null(), null(), null(), col(Management.manager_id)
    ).where(col(Management.manager_id).in_(lowest), col(Management.ended_at).is_(None))
    if to_one:
        downwards = downwards.where(col(Management.employee_id) == bindparam("person", type_=String()))
    return union_all(upwards, downwards)


def _write_parties_statement(engine: str) -> CompoundSelect[Any]:
    authors = select(literal("author"), col(Authorship.idea_id), col(Authorship.employee_id)).where(
        among(col(Authorship.idea_id), "ideas", engine), col(Authorship.state) == "accepted"
    )
    declared = select(
        literal("declared"), col(ConflictDeclaration.idea_id), col(ConflictDeclaration.employee_id)
    ).where(among(col(ConflictDeclaration.idea_id), "ideas", engine))
    return union_all(authors, declared)


_LINE = Prepared(lambda engine: _write_line_statement(_authors(engine), to_one=False))
_LINE_TO_ONE = Prepared(lambda engine: _write_line_statement(_authors(engine), to_one=True))
_LINE_OF_PEOPLE = Prepared(lambda engine: _write_line_statement(_people(engine), to_one=False))
_PARTIES = Prepared(_write_parties_statement)
