"""People and their roles on the wire."""

from typing import Literal

from app.schemas.profiles import GrantSummary
from app.schemas.shapes import Identifier, Named, Request, Time

RoleName = Literal[
    "correspondent",
    "facilitator",
    "idea_developer",
    "community_manager",
    "innovation_manager",
    "sponsor",
    "hr",
    "works_council",
    "admin",
]


class EmployeeCard(Named):
    """An active person, as everybody may find them."""

    entity: Named | None


class EmployeeDetail(Named):
    """A person; `email`, `external_id` and `manager` are for admins, `roles` also for the works council.

    What the reader may not know is null.
    """

    entity: Named | None
    active: bool
    email: str | None
    external_id: str | None
    manager: Named | None
    roles: list[str] | None
    can: list[str]


class HeldRole(GrantSummary):
    """A role that a person holds; `source` is `directory` where an import gave it, else `manual`."""

    id: str
    source: str
    granted_at: Time


class GrantRole(Request):
    """Granting a role for all, or for one function, entity or campaign."""

    role: RoleName
    function: Identifier | None = None
    entity: Identifier | None = None
    campaign: Identifier | None = None
