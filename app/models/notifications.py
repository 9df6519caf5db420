"""The inbox: what each person was told, in the order in which it was written."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, text
from sqlmodel import Field, SQLModel

from app.core import ids
from app.domain.subjects import SubjectKind, Topic
from app.models.columns import moment, optional_moment, optional_reference, reference

_UNREAD = text("read_at IS NULL")
_ASKING = text("asks AND resolved_at IS NULL")


class Notification(SQLModel, table=True):
    """One thing that one person was told about one subject; `idea_id` is the same as `subject_id` where it is an idea.

    `position` grows in the order of the commits, because only the drain writes here, one at a time: a reader who has
    seen a position has seen everything before it. `facts` hold identifiers, days and numbers, never names or
    texts: those are looked up when somebody reads. `event_sequence` is the event it follows from.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        CheckConstraint("(subject_kind = 'idea') = (idea_id IS NOT NULL)", name="subject"),
        Index("ix_inbox_asked", "subject_id", sqlite_where=_ASKING, postgresql_where=_ASKING),
        Index("uq_inbox_once", "employee_id", "kind", "event_sequence", unique=True),
        Index("ix_inbox_employee_id_position", "employee_id", "position"),
        Index("ix_inbox_unread", "employee_id", "position", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_inbox_asking", "employee_id", "position", sqlite_where=_ASKING, postgresql_where=_ASKING),
        # Positions are where a live stream goes on: none is ever given twice.
        {"sqlite_autoincrement": True},
    )

    position: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer(), "sqlite")
    )
    id: str = Field(default_factory=ids.new, unique=True, max_length=ids.LENGTH)
    employee_id: str = reference("employees.id")
    kind: str = Field(max_length=60)
    subject_kind: str = Field(max_length=20)
    subject_id: str = Field(max_length=ids.LENGTH)
    idea_id: str | None = optional_reference("ideas.id", index=True, cascade=True)
    event_sequence: int = Field(sa_type=BigInteger)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    asks: bool = False
    created_at: datetime = moment()
    read_at: datetime | None = optional_moment()
    resolved_at: datetime | None = optional_moment()

    @property
    def topic(self) -> Topic:
        """What it is about."""
        return Topic(SubjectKind(self.subject_kind), self.subject_id)
