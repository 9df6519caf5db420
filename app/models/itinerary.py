"""The itinerary: the append-only list of everything that happened to an idea, chained by hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_reference, reference


class ItineraryActor(SQLModel, table=True):
    """The random name under which a person acts on one idea; erasing the person empties `employee_id` only."""

    __tablename__ = "itinerary_actors"
    __table_args__ = (Index("uq_itinerary_actors_person", "idea_id", "employee_id", unique=True),)

    ref: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    employee_id: str | None = optional_reference("employees.id", index=True)


class ItineraryEntry(SQLModel, table=True):
    """One thing that happened to an idea; never changed.

    The hash covers the facts and commitments to the private ones (see `domain/itinerary.py`), so that the
    text and its salt can be dropped while the chain stays verifiable.
    """

    __tablename__ = "itinerary_entries"
    __table_args__ = (Index("uq_itinerary_entries_position", "idea_id", "position", unique=True),)

    id: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    position: int
    at: datetime = moment()
    act: str = Field(max_length=40)
    actor_ref: str | None = optional_reference("itinerary_actors.ref")
    holder_ref: str | None = optional_reference("itinerary_actors.ref")
    from_stage: str = Field(max_length=20)
    to_stage: str = Field(max_length=20)
    function_id: str | None = optional_reference("functions.id")
    reason_code: str | None = Field(default=None, max_length=40)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    text: str | None = None
    salt: str | None = Field(default=None, max_length=64)
    commitment: str = Field(max_length=64)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class ItineraryHead(SQLModel, table=True):
    """The last hash of an idea's itinerary, kept apart from its rows so that a cut tail is seen.

    `anchored*` is where the chain stood when the last anchor was made.
    """

    __tablename__ = "itinerary_heads"

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    position: int
    hash: str = Field(max_length=64)
    anchored_position: int = 0
    anchored_hash: str = Field(default="", max_length=64)


class Anchor(SQLModel, table=True):
    """A digest over all heads at a moment, also written to the anchor file outside the database."""

    __tablename__ = "anchors"

    id: str = key()
    at: datetime = moment()
    ideas: int
    entries: int
    digest: str = Field(max_length=64)
