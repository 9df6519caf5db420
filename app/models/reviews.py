"""Reviews: the turns of people on an idea, each with its clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_OPEN = text("closed_at IS NULL")
_CLOSED = text("closed_at IS NOT NULL")
_TURN = text("kind = 'review'")
_RUNNING = text("closed_at IS NULL AND paused_at IS NULL AND step_due_at IS NOT NULL")


class Review(SQLModel, table=True):
    """One person's turn on an idea.

    `kind` is `review` (a correspondent answers), `committee` (someone leads the idea to its next gate)
    or `appeal`. An open review without `reviewer_id` waits for somebody eligible. `route` records why
    this reviewer, as steps of `domain/routing.py`. `outcome` is the act that closed it.

    `due_at` is when the present wait ends, for the first answer or for the decision; `step` what the clock
    does next, at `step_due_at`, unless the review is paused; see `domain/deadlines.py`.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        Index("uq_reviews_open", "idea_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_reviews_reviewer_id_opened_at", "reviewer_id", "opened_at"),
        Index(
            "ix_reviews_reviewer_open",
            "reviewer_id",
            "opened_at",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_reviews_step_due_at", "step_due_at", "id", sqlite_where=_RUNNING, postgresql_where=_RUNNING
        ),
        Index("ix_reviews_closed_at", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        Index(
            "ix_reviews_carriers",
            "function_id",
            "reviewer_id",
            "closed_at",
            sqlite_where=_TURN,
            postgresql_where=_TURN,
        ),
    )

    id: str = key()
    idea_id: str = reference("ideas.id", index=True, cascade=True)
    reviewer_id: str | None = optional_reference("employees.id")
    function_id: str | None = optional_reference("functions.id")
    kind: str = Field(default="review", max_length=20)
    opened_at: datetime = moment()
    first_answer_due_at: datetime | None = optional_moment()
    decision_due_at: datetime | None = optional_moment()
    acknowledged_at: datetime | None = optional_moment()
    due_at: datetime | None = optional_moment()
    step: str | None = Field(default=None, max_length=20)
    step_due_at: datetime | None = optional_moment()
    reassigned: bool = False
    paused_at: datetime | None = optional_moment()
    closed_at: datetime | None = optional_moment()
    outcome: str | None = Field(default=None, max_length=40)
    route: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
