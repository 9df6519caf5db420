"""Reading everybody and everything that an import of employees compares with."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.directory_records import SOURCE, DirectorySnapshot, Grant, Person
from app.domain.employees import PLACEHOLDER
from app.domain.roles import Role
from app.models.employees import Employee, Management
from app.models.entities import Entity
from app.models.functions import Function
from app.models.roles import RoleGrant


@dataclass(frozen=True, slots=True)
class Directory:
    """A snapshot of the directory, and where its parts are.

    `entities` and `functions` are identifiers by path and by name; `grants` those of the grants that an
    import owns, by person and grant.
    """

    snapshot: DirectorySnapshot
    entities: Mapping[str, str]
    functions: Mapping[str, str]
    grants: Mapping[tuple[str, Grant], str]


async def get_directory(session: ReadSession) -> Directory:
    """Return the directory as it is now, in four statements; true for as long as its lock is held.

    Placeholders are no part of it: nobody is behind them.
    """
    entities = dict((await session.execute(select(col(Entity.path), col(Entity.id)))).all())
    functions = dict((await session.execute(select(col(Function.name), col(Function.id)))).all())
    owned: defaultdict[str, set[Grant]] = defaultdict(set)
    otherwise: defaultdict[str, set[Grant]] = defaultdict(set)
    grants = {}
    for grant_id, person_id, role, function, source in await session.execute(_GRANTS):
        grant = Grant(Role(role), function)
        (owned if source == SOURCE else otherwise)[person_id].add(grant)
        if source == SOURCE:
            grants[person_id, grant] = grant_id
    people = tuple(
        Person(
            id=row.id,
            external_id=row.external_id,
            email=row.email,
            name=row.name,
            entity=row.path,
            manager_id=row.manager_id,
            manager_certain=bool(row.certain),
            locale=row.locale,
            active=row.active,
            operator=row.kind != "employee",
            granted=frozenset(owned[row.id]),
            granted_otherwise=frozenset(otherwise[row.id]),
        )
        for row in await session.execute(_PEOPLE)
    )
    snapshot = DirectorySnapshot(people, tuple(sorted(entities)), tuple(sorted(functions)))
    return Directory(snapshot, entities, functions, grants)


_PEOPLE = (
    select(
        col(Employee.id),
        col(Employee.external_id),
        col(Employee.email),
        col(Employee.name),
        col(Entity.path),
        col(Management.manager_id),
        col(Management.certain),
        col(Employee.locale),
        col(Employee.active),
        col(Employee.kind),
    )
    .outerjoin(Entity, col(Entity.id) == col(Employee.entity_id))
    .outerjoin(
        Management,
        and_(col(Management.employee_id) == col(Employee.id), col(Management.ended_at).is_(None)),
    )
    .where(col(Employee.kind) != PLACEHOLDER)
    .order_by(col(Employee.id))
)
_GRANTS = (
    select(
        col(RoleGrant.id),
        col(RoleGrant.employee_id),
        col(RoleGrant.role),
        col(Function.name),
        col(RoleGrant.source),
    )
    .outerjoin(Function, col(Function.id) == col(RoleGrant.function_id))
    .where(
        col(RoleGrant.ended_at).is_(None),
        col(RoleGrant.entity_id).is_(None),
        col(RoleGrant.campaign_id).is_(None),
    )
)
