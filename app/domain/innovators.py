"""Innovators: people who chose to be found by readers they chose, by what they did, and by no score."""

from app.domain.actors import Actor
from app.domain.errors import Invalid
from app.domain.permissions import RoleMissing
from app.domain.roles import Role

READERS = (
    Role.COMMUNITY_MANAGER,
    Role.INNOVATION_MANAGER,
    Role.SPONSOR,
    Role.IDEA_DEVELOPER,
    Role.FACILITATOR,
    Role.CORRESPONDENT,
)
"""The roles by which somebody can be found, for those who want to be: no line manager as such, and not HR."""


class NobodyToShow(Invalid):
    """Who wants to be shown says to whom: one role at least."""

    code = "innovators.nobody-to-show"


def list_roles(actor: Actor) -> list[Role]:
    """Return the roles by which the actor may find people.

    Raises: RoleMissing where there is none.
    """
    held = {grant.role for grant in actor.grants}
    found = [role for role in READERS if role in held]
    if not found:
        raise RoleMissing
    return found
