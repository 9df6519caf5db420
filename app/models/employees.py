"""Employees, and the dated facts about them: where they worked and who managed them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, event, text
from sqlmodel import Field, SQLModel

from app.domain import names
from app.models.columns import key, moment, optional_moment, optional_reference, reference

_CURRENT = text("ended_at IS NULL")


class Employee(SQLModel, table=True):
    """A person with an account.

    `kind` is `employee`, `operator` (an account outside headcount, made on the command line) or
    `placeholder` (the author of imported ideas, outside the organisation). `email` is stored folded
    (lower case, NFKC). `folded_name` is the name as people look for it (`names.fold_words`).
    `access_version` grows when every session of the person must end. `erased_at` says that the account is
    nameless: it stands where somebody was who was erased, so that every total stays true.
    """

    __tablename__ = "employees"
    __table_args__ = (Index("ix_employees_folded_name", "folded_name", "id"),)

    id: str = key()
    external_id: str | None = Field(default=None, unique=True, max_length=200)
    email: str | None = Field(default=None, unique=True, max_length=320)
    name: str = Field(max_length=200)
    folded_name: str = Field(default="", max_length=names.MAX_FOLDED)
    kind: str = Field(default="employee", max_length=20)
    entity_id: str | None = optional_reference("entities.id", index=True)
    locale: str = Field(default="fr", max_length=20)
    active: bool = True
    password_hash: str | None = None
    access_version: int = 0
    created_at: datetime = moment()
    deactivated_at: datetime | None = optional_moment()
    erased_at: datetime | None = optional_moment()


@event.listens_for(Employee, "before_insert")
@event.listens_for(Employee, "before_update")
def _fold_name(_mapper: Any, _connection: Any, person: Employee) -> None:
    # Whoever makes or renames a person as an object can't forget it; bulk statements say it themselves.
    person.folded_name = names.fold_words(person.name)


class Employment(SQLModel, table=True):
    """A stretch of time in which a person counted in the headcount of an entity."""

    __tablename__ = "employments"
    __table_args__ = (
        Index(
            "uq_employments_current",
            "employee_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index("ix_employments_entity_id_started_at", "entity_id", "started_at"),
    )

    id: str = key()
    employee_id: str = reference("employees.id", index=True)
    entity_id: str = reference("entities.id")
    started_at: datetime = moment()
    ended_at: datetime | None = optional_moment()


class Management(SQLModel, table=True):
    """Who managed whom, and when.

    An empty `manager_id` with `certain` set says that the person is the top of a tree; without it,
    that the manager is unknown.
    """

    __tablename__ = "managements"
    __table_args__ = (
        Index(
            "uq_managements_current",
            "employee_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index(
            "ix_managements_manager_current", "manager_id", sqlite_where=_CURRENT, postgresql_where=_CURRENT
        ),
    )

    id: str = key()
    employee_id: str = reference("employees.id", index=True)
    manager_id: str | None = optional_reference("employees.id")
    certain: bool = True
    started_at: datetime = moment()
    ended_at: datetime | None = optional_moment()
