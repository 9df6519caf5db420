"""Fields that a campaign asks for besides the texts of an idea, and what ideas say in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, optional_moment, reference

_CURRENT = text("retired_at IS NULL")


class CampaignField(SQLModel, table=True):
    """A field of a campaign.

    `labels` are by language; `choices` a list of {key, labels}. A field is never deleted nor changes its kind: it is
    retired, and keeps what ideas said in it.
    """

    __tablename__ = "campaign_fields"
    __table_args__ = (
        Index(
            "uq_campaign_fields_current",
            "campaign_id",
            "key",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )

    id: str = key()
    campaign_id: str = reference("campaigns.id", index=True, cascade=True)
    key: str = Field(max_length=40)
    kind: str = Field(max_length=10)
    labels: dict[str, str] = Field(sa_type=JSON)
    choices: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    unit: str | None = Field(default=None, max_length=20)
    required: bool = False
    position: int = 0
    retired_at: datetime | None = optional_moment()


class FieldValue(SQLModel, table=True):
    """What an idea says in a field, one row for each of several choices.

    `value` is text in the form of its kind: a number without exponent, a day as in ISO 8601, `true` or `false`, the
    key of a choice. `folded` is what the feed is narrowed by: its first characters without case.
    """

    __tablename__ = "field_values"
    __table_args__ = (Index("ix_field_values_folded", "field_id", "folded", "idea_id"),)

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    field_id: str = reference("campaign_fields.id", primary_key=True)
    place: int = Field(default=0, primary_key=True)
    value: str
    folded: str = Field(max_length=100)
