"""Restricted ideas: the lanes, who reads them, each restriction with its clock, and what was said in it."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_STANDING = text("lifted_at IS NULL")
_RUNNING = text("state = 'open' AND step_due_at IS NOT NULL")


class RestrictionLane(SQLModel, table=True):
    """Where else people turn for a kind of restriction, and who hears when no reader answers."""

    __tablename__ = "restriction_lanes"

    kind: str = Field(primary_key=True, max_length=30)
    contact: str = ""
    escalation_id: str | None = optional_reference("employees.id", index=True)
    updated_at: datetime = moment()


class RestrictionReader(SQLModel, table=True):
    """That a person reads the ideas of a lane, those of their own line apart."""

    __tablename__ = "restriction_readers"

    kind: str = Field(primary_key=True, max_length=30)
    employee_id: str = reference("employees.id", primary_key=True, index=True)
    since: datetime = moment()


class Restriction(SQLModel, table=True):
    """That an idea is, or was, for its authors and the readers of a lane alone; see `domain/restrictions.py`.

    Meanwhile the idea stands as a draft that was never submitted; `former_*` keep how it stood.
    `actor_id` is who restricted it, empty where that was an author.
    `reader_id` is whose turn it is, with the clock of `domain/deadlines.py`.
    """

    __tablename__ = "restrictions"
    __table_args__ = (
        Index(
            "uq_restrictions_standing",
            "idea_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_restrictions_kind_opened_at", "kind", "opened_at", "id"),
        Index(
            "ix_restrictions_step_due_at",
            "step_due_at",
            "id",
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    id: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    kind: str = Field(max_length=30)
    state: str = Field(default="open", max_length=10)
    text: str = ""
    by_author: bool = False
    actor_id: str | None = optional_reference("employees.id", index=True)
    former_stage: str = Field(max_length=20)
    former_submitted_at: datetime | None = optional_moment()
    opened_at: datetime = moment()
    reader_id: str | None = optional_reference("employees.id", index=True)
    acknowledged_at: datetime | None = optional_moment()
    decision_due_at: datetime | None = optional_moment()
    due_at: datetime | None = optional_moment()
    step: str | None = Field(default=None, max_length=20)
    step_due_at: datetime | None = optional_moment()
    reassigned: bool = False
    escalated_at: datetime | None = optional_moment()
    answer: str = ""
    answered_by_id: str | None = optional_reference("employees.id", index=True)
    answered_at: datetime | None = optional_moment()
    lifted_at: datetime | None = optional_moment()


class RestrictionMessage(SQLModel, table=True):
    """What an author or a reader said about a restricted idea; it stays in the lane when the restriction is lifted."""

    __tablename__ = "restriction_messages"
    __table_args__ = (
        Index("ix_restriction_messages_restriction_id_at", "restriction_id", "at", "id"),
        Index("ix_restriction_messages_author_id", "author_id"),
    )

    id: str = key()
    restriction_id: str = reference("restrictions.id", cascade=True)
    author_id: str = reference("employees.id")
    by_author: bool
    body: str
    at: datetime = moment()
