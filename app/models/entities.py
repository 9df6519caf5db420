"""Entities: the units of the organisation, a tree."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_reference


class Entity(SQLModel, table=True):
    """A unit of the organisation; `path` joins the names from the top with slashes.

    `calendar_id` is the calendar by which it and the units below it work, unless they have their own.
    """

    __tablename__ = "entities"

    id: str = key()
    name: str = Field(max_length=200)
    parent_id: str | None = optional_reference("entities.id", index=True)
    path: str = Field(unique=True, max_length=2000)
    calendar_id: str | None = optional_reference("calendars.id")
    created_at: datetime = moment()
