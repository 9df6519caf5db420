"""Nudges, and until their effect is measured whom they went to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_DUE = text("sent_at IS NULL AND cancelled_at IS NULL")
_WATCHED = text("sent_at IS NOT NULL AND measured_at IS NULL")


class Nudge(SQLModel, table=True):
    """A message to a group: the active people in a segment, an entity with all below, and near a function.

    Each that is named narrows the group, none is everybody. `told` and `held_out` are how many people there were when
    it was sent; `opened`, `acted` and `held_acted` are counted once, seven days later.
    """

    __tablename__ = "nudges"
    __table_args__ = (
        CheckConstraint(
            "(idea_id IS NULL OR campaign_id IS NULL) AND (idea_id IS NULL OR gathering_id IS NULL)"
            " AND (campaign_id IS NULL OR gathering_id IS NULL)",
            name="about",
        ),
        Index("ix_nudges_created_at_id", "created_at", "id"),
        Index("ix_nudges_due", "send_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_nudges_watched", "sent_at", sqlite_where=_WATCHED, postgresql_where=_WATCHED),
    )

    id: str = key()
    title: str = Field(max_length=250)
    body: str
    segment: str | None = Field(default=None, max_length=20)
    entity_id: str | None = optional_reference("entities.id")
    function_id: str | None = optional_reference("functions.id")
    idea_id: str | None = optional_reference("ideas.id", index=True, cascade=True)
    campaign_id: str | None = optional_reference("campaigns.id", index=True, cascade=True)
    gathering_id: str | None = optional_reference("gatherings.id", index=True, cascade=True)
    author_id: str = reference("employees.id")
    send_at: datetime | None = optional_moment()
    sent_at: datetime | None = optional_moment()
    cancelled_at: datetime | None = optional_moment()
    told: int = 0
    held_out: int = 0
    opened: int = 0
    acted: int = 0
    held_acted: int = 0
    measured_at: datetime | None = optional_moment()
    version: int = 1
    created_at: datetime = moment()
    updated_at: datetime = moment()


class NudgeRecipient(SQLModel, table=True):
    """Somebody whom a nudge went to, or would have gone to were they not held out; gone once it is measured."""

    __tablename__ = "nudge_recipients"

    nudge_id: str = reference("nudges.id", primary_key=True, cascade=True)
    employee_id: str = reference("employees.id", primary_key=True, index=True)
    held_out: bool
