"""Segments: who was found where, the thresholds that differ from the defaults, and who is not to be addressed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.models.columns import moment, reference


class Membership(SQLModel, table=True):
    """The segment of an active employee as of the last computation, since the day `since`.

    `facts` are the numbers that put them there, for themselves only.
    """

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_segment", "segment", "employee_id"),)

    employee_id: str = reference("employees.id", primary_key=True)
    segment: str = Field(max_length=20)
    since: date
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class SegmentThreshold(SQLModel, table=True):
    """A threshold that somebody set; see `domain/segments.py`."""

    __tablename__ = "segment_thresholds"

    name: str = Field(primary_key=True, max_length=60)
    at_least: int
    updated_at: datetime = moment()


class Unaddressed(SQLModel, table=True):
    """That somebody does not want messages to their segment."""

    __tablename__ = "unaddressed"

    employee_id: str = reference("employees.id", primary_key=True)
    since: datetime = moment()
