"""Votings: campaigns whose votes are not free."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import moment, optional_moment, reference


class Voting(SQLModel, table=True):
    """How the votes of a campaign are counted, where that is not freely; see `domain/votings.py`.

    `closed_at` is when its votes were counted for good. `tallies.counting` says the same of each idea of it.
    """

    __tablename__ = "votings"
    __table_args__ = (
        CheckConstraint("tokens BETWEEN 1 AND 100", name="tokens"),
        CheckConstraint("tokens IS NOT NULL OR hidden", name="not_free"),
    )

    campaign_id: str = reference("campaigns.id", primary_key=True, cascade=True)
    tokens: int | None = Field(default=None)
    hidden: bool = False
    set_at: datetime = moment()
    closed_at: datetime | None = optional_moment()
