"""The fixed cast with its fixed relations, and small makers for everybody else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.domain.actors import Actor
from app.domain.roles import Role
from app.models.campaigns import Campaign
from app.models.employees import Employee, Employment, Management
from app.models.entities import Entity
from app.models.functions import Function
from app.models.roles import RoleGrant
from app.models.themes import Theme
from app.queries import actors

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_numbers = count(1)


async def make_entity(session: WriteSession, path: str) -> Entity:
    """Make an entity with everything above it, or return the one that is there."""
    found = await session.scalar(select(Entity).where(col(Entity.path) == path))
    if found is not None:
        return found
    above, _, name = path.rpartition("/")
    parent = await make_entity(session, above) if above else None
    entity = Entity(name=name, path=path, parent_id=parent.id if parent else None, created_at=START)
    session.add(entity)
    await session.flush()
    return entity


async def make_function(session: WriteSession, name: str) -> Function:
    """Make a function, or return the one that is there."""
    found = await session.scalar(select(Function).where(col(Function.name) == name))
    if found is not None:
        return found
    function = Function(name=name, created_at=START)
    session.add(function)
    await session.flush()
    return function


async def make_employee(
    session: WriteSession,
    name: str = "",
    *,
    entity: str = "Company/Elsewhere",
    manager: Employee | None = None,
    at: datetime = START,
) -> Employee:
    """Make an active employee in an entity; without a manager, the top of a tree."""
    number = next(_numbers)
    name = name or f"Person {number}"
    unit = await make_entity(session, entity)
    employee = Employee(
        external_id=f"E{number:05}",
        email=f"{name.lower().replace(' ', '.')}.{number}@company.example",
        name=name,
        entity_id=unit.id,
        created_at=at,
    )
    session.add(employee)
    await session.flush()
    session.add(Employment(employee_id=employee.id, entity_id=unit.id, started_at=at))
    session.add(
        Management(employee_id=employee.id, manager_id=manager.id if manager else None, started_at=at)
    )
    await session.flush()
    return employee


async def grant(
    session: WriteSession,
    employee: Employee,
    role: Role,
    *,
    function: Function | None = None,
    campaign_id: str | None = None,
) -> RoleGrant:
    """Grant a role."""
    granted = RoleGrant(
        employee_id=employee.id,
        role=role,
        function_id=function.id if function else None,
        campaign_id=campaign_id,
        granted_at=START,
    )
    session.add(granted)
    await session.flush()
    return granted


@dataclass
class Cast:
    """Everybody, by first name; relations are said in `build`."""

    people: dict[str, Employee] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    permanent_box: str = ""

    def __getitem__(self, name: str) -> Employee:
        return self.people[name]

    async def actor(self, session: WriteSession, name: str) -> Actor:
        """Return a person as the rules see them now."""
        found = await actors.find_actor(session, self.people[name].id, session_id=None, now=START)
        assert found is not None
        return found


async def build(session: WriteSession) -> Cast:
    """Make the cast.

    Alice (author), Bob (her line manager), Carol (his manager, the top), Olga (Bob's other report), Rita
    (Alice's direct report); Dan and Dora (correspondents of Finance, outside Alice's line, in other
    entities), Eve (correspondent of IT), Ian and Irma (innovation managers), Dev (idea developer), Fay
    (facilitator), Mia (community manager), Sam (sponsor), Hana (HR), Walt (works council), Adam (admin),
    Max (a stranger), Pete (Alice's peer).
    """
    cast = Cast()
    finance, it = await make_function(session, "Finance"), await make_function(session, "IT")
    cast.functions = {"Finance": finance.id, "IT": it.id}

    async def add(name: str, entity: str, manager: str | None = None) -> Employee:
        above = cast.people[manager] if manager else None
        cast.people[name] = await make_employee(session, name, entity=entity, manager=above)
        return cast.people[name]

    await add("Carol", "Company/Sales")
    await add("Bob", "Company/Sales/Lyon", "Carol")
    await add("Alice", "Company/Sales/Lyon", "Bob")
    await add("Pete", "Company/Sales/Lyon", "Bob")
    await add("Olga", "Company/Sales/Lyon", "Bob")
    await add("Rita", "Company/Sales/Lyon", "Alice")
    await add("Boss", "Company/Head")
    for name, entity, role, function in (
        ("Dan", "Company/Finance/Paris", Role.CORRESPONDENT, finance),
        ("Dora", "Company/Finance/Lille", Role.CORRESPONDENT, finance),
        ("Eve", "Company/IT/Paris", Role.CORRESPONDENT, it),
        ("Ian", "Company/Innovation", Role.INNOVATION_MANAGER, None),
        ("Irma", "Company/Innovation", Role.INNOVATION_MANAGER, None),
        ("Dev", "Company/IT/Paris", Role.IDEA_DEVELOPER, None),
        ("Fay", "Company/Human Resources", Role.FACILITATOR, None),
        ("Mia", "Company/Communication", Role.COMMUNITY_MANAGER, None),
        ("Sam", "Company/Head", Role.SPONSOR, None),
        ("Hana", "Company/Human Resources", Role.HR, None),
        ("Walt", "Company/Works council", Role.WORKS_COUNCIL, None),
        ("Adam", "Company/IT/Paris", Role.ADMIN, None),
    ):
        await grant(session, await add(name, entity, "Boss"), role, function=function)
    await add("Max", "Company/Logistics", "Boss")
    cast.themes = dict((await session.execute(select(col(Theme.key), col(Theme.id)))).all())
    permanent = await session.scalar(select(col(Campaign.id)).where(col(Campaign.permanent).is_(True)))
    cast.permanent_box = permanent or ""
    return cast


async def build_in(database: Database) -> Cast:
    """Make the cast in a transaction of its own."""
    async with database.writer() as session:
        return await build(session)
