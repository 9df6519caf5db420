"""Requests for help with an idea, whom they were put to, and what the two said."""

from datetime import datetime

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_OPEN = text("state IN ('asked', 'helping')")
_DUE = text("due_at IS NOT NULL")


class HelpRequest(SQLModel, table=True):
    """An author asks for help; `state` is one of `domain.help_requests.HelpState`.

    `helper_id` is who is asked, or who helps or helped. `due_at` is when the clock does something by itself: asks the
    next one, or ends a coaching in which nothing is said any more. `counted` says that the thanks count for points:
    it was decided then and does not change.
    """

    __tablename__ = "help_requests"
    __table_args__ = (
        Index(
            "uq_help_requests_open",
            "idea_id",
            "asker_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_help_requests_asker_id_created_at_id", "asker_id", "created_at", "id"),
        Index("ix_help_requests_helper_id_created_at_id", "helper_id", "created_at", "id"),
        Index("ix_help_requests_due_at", "due_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: str = key()
    idea_id: str = reference("ideas.id", index=True, cascade=True)
    asker_id: str = reference("employees.id")
    helper_id: str | None = optional_reference("employees.id")
    wants: str = Field(max_length=20)
    text: str
    words: list[str] = Field(default_factory=list, sa_type=JSON)
    state: str = Field(max_length=20)
    created_at: datetime = moment()
    due_at: datetime | None = optional_moment()
    accepted_at: datetime | None = optional_moment()
    ended_at: datetime | None = optional_moment()
    thanked_at: datetime | None = optional_moment()
    counted: bool = False


class HelpTurn(SQLModel, table=True):
    """Somebody whom a request was put to: each person once; `outcome` is one of `domain.help_requests.Turn`."""

    __tablename__ = "help_turns"

    request_id: str = reference("help_requests.id", primary_key=True, cascade=True)
    employee_id: str = reference("employees.id", primary_key=True)
    asked_at: datetime = moment()
    outcome: str | None = Field(default=None, max_length=20)
    answered_at: datetime | None = optional_moment()


class HelpMessage(SQLModel, table=True):
    """Something that one of the two said in a coaching."""

    __tablename__ = "help_messages"
    __table_args__ = (Index("ix_help_messages_request_id_created_at_id", "request_id", "created_at", "id"),)

    id: str = key()
    request_id: str = reference("help_requests.id", cascade=True)
    author_id: str = reference("employees.id")
    body: str
    created_at: datetime = moment()
