"""Ideas and their counters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference


class Idea(SQLModel, table=True):
    """An idea: its texts, where it stands and who has it.

    `version` counts edits of the content. `origin_id` is the entity of the first author at submission,
    for figures only. `source*` say where an imported idea came from and what it had earned there.
    """

    __tablename__ = "ideas"
    __table_args__ = (
        CheckConstraint("stage = 'draft' OR submitted_at IS NOT NULL", name="submitted"),
        Index("uq_ideas_source", "source", "source_id", unique=True),
        Index("ix_ideas_submitted_at_id", "submitted_at", "id"),
        Index("ix_ideas_stage_submitted_at_id", "stage", "submitted_at", "id"),
        Index("ix_ideas_theme_id_submitted_at_id", "theme_id", "submitted_at", "id"),
        Index("ix_ideas_function_id_submitted_at_id", "function_id", "submitted_at", "id"),
        Index("ix_ideas_campaign_id_submitted_at_id", "campaign_id", "submitted_at", "id"),
        Index("ix_ideas_origin_id_submitted_at_id", "origin_id", "submitted_at", "id"),
    )

    id: str = key()
    title: str
    problem: str
    solution: str
    benefit: str = ""
    theme_id: str = reference("themes.id")
    function_id: str | None = optional_reference("functions.id")
    campaign_id: str = reference("campaigns.id")
    anonymous: bool = False
    stage: str = Field(default="draft", max_length=20)
    clarification: bool = False
    on_hold: bool = False
    wake_on: date | None = None
    declined_at: str | None = Field(default=None, max_length=20)
    appealed_at: datetime | None = optional_moment()
    holder_id: str | None = optional_reference("employees.id", index=True)
    canonical_id: str | None = optional_reference("ideas.id", index=True)
    origin_id: str | None = optional_reference("entities.id")
    version: int = 1
    created_at: datetime = moment()
    submitted_at: datetime | None = optional_moment()
    updated_at: datetime = moment()
    source: str | None = Field(default=None, max_length=100)
    source_id: str | None = Field(default=None, max_length=200)
    source_votes: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class IdeaTag(SQLModel, table=True):
    """A tag of an idea, folded."""

    __tablename__ = "idea_tags"

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    tag: str = Field(primary_key=True, max_length=60, index=True)
    position: int = 0


class Tally(SQLModel, table=True):
    """The counters of an idea, apart from its wide row; `hot` and `attention` are explained in `domain/ranking.py`."""

    __tablename__ = "tallies"
    __table_args__ = (
        CheckConstraint("votes >= 0 AND comments >= 0", name="not_negative"),
        Index("ix_tallies_hot_idea_id", "hot", "idea_id"),
        Index("ix_tallies_votes_idea_id", "votes", "idea_id"),
        Index("ix_tallies_comments_idea_id", "comments", "idea_id"),
        Index("ix_tallies_attention_idea_id", "attention", "idea_id"),
    )

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    votes: int = 0
    comments: int = 0
    views: int = 0
    hot: float = 0.0
    attention: int = 0
