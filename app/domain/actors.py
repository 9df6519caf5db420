"""Actors: a signed-in person as the rules see them."""

from dataclasses import dataclass

from app.domain.roles import EMPLOYEE, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role with its scope; a grant without any scope holds for all."""

    role: Role
    function_id: str | None = None
    entity_id: str | None = None
    campaign_id: str | None = None

    @property
    def unscoped(self) -> bool:
        """Whether the grant holds for all."""
        return self.function_id is None and self.entity_id is None and self.campaign_id is None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: identity, entity and grants at this moment."""

    id: str
    entity_id: str | None = None
    grants: tuple[Grant, ...] = ()
    session_id: str | None = None

    def has(self, role: Role) -> bool:
        """Tell whether the person holds a role in any scope."""
        return any(grant.role is role for grant in self.grants)

    def has_for(self, role: Role, *, function_id: str | None = None, campaign_id: str | None = None) -> bool:
        """Tell whether the person holds a role for all, or for this function or campaign."""
        return any(
            grant.role is role
            and (
                grant.unscoped
                or (function_id is not None and grant.function_id == function_id)
                or (campaign_id is not None and grant.campaign_id == campaign_id)
            )
            for grant in self.grants
        )

    @property
    def role_names(self) -> list[str]:
        """The names of the person's roles, `employee` first, the others sorted."""
        return [EMPLOYEE, *sorted({grant.role.value for grant in self.grants})]
