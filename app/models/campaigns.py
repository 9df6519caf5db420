"""Campaigns: time-boxed challenges, and the permanent box."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference

_PERMANENT = text("permanent")


class Campaign(SQLModel, table=True):
    """A challenge with a question; the permanent box is the campaign without end."""

    __tablename__ = "campaigns"
    __table_args__ = (
        Index(
            "uq_campaigns_permanent",
            "permanent",
            unique=True,
            sqlite_where=_PERMANENT,
            postgresql_where=_PERMANENT,
        ),
    )

    id: str = key()
    name: str = Field(unique=True, max_length=200)
    question: str = ""
    permanent: bool = False
    sponsor_id: str | None = optional_reference("employees.id")
    starts_at: datetime = moment()
    ends_at: datetime | None = optional_moment()
