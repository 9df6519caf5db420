"""Comments: the discussion under an idea, with one level of replies."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference


class Comment(SQLModel, table=True):
    """A comment; deleting leaves the row as a tombstone, so that its replies keep their place.

    `unnamed` says that an author wrote it under their anonymous idea: it was decided then and does not change
    when people join or leave. `credited_at` is when an author said that it changed the idea.
    """

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_idea_id_created_at_id", "idea_id", "created_at", "id"),
        Index("ix_comments_author_id_created_at", "author_id", "created_at"),
        Index("uq_comments_source", "source", "source_id", unique=True),
    )

    id: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    author_id: str = reference("employees.id")
    parent_id: str | None = optional_reference("comments.id", index=True)
    body: str
    unnamed: bool = False
    version: int = 1
    created_at: datetime = moment()
    edited_at: datetime | None = optional_moment()
    deleted_at: datetime | None = optional_moment()
    credited_at: datetime | None = optional_moment()
    hidden_at: datetime | None = optional_moment()
    hidden_code: str | None = Field(default=None, max_length=20)
    source: str | None = Field(default=None, max_length=100)
    source_id: str | None = Field(default=None, max_length=200)
    source_side: str | None = Field(default=None, max_length=20)
