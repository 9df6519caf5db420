"""Events: the audit trail and the outbox, written with each change."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, text
from sqlmodel import Field, SQLModel

from app.models.columns import moment, optional_moment

_PENDING = text("worked_off_at IS NULL")


class Event(SQLModel, table=True):
    """Something that happened, waiting for its reactions until `worked_off_at` is set.

    `actor_id` is empty where naming the actor would tell a secret (votes, anonymous ideas). `subject`
    is the identifier of what it happened to; people and ideas are referred to without foreign keys,
    because events outlive them.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_pending", "sequence", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_events_subject_sequence", "subject", "sequence"),
    )

    sequence: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer(), "sqlite")
    )
    kind: str = Field(max_length=60)
    subject: str = Field(max_length=24)
    actor_id: str | None = Field(default=None, max_length=24)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = moment()
    worked_off_at: datetime | None = optional_moment()
    attempts: int = 0
    retry_at: datetime | None = optional_moment()
    failure: str | None = None
