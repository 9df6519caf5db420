"""Releases: figures of parts of the company as they were told, kept for good."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.columns import moment


class Release(SQLModel, table=True):
    """A release, of the state of things at the end of a day.

    `parents` is the tree of entities of that day: the entity above each, null where there is none. `inhabited` are
    those in which somebody worked directly.
    """

    __tablename__ = "releases"

    day: date = Field(primary_key=True)
    made_at: datetime = moment()
    parents: dict[str, Any] = Field(sa_type=JSON)
    inhabited: list[str] = Field(sa_type=JSON)


class ReleasedFigure(SQLModel, table=True):
    """What a release tells of an entity (an empty one is the whole company) by measure.

    `topic` is a table of `domain.releases` or a campaign. A release has a row of what it tells anew: of a figure that
    is told as it was before, the last row up to its day holds. Without people it is hidden from then on; nothing that
    is hidden is kept.
    """

    __tablename__ = "released_figures"

    entity_id: str = Field(primary_key=True, max_length=24)
    topic: str = Field(primary_key=True, max_length=24)
    measure: str = Field(primary_key=True, max_length=20)
    day: date = Field(primary_key=True, index=True)
    people: int | None = None
    headcount: int | None = None
