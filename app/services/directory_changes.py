"""Writing what an import of employees planned, in bulk: a few statements, however many people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import names
from app.domain.directory_records import SOURCE, TOP, GrantChange, ImportPlan, Person
from app.models.employees import Employee, Management
from app.models.entities import Entity
from app.models.functions import Function
from app.models.roles import RoleGrant
from app.queries.directory import Directory
from app.services import departures, directory_grants

DEFAULT_LOCALE = "fr"

_SILENT = {"synchronize_session": False}


@dataclass(slots=True)
class _Application:
    """A plan on its way into the database, and the identifiers of all it names."""

    session: WriteSession
    plan: ImportPlan
    directory: Directory
    actor_id: str | None
    now: datetime
    entities: dict[str, str] = field(init=False)
    functions: dict[str, str] = field(init=False)
    people: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.entities = dict(self.directory.entities)
        self.functions = dict(self.directory.functions)
        self.people = {
            external_id: person.id for external_id, person in self.directory.snapshot.by_external_id.items()
        }

    async def insert(self, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
        for part in departures.split(rows):
            await self.session.execute(insert(table), part)

    def find(self, external_ids: Iterable[str]) -> list[Person]:
        known = self.directory.snapshot.by_external_id
        return [known[external_id] for external_id in external_ids]


async def apply(
    session: WriteSession, plan: ImportPlan, directory: Directory, *, actor_id: str | None, now: datetime
) -> int:
    """Do what a plan says, in the order that it asks for; returns how many roles ended.

    Called under the exclusive lock of the organisation, with the directory that was planned on; the caller
    settles who holds which idea then. New people count in the headcount from `now` on.

    Raises: sqlalchemy.exc.IntegrityError when somebody who did not take the lock came in between.
    """
    work = _Application(session, plan, directory, actor_id, now)
    await _make_entities(work)
    await _make_functions(work)
    await _free_addresses(work)
    await _make_people(work)
    await _change_people(work)
    ended = await _change_activity(work)
    await _change_managers(work)
    return ended + await _change_grants(work)


async def _make_entities(work: _Application) -> None:
    rows = []
    for path in work.plan.entities:
        above, _, name = path.rpartition("/")
        key = work.entities[path] = ids.new()
        parent = work.entities[above] if above else None
        rows.append({"id": key, "name": name, "parent_id": parent, "path": path, "created_at": work.now})
    await work.insert(Entity, rows)


async def _make_functions(work: _Application) -> None:
    made = {name: ids.new() for name in work.plan.functions}
    work.functions |= made
    await work.insert(
        Function,
        [{"id": key, "name": name, "fallback": False, "created_at": work.now} for name, key in made.items()],
    )


async def _free_addresses(work: _Application) -> None:
    """Take away the addresses that change, because two people may exchange theirs; and links sent there."""
    changing = [update.external_id for update in work.plan.updated if update.email is not None]
    for people in departures.split([person.id for person in work.find(changing)]):
        await work.session.execute(
            update(Employee)
            .where(col(Employee.id).in_(people))
            .values(email=None)
            .execution_options(**_SILENT)
        )
        await departures.cancel_links(work.session, people, now=work.now)


async def _make_people(work: _Application) -> None:
    work.people |= {new.external_id: ids.new() for new in work.plan.created}
    rows = [
        {
            "id": work.people[new.external_id],
            "external_id": new.external_id,
            "email": new.email,
            "name": new.name,
            "folded_name": names.fold_words(new.name),
            "kind": "employee",
            "entity_id": work.entities[new.entity],
            "locale": new.locale or DEFAULT_LOCALE,
            "active": new.active,
            "access_version": 0,
            "created_at": work.now,
            "deactivated_at": None if new.active else work.now,
        }
        for new in work.plan.created
    ]
    await work.insert(Employee, rows)
    starts = {
        work.people[new.external_id]: work.entities[new.entity] for new in work.plan.created if new.active
    }
    await departures.start_employments(work.session, starts, now=work.now)


async def _change_people(work: _Application) -> None:
    """Change what stands in the account; whoever is active in another entity now counts there."""
    leaving, returning = set(work.plan.deactivated), set(work.plan.reactivated)
    rows, moved = [], {}
    for change, person in zip(
        work.plan.updated, work.find(change.external_id for change in work.plan.updated), strict=True
    ):
        name = change.name or person.name
        entity = change.entity or person.entity
        rows.append(
            {
                "key": person.id,
                "email": change.email or person.email,
                "name": name,
                "folded_name": names.fold_words(name),
                "entity_id": work.entities[entity] if entity else None,
                "locale": change.locale or person.locale,
            }
        )
        if change.entity and change.external_id not in leaving | returning and person.active:
            moved[person.id] = work.entities[change.entity]
    connection = await work.session.connection()
    for part in departures.split(rows):
        await connection.execute(_CHANGE_PERSON, part)
    for people in departures.split(list(moved)):
        await departures.end_employments(work.session, people, now=work.now)
    await departures.start_employments(work.session, moved, now=work.now)


async def _change_activity(work: _Application) -> int:
    entities = {update.external_id: update.entity for update in work.plan.updated if update.entity}
    returning = {}
    for person in work.find(work.plan.reactivated):
        entity = entities.get(person.external_id or "") or person.entity
        returning[person.id] = work.entities[entity] if entity else None
    leavers = [person.id for person in work.find(work.plan.deactivated)]
    await departures.come_back(work.session, returning, actor_id=work.actor_id, now=work.now)
    return await departures.leave(work.session, leavers, actor_id=work.actor_id, now=work.now)


async def _change_managers(work: _Application) -> None:
    """End the link of before and begin the new one: what was, stays known with its dates."""
    links = [(work.people[change.external_id], change.manager) for change in work.plan.managers]
    for part in departures.split(links):
        await work.session.execute(
            update(Management)
            .where(
                col(Management.employee_id).in_([employee_id for employee_id, _ in part]),
                col(Management.ended_at).is_(None),
            )
            .values(ended_at=work.now)
            .execution_options(**_SILENT)
        )
    rows = [
        {
            "id": ids.new(),
            "employee_id": employee_id,
            "manager_id": work.people[manager] if manager != TOP else None,
            "certain": True,
            "started_at": work.now,
            "ended_at": None,
        }
        for employee_id, manager in links
    ]
    await work.insert(Management, rows)


async def _change_grants(work: _Application) -> int:
    """End grants and give new ones; those of leavers have ended already."""
    owned = [
        work.directory.grants[work.people[change.external_id], change.grant] for change in work.plan.ended
    ]
    granted = [_write_grant(work, change) for change in work.plan.granted]
    ended = await directory_grants.end(work.session, owned, actor_id=work.actor_id, now=work.now)
    await work.insert(RoleGrant, granted)
    directory_grants.enter(work.session, granted, actor_id=work.actor_id, now=work.now)
    return ended


def _write_grant(work: _Application, change: GrantChange) -> dict[str, Any]:
    function = change.grant.function
    return {
        "id": ids.new(),
        "employee_id": work.people[change.external_id],
        "role": change.grant.role.value,
        "function_id": work.functions[function] if function is not None else None,
        "source": SOURCE,
        "granted_at": work.now,
        "ended_at": None,
    }


_EMPLOYEES: Any = Employee.__table__  # type: ignore[attr-defined]  # SQLModel does not tell types of its tables
_CHANGE_PERSON = (
    update(_EMPLOYEES)
    .where(_EMPLOYEES.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in ("email", "name", "folded_name", "entity_id", "locale")})
)
