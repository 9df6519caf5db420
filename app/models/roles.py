"""Roles granted to people, for all or for a scope, with the time they held."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_CURRENT = text("ended_at IS NULL")


class RoleGrant(SQLModel, table=True):
    """A role of a person; at most one of the three scopes is set, none means for all.

    `source` is `directory` for grants that an import owns and may end, `manual` for the others.
    """

    __tablename__ = "role_grants"
    __table_args__ = (
        Index(
            "uq_role_grants_current",
            "employee_id",
            "role",
            text("coalesce(function_id, '')"),
            text("coalesce(entity_id, '')"),
            text("coalesce(campaign_id, '')"),
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index(
            "ix_role_grants_role_function_id",
            "role",
            "function_id",
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )

    id: str = key()
    employee_id: str = reference("employees.id", index=True)
    role: str = Field(max_length=40)
    function_id: str | None = optional_reference("functions.id")
    entity_id: str | None = optional_reference("entities.id")
    campaign_id: str | None = optional_reference("campaigns.id")
    source: str = Field(default="manual", max_length=20)
    granted_at: datetime = moment()
    ended_at: datetime | None = optional_moment()
