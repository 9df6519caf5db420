"""Broadcasts: what crowds are told."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.core import ids
from app.domain.subjects import SubjectKind, Topic
from app.models.columns import key, moment, optional_moment, optional_reference

_OPEN = text("ended_at IS NULL")


class Broadcast(SQLModel, table=True):
    """Something that a crowd is told, in slices: who has an identifier up to and with `reached` was told already.

    A slice and `reached` are written in one transaction, so that nobody is told twice and nobody left out. `attempts`
    are failures in a row, after which it waits until `retry_at`.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (
        Index("uq_broadcasts_once", "event_sequence", "kind", unique=True),
        Index("ix_broadcasts_open", "event_sequence", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = key()
    kind: str = Field(max_length=60)
    subject_kind: str = Field(max_length=20)
    subject_id: str = Field(max_length=ids.LENGTH)
    event_sequence: int = Field(sa_type=BigInteger)
    actor_id: str | None = optional_reference("employees.id")
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reached: str = Field(default="", max_length=ids.LENGTH)
    attempts: int = 0
    retry_at: datetime | None = optional_moment()
    created_at: datetime = moment()
    ended_at: datetime | None = optional_moment()

    @property
    def topic(self) -> Topic:
        """What it is about."""
        return Topic(SubjectKind(self.subject_kind), self.subject_id)
