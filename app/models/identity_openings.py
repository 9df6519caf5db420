"""Requests to open the identity of whoever wrote an anonymous idea."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_ASKED = text("state = 'asked'")


class IdentityOpening(SQLModel, table=True):
    """A request by one person that a second one, drawn, agrees to or refuses; it never says who wrote the idea.

    `state` is one of `domain.identity_openings.OpeningState`; of each person one request per idea waits at a time.
    """

    __tablename__ = "identity_openings"
    __table_args__ = (
        Index(
            "uq_identity_openings_asked",
            "idea_id",
            "asked_by_id",
            unique=True,
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
        Index("ix_identity_openings_asked_by_id_asked_at", "asked_by_id", "asked_at"),
        Index("ix_identity_openings_second_id_asked_at", "second_id", "asked_at"),
        Index("ix_identity_openings_due_at", "due_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
    )

    id: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    asked_by_id: str = reference("employees.id")
    second_id: str | None = optional_reference("employees.id")
    reason: str
    refusal: str | None = None
    state: str = Field(max_length=20)
    asked_at: datetime = moment()
    due_at: datetime = moment()
    ended_at: datetime | None = optional_moment()
    shown_until: datetime | None = optional_moment()
