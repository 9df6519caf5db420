"""Campaigns: time-boxed challenges, and the permanent box."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_PERMANENT = text("permanent")
_OPEN = text("ended_at IS NULL")


class Campaign(SQLModel, table=True):
    """A challenge with a question; the permanent box is the campaign without end.

    `zone` is the time zone (IANA name) in which its phases were set. The five moments follow from the phases, see
    `domain.campaigns.measure`: copies beside the campaign's name, which every idea is read with.
    """

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
    context: str = ""
    permanent: bool = False
    state: str = Field(default="announced", max_length=10)
    zone: str = Field(default="UTC", max_length=64)
    version: int = 1
    sponsor_id: str | None = optional_reference("employees.id")
    starts_at: datetime = moment()
    ends_at: datetime | None = optional_moment()
    collects_until: datetime | None = optional_moment()
    edits_until: datetime | None = optional_moment()
    votes_until: datetime | None = optional_moment()
    closed_at: datetime | None = optional_moment()


class CampaignPhase(SQLModel, table=True):
    """A phase of a campaign; `began_at` and `ended_at` are when the clock noticed its start and its end.

    `warned_at` is when it was told that the end is near.
    """

    __tablename__ = "campaign_phases"
    __table_args__ = (
        Index(
            "ix_campaign_phases_open",
            "starts_at",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    campaign_id: str = reference("campaigns.id", primary_key=True, cascade=True)
    kind: str = Field(primary_key=True, max_length=10)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    began_at: datetime | None = optional_moment()
    warned_at: datetime | None = optional_moment()
    ended_at: datetime | None = optional_moment()


class CampaignEntity(SQLModel, table=True):
    """A unit whose people, and those of the units below it, a campaign is for; without any it is for everybody."""

    __tablename__ = "campaign_entities"

    campaign_id: str = reference("campaigns.id", primary_key=True, cascade=True)
    entity_id: str = reference("entities.id", primary_key=True)


class CampaignReport(SQLModel, table=True):
    """What came of a campaign: what was learnt, and why the other ideas don't go on."""

    __tablename__ = "campaign_reports"

    campaign_id: str = reference("campaigns.id", primary_key=True, cascade=True)
    learnt: str
    others: str
    written_by: str = reference("employees.id")
    written_at: datetime = moment()


class CampaignReportIdea(SQLModel, table=True):
    """An idea that goes on after its campaign."""

    __tablename__ = "campaign_report_ideas"

    campaign_id: str = reference("campaigns.id", primary_key=True, cascade=True)
    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    position: int = 0
