"""Votes: one person, one standing vote per idea."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from app.models.columns import key, moment, optional_moment, reference

STANDING = text("withdrawn_at IS NULL")
_WITHDRAWN = text("withdrawn_at IS NOT NULL")


class Vote(SQLModel, table=True):
    """A vote from its casting to its withdrawal; a standing vote has no `withdrawn_at`.

    The partial unique key decides who voted first; withdrawn rows keep figures of past dates true.
    """

    __tablename__ = "votes"
    __table_args__ = (
        Index(
            "uq_votes_standing",
            "idea_id",
            "voter_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_votes_voter_id_cast_at", "voter_id", "cast_at"),
        # An earlier vote of the same person for the same idea was withdrawn: few are, and casting writes nothing here.
        Index(
            "ix_votes_withdrawn", "voter_id", "idea_id", sqlite_where=_WITHDRAWN, postgresql_where=_WITHDRAWN
        ),
        # For looking through the last month: votes lie in the order of time, so ranges of pages are enough.
        Index("ix_votes_cast_at", "cast_at", postgresql_using="brin"),
    )

    id: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    voter_id: str = reference("employees.id")
    cast_at: datetime = moment()
    withdrawn_at: datetime | None = optional_moment()
