"""What an import of employees starts from, what a file asks for, and the plan that comes of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.roles import Role

SOURCE = "directory"
"""The source of grants that an import owns and may end."""

TOP = ""
"""The manager of a person who has none, certainly: an empty cell."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role, for all or for a function that is given by its name."""

    role: Role
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An account as it is now.

    An account with an `external_id` belongs to the directory; one without is never touched by an import.
    `entity` is a path of names from the top, joined by slashes. An empty `manager_id` means the top of a
    tree if it is `manager_certain`, else an unknown manager. `granted` are the grants that an import owns,
    `granted_otherwise` the rest; grants for an entity or a campaign are in neither.
    """

    id: str
    external_id: str | None
    email: str | None
    name: str
    entity: str | None = None
    manager_id: str | None = None
    manager_certain: bool = False
    locale: str | None = None
    active: bool = True
    operator: bool = False
    granted: frozenset[Grant] = frozenset()
    granted_otherwise: frozenset[Grant] = frozenset()


@dataclass(frozen=True, slots=True)
class DirectorySnapshot:
    """Everybody and everything that an import compares with.

    `entities` are paths, `functions` names; `locales` are the languages taken, None for any.
    """

    people: tuple[Person, ...] = ()
    entities: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    locales: frozenset[str] | None = None
    by_external_id: Mapping[str, Person] = field(init=False, repr=False, compare=False)
    by_id: Mapping[str, Person] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        imported = {person.external_id: person for person in self.people if person.external_id is not None}
        object.__setattr__(self, "by_external_id", imported)
        object.__setattr__(self, "by_id", {person.id: person for person in self.people})


@dataclass(slots=True)
class Wish:
    """What one row asks for; an `external_id` or `email` that can't be read is empty.

    `manager` is an external id, `TOP`, or None where the row says nothing that can be followed; `roles`,
    `functions` and `locale` are None where the row says nothing.
    """

    line: int
    external_id: str = ""
    email: str = ""
    name: str = ""
    entity: str = ""
    manager: str | None = None
    roles: frozenset[Role] | None = None
    functions: tuple[str, ...] | None = None
    locale: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, order=True)
class BadRow:
    """Why a row is not taken. Line 0 is the file as a whole."""

    line: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """What somebody should look at, though the row is taken. Line 0 is the file as a whole."""

    line: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    """An account to be made; grants and manager follow apart."""

    external_id: str
    email: str
    name: str
    entity: str
    locale: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Update:
    """Fields of a person that change; None where one does not."""

    external_id: str
    email: str | None = None
    name: str | None = None
    entity: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class ManagerChange:
    """A person's manager from now on, by external id; `TOP` for the top of a tree, certainly."""

    external_id: str
    manager: str


@dataclass(frozen=True, slots=True)
class GrantChange:
    """A grant that a person gains or loses."""

    external_id: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All that an import would do, and what stands against it. People are named by external id.

    To be applied in this order: entities (parents first), functions, e-mail addresses that change, people,
    activity, managers, grants. Two people may exchange addresses: free the old ones before the new ones
    are set. A new person without a `ManagerChange` has an unknown manager.
    """

    entities: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    created: tuple[NewPerson, ...] = ()
    updated: tuple[Update, ...] = ()
    deactivated: tuple[str, ...] = ()
    reactivated: tuple[str, ...] = ()
    managers: tuple[ManagerChange, ...] = ()
    granted: tuple[GrantChange, ...] = ()
    ended: tuple[GrantChange, ...] = ()
    unchanged: int = 0
    bad: tuple[BadRow, ...] = ()
    warnings: tuple[Doubt, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether applying it changes nothing."""
        people = (self.created, self.updated, self.deactivated, self.reactivated)
        return not any((self.entities, self.functions, *people, self.managers, self.granted, self.ended))
