"""News: what community managers tell people, as drafts, for a moment to come, or published."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_DUE = text("published_at IS NULL AND withdrawn_at IS NULL")


class NewsPost(SQLModel, table=True):
    """A news post; it is a draft while it has no `publish_at`, and is read from that moment on.

    `audience` says which of the three references is set, none for everybody. `published_at` is when the clock
    noticed that its moment had come.
    """

    __tablename__ = "news_posts"
    __table_args__ = (
        Index("ix_news_posts_publish_at_id", "publish_at", "id"),
        Index("ix_news_posts_created_at_id", "created_at", "id"),
        Index("ix_news_posts_due", "publish_at", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: str = key()
    title: str = Field(max_length=250)
    body: str
    audience: str = Field(max_length=10)
    entity_id: str | None = optional_reference("entities.id")
    function_id: str | None = optional_reference("functions.id")
    campaign_id: str | None = optional_reference("campaigns.id")
    author_id: str = reference("employees.id")
    publish_at: datetime | None = optional_moment()
    published_at: datetime | None = optional_moment()
    withdrawn_at: datetime | None = optional_moment()
    version: int = 1
    created_at: datetime = moment()
    updated_at: datetime = moment()
