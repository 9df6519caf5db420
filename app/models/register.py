"""The register for the works council: append-only and chained by hash, people apart from the chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_reference


class RegisterName(SQLModel, table=True):
    """The random name under which a person stands in one entry; erasing the person empties `employee_id` only.

    A fresh one for each entry, so that nothing says any more which entries were about one person.
    """

    __tablename__ = "register_names"

    ref: str = key()
    employee_id: str | None = optional_reference("employees.id", index=True)


class RegisterEntry(SQLModel, table=True):
    """Something the works council may want to know of; never changed.

    The hash covers the facts, the random names and a commitment to the text (see `domain/register.py`), so that
    text and salt can be dropped while the chain stays verifiable.
    """

    __tablename__ = "register_entries"
    __table_args__ = (
        Index("ix_register_entries_kind_position", "kind", "position"),
        Index("ix_register_entries_at", "at"),
        Index("ix_register_entries_subject", "subject"),
    )

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = moment()
    kind: str = Field(max_length=20)
    act: str = Field(max_length=60)
    subject: str = Field(default="", max_length=60)
    actor_ref: str | None = optional_reference("register_names.ref")
    about_ref: str | None = optional_reference("register_names.ref")
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    text: str | None = None
    salt: str | None = Field(default=None, max_length=64)
    commitment: str = Field(max_length=64)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class RegisterHead(SQLModel, table=True):
    """The one row that says where the register ends, kept apart from it so that a cut tail is seen.

    Whoever appends locks it. `anchored_*` is where the register stood when the last anchor was made.
    """

    __tablename__ = "register_heads"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = 0
    hash: str = Field(max_length=64)
    anchored_position: int = 0
    anchored_hash: str = Field(default="", max_length=64)
