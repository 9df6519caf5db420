"""Erasures: what people wish for when they go, and that they were erased, without saying who."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core import ids
from app.models.columns import key, moment, optional_moment, optional_reference, reference

_UNSWEPT = text("swept_at IS NULL")


class ErasureWish(SQLModel, table=True):
    """That a person asks to be erased; `comments` says whether what they said is kept without their name or removed."""

    __tablename__ = "erasure_wishes"

    employee_id: str = reference("employees.id", primary_key=True)
    comments: str = Field(default="keep", max_length=10)
    asked_at: datetime = moment()


class ErasureChoice(SQLModel, table=True):
    """An idea whose content goes when the person is erased; all others stay without their name."""

    __tablename__ = "erasure_choices"

    employee_id: str = reference("employees.id", primary_key=True)
    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)


class Erasure(SQLModel, table=True):
    """That somebody was erased; nothing here says who.

    `former_id` is the identifier that is being swept out of events and notifications, in favour of that of the
    nameless account; both are empty once it is out. `swept_at` is when no free page held anything any more.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        Index("ix_erasures_unswept", "made_at", sqlite_where=_UNSWEPT, postgresql_where=_UNSWEPT),
    )

    id: str = key()
    made_at: datetime = moment()
    former_id: str | None = Field(default=None, max_length=ids.LENGTH)
    nameless_id: str | None = Field(default=None, max_length=ids.LENGTH)
    swept_at: datetime | None = optional_moment()


class ContentRemoval(SQLModel, table=True):
    """That content of an idea is to go at a moment; `scope` is `idea`, or `comments` for those of its author alone."""

    __tablename__ = "content_removals"
    __table_args__ = (Index("ix_content_removals_due_at", "due_at"),)

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    scope: str = Field(default="idea", max_length=10)
    due_at: datetime = moment()


class Correction(SQLModel, table=True):
    """That a person says what is wrong about them; an admin puts it right in the directory and answers."""

    __tablename__ = "corrections"
    __table_args__ = (
        Index("ix_corrections_employee_id_asked_at_id", "employee_id", "asked_at", "id"),
        Index("ix_corrections_asked_at_id", "asked_at", "id"),
    )

    id: str = key()
    employee_id: str = reference("employees.id")
    text: str
    asked_at: datetime = moment()
    settled_at: datetime | None = optional_moment()
    settled_by: str | None = optional_reference("employees.id")
    answer: str = ""
