"""Gatherings, who hosts them, who signed up, who came, and the ideas that were written down there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference


class Gathering(SQLModel, table=True):
    """A roadshow, workshop or focus group; `time_zone` is the one that its times are told in.

    `places` is empty for any number; `entity_id` is whom it is for, with all below, empty for everybody.
    `sequence` counts the changes that a calendar must hear of (RFC 5545, 3.8.7.4), `version` all of them.
    `last_number` is the number of the latest sign-up. `attended` is how many came, once it is not known any more
    who.
    """

    __tablename__ = "gatherings"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("places IS NULL OR places > 0", name="places"),
        Index("ix_gatherings_starts_at_id", "starts_at", "id"),
        Index("ix_gatherings_ends_at", "ends_at"),
    )

    id: str = key()
    kind: str = Field(max_length=20)
    title: str = Field(max_length=250)
    description: str = ""
    place: str | None = Field(default=None, max_length=300)
    link: str | None = Field(default=None, max_length=1000)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    time_zone: str = Field(max_length=64)
    places: int | None = None
    walk_ins: bool = False
    entity_id: str | None = optional_reference("entities.id")
    campaign_id: str | None = optional_reference("campaigns.id", index=True)
    summary: str = ""
    attended: int | None = None
    cancelled_at: datetime | None = optional_moment()
    cancel_reason: str | None = Field(default=None, max_length=1000)
    last_number: int = 0
    sequence: int = 0
    version: int = 1
    created_at: datetime = moment()
    updated_at: datetime = moment()


class GatheringHost(SQLModel, table=True):
    """A person who runs a gathering, and sees who comes."""

    __tablename__ = "gathering_hosts"

    gathering_id: str = reference("gatherings.id", primary_key=True, cascade=True)
    employee_id: str = reference("employees.id", primary_key=True, index=True)


class SignUp(SQLModel, table=True):
    """That a person signed up; `state` is `seated` or `waiting`, `number` the order of coming.

    The row goes when the person leaves, and three months after the gathering.
    """

    __tablename__ = "sign_ups"
    __table_args__ = (
        Index("uq_sign_ups_person", "gathering_id", "employee_id", unique=True),
        Index("uq_sign_ups_number", "gathering_id", "number", unique=True),
        Index("ix_sign_ups_gathering_id_state_number", "gathering_id", "state", "number"),
    )

    id: str = key()
    gathering_id: str = reference("gatherings.id", cascade=True)
    employee_id: str = reference("employees.id", index=True)
    number: int
    state: str = Field(max_length=10)
    signed_up_at: datetime = moment()
    seated_at: datetime | None = optional_moment()


class Attendance(SQLModel, table=True):
    """That a person was there; `noted_by_id` is the host who noted it by hand.

    The row goes three months after the gathering.
    """

    __tablename__ = "attendances"
    __table_args__ = (Index("uq_attendances_person", "gathering_id", "employee_id", unique=True),)

    id: str = key()
    gathering_id: str = reference("gatherings.id", cascade=True)
    employee_id: str = reference("employees.id", index=True)
    noted_by_id: str | None = optional_reference("employees.id")
    at: datetime = moment()


class Capture(SQLModel, table=True):
    """That an idea was written down in a gathering, by a host who is none of its authors."""

    __tablename__ = "captures"
    __table_args__ = (Index("ix_captures_gathering_id_captured_at", "gathering_id", "captured_at"),)

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    gathering_id: str = reference("gatherings.id")
    captured_by_id: str = reference("employees.id")
    captured_at: datetime = moment()


class CalendarFeed(SQLModel, table=True):
    """The secret link under which a person's own calendar is read; a new identifier makes a new link."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (Index("uq_calendar_feeds_person", "employee_id", unique=True),)

    id: str = key()
    employee_id: str = reference("employees.id")
    created_at: datetime = moment()
