"""Roles: the hats that people wear besides being employees, and how they are granted."""

from enum import StrEnum

from app.domain.errors import Conflict, Forbidden, Invalid, NotFound


class Role(StrEnum):
    """A role that can be granted; `employee` is everyone and is not granted."""

    CORRESPONDENT = "correspondent"
    FACILITATOR = "facilitator"
    IDEA_DEVELOPER = "idea_developer"
    COMMUNITY_MANAGER = "community_manager"
    INNOVATION_MANAGER = "innovation_manager"
    SPONSOR = "sponsor"
    HR = "hr"
    WORKS_COUNCIL = "works_council"
    ADMIN = "admin"


EMPLOYEE = "employee"
"""The name that `/me` shows for what everybody is."""


class OwnGrant(Forbidden):
    """Nobody grants a role to themselves: ask another admin."""

    code = "roles.own-grant"


class NoSuchGrant(NotFound):
    """This person has no such role."""

    code = "roles.not-found"


class AlreadyGranted(Conflict):
    """This person has this role already."""

    code = "roles.already-granted"


class LastAdmin(Conflict):
    """Without this person nobody would be an active admin."""

    code = "roles.last-admin"


class ScopeNotRight(Invalid):
    """A role is granted for all or for one function, entity or campaign."""

    code = "roles.scope"


def check_scope(role: Role, *, function: str | None, entity: str | None, campaign: str | None) -> None:
    """Let pass a role with the one scope it may have.

    A correspondent answers for a function or a campaign; an admin for everything, because there is no
    smaller admin.

    Raises: ScopeNotRight.
    """
    scopes = {"function": function, "entity": entity, "campaign": campaign}
    given = [name for name, scope in scopes.items() if scope is not None]
    if role is Role.CORRESPONDENT and not {"function", "campaign"} & set(given):
        raise ScopeNotRight.at("/function", "A correspondent answers for a function or a campaign.")
    if role is Role.ADMIN and given:
        raise ScopeNotRight.at(f"/{given[0]}", "An admin is one for everything.")
    if len(given) > 1:
        raise ScopeNotRight.at(f"/{given[1]}")
