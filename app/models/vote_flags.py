"""Votes that look arranged: numbers about ideas, never a voter."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference


class VoteFlag(SQLModel, table=True):
    """A pattern that the nightly look found; `kind` is `reciprocal`, `burst` or `same_minute`.

    No column says who voted, nor for what. `people` and `votes` are shown above the floor only. `usual` is what
    a burst is compared with.
    """

    __tablename__ = "vote_flags"
    __table_args__ = (
        Index("ix_vote_flags_found_at_id", "found_at", "id"),
        Index("ix_vote_flags_kind_seen_at", "kind", "seen_at"),
    )

    id: str = key()
    kind: str = Field(max_length=20)
    state: str = Field(default="open", max_length=20)
    note: str = ""
    since: datetime = moment()
    until: datetime = moment()
    votes: int
    people: int
    minutes: int
    usual: float | None = None
    found_at: datetime = moment()
    seen_at: datetime = moment()
    reviewed_by: str | None = optional_reference("employees.id")
    reviewed_at: datetime | None = optional_moment()
    version: int = 1


class VoteFlagIdea(SQLModel, table=True):
    """An idea that a flag is about."""

    __tablename__ = "vote_flag_ideas"

    flag_id: str = reference("vote_flags.id", primary_key=True, cascade=True)
    idea_id: str = reference("ideas.id", primary_key=True, cascade=True, index=True)
