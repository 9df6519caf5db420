"""Moderation: cases, the reports that led to them, what moderators decided, and the words that are looked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_WAITING = text("state IN ('open', 'appealed')")


class ModerationCase(SQLModel, table=True):
    """One idea or comment that was reported or has a word of the list; `state` is that of `domain/moderation.py`.

    `moderator_id` is who decides, empty while nobody can. `original` is what the content says while it is hidden:
    it is kept here and nowhere else, so that no list, search or message can show it. `words` are those that were found.
    """

    __tablename__ = "moderation_cases"
    __table_args__ = (
        CheckConstraint("(content = 'comment') = (comment_id IS NOT NULL)", name="content"),
        Index("uq_moderation_cases_comment", "comment_id", unique=True),
        Index(
            "uq_moderation_cases_idea",
            "idea_id",
            unique=True,
            sqlite_where=text("comment_id IS NULL"),
            postgresql_where=text("comment_id IS NULL"),
        ),
        Index("ix_moderation_cases_moderator_id_opened_at_id", "moderator_id", "opened_at", "id"),
        Index("ix_moderation_cases_waiting", "opened_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: str = key()
    content: str = Field(max_length=10)
    idea_id: str = reference("ideas.id", cascade=True)
    comment_id: str | None = Field(default=None, foreign_key="comments.id", ondelete="CASCADE", max_length=24)
    state: str = Field(default="gathering", max_length=10)
    moderator_id: str | None = optional_reference("employees.id")
    words: list[str] = Field(default_factory=list, sa_type=JSON)
    original: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    opened_at: datetime = moment()
    decided_at: datetime | None = optional_moment()
    appealed_at: datetime | None = optional_moment()
    appeal: str = ""


class ContentReport(SQLModel, table=True):
    """That a person reported something: nobody but themselves can see that it was them."""

    __tablename__ = "content_reports"
    __table_args__ = (
        Index("uq_content_reports_once", "case_id", "reporter_id", unique=True),
        Index("ix_content_reports_reporter_id_at", "reporter_id", "at"),
        Index("ix_content_reports_at", "at"),
    )

    id: str = key()
    case_id: str = reference("moderation_cases.id", cascade=True)
    reporter_id: str = reference("employees.id")
    reason_code: str = Field(max_length=20)
    text: str = ""
    at: datetime = moment()


class ModerationDecision(SQLModel, table=True):
    """What a moderator decided; never changed."""

    __tablename__ = "moderation_decisions"
    __table_args__ = (
        Index("ix_moderation_decisions_case_id_at", "case_id", "at"),
        Index("ix_moderation_decisions_at", "at"),
    )

    id: str = key()
    case_id: str = reference("moderation_cases.id", cascade=True)
    moderator_id: str = reference("employees.id")
    action: str = Field(max_length=10)
    on_appeal: bool = False
    reason_code: str = Field(max_length=20)
    text: str
    at: datetime = moment()


class ModerationWord(SQLModel, table=True):
    """A folded word that brings what has it to a moderator; it hides nothing."""

    __tablename__ = "moderation_words"

    language: str = Field(primary_key=True, max_length=10)
    word: str = Field(primary_key=True, max_length=40)
