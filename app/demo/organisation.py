"""The company of the demonstration: its entities, its people, who reports to whom, who holds which role."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from app.demo import directory, figures, staffing

COLUMNS = (
    "external_id",
    "email",
    "name",
    "entity",
    "manager_external_id",
    "functions",
    "roles",
    "locale",
    "active",
)
FULL_SIZE = figures.EMPLOYEES
LEAST_EMPLOYEES = figures.LEAST_EMPLOYEES


@dataclass(frozen=True, slots=True)
class Employee:
    """A person of the company; `manager` is empty for the head of the company."""

    external_id: str
    email: str
    name: str
    feminine: bool
    entity: str
    town: str
    home_function: str
    manager: str
    functions: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Organisation:
    """The people in a fixed order: the cast first, then entity by entity, heads before their teams."""

    employees: tuple[Employee, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Employee]:
        """The people by external id."""
        return {employee.external_id: employee for employee in self.employees}

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """The paths of the entities where somebody works, the company first."""
        paths = {employee.entity: None for employee in self.employees}
        return tuple(sorted(paths, key=lambda path: path.split("/")))

    @cached_property
    def managers(self) -> frozenset[str]:
        """External ids of those who have a team."""
        return frozenset(employee.manager for employee in self.employees if employee.manager)

    def list_line(self, external_id: str) -> tuple[str, ...]:
        """Everybody above a person, the direct manager first."""
        line: list[str] = []
        manager = self.by_id[external_id].manager
        while manager:
            line.append(manager)
            manager = self.by_id[manager].manager
        return tuple(line)

    def list_with(self, role: str) -> tuple[Employee, ...]:
        """Everybody who holds a role."""
        return tuple(employee for employee in self.employees if role in employee.roles)

    def rows(self) -> list[dict[str, str]]:
        """The people as rows of a directory import, keys as in `COLUMNS`."""
        return [
            {
                "external_id": employee.external_id,
                "email": employee.email,
                "name": employee.name,
                "entity": employee.entity,
                "manager_external_id": employee.manager,
                "functions": ";".join(employee.functions),
                "roles": ";".join(employee.roles),
                "locale": "fr",
                "active": "true",
            }
            for employee in self.employees
        ]


def build(rng: Random, employees: int) -> Organisation:
    """Draw a company of so many people, 20 at least.

    One person of every role has a fixed, memorable e-mail; none of these stands in another's line.

    Raises: ValueError for a company that is too small.
    """
    if employees < LEAST_EMPLOYEES:
        raise ValueError(f"a company has at least {LEAST_EMPLOYEES} employees")
    seats = directory.draw_seats(rng, employees)
    cast = staffing.seat_cast(seats)
    order = [*cast, *(seat for seat in range(employees) if seat not in cast)]
    ids = {seat: f"E{rank:05d}" for rank, seat in enumerate(order, 1)}
    roles = staffing.assign_roles(rng, seats, cast)
    functions = staffing.assign_functions(rng, seats, cast, roles)
    names = directory.draw_names(rng, employees, taken=[person.name for person in staffing.CAST])
    people: list[Employee] = []
    for seat in order:
        person = staffing.CAST[cast[seat]] if seat in cast else None
        named = directory.Name(person.name, person.feminine) if person else names.pop()
        place = seats[seat]
        people.append(
            Employee(
                external_id=ids[seat],
                email=named.email,
                name=named.full,
                feminine=named.feminine,
                entity=place.entity,
                town=place.town,
                home_function=place.function,
                manager="" if place.manager is None else ids[place.manager],
                functions=tuple(functions.get(seat, ())),
                roles=tuple(roles.get(seat, ())),
            )
        )
    return Organisation(tuple(people))
