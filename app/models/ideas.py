"""Ideas and their counters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.core import ids
from app.models.columns import key, moment, optional_moment, optional_reference, reference


class Idea(SQLModel, table=True):
    """An idea: its texts, where it stands and who has it.

    `version` counts edits of the content. `origin_id` is the entity of the first author at submission,
    for figures only. `source*` say where an imported idea came from and what it had earned there. `hidden_code` is the
    reason for which a moderator put the texts away. `restriction` is the kind for which the idea is for its authors and
    a few readers alone: meanwhile it stands as a draft, whatever it was.
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
    hidden_code: str | None = Field(default=None, max_length=20)
    restriction: str | None = Field(default=None, max_length=30)
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


_SHOWN = text("stage <> 'draft'")
_SORT_KEYS = ("hot", "votes", "comments", "attention")
_NARROWED_BY = ("stage", "theme_id", "function_id", "campaign_id", "origin_id")


def _index(*columns: str, engine: str | None = None) -> Index:
    name = f"ix_tallies_{'_'.join(columns)}"
    index = Index(name, *columns, sqlite_where=_SHOWN, postgresql_where=_SHOWN, info={"engine": engine})
    return index.ddl_if(dialect=engine) if engine else index


class Tally(SQLModel, table=True):
    """The counters of an idea and what the feed is narrowed by, apart from its wide row.

    `hot` and `attention` are explained in `domain/ranking.py`. The five columns from `stage` on are copies that
    triggers keep equal to those of `ideas`, so that a page of the feed is a range of one index; an anonymous idea has
    no `origin_id` here. A vote locks the row it counts in, so `stage` is the one that holds while it is counted, and
    `counting` (`domain.votings.Counting`) how it is: of an idea of a campaign with a voting of its own, that voting's.
    """

    __tablename__ = "tallies"
    __table_args__ = (
        CheckConstraint("votes >= 0 AND comments >= 0", name="not_negative"),
        *(_index(key, "idea_id") for key in _SORT_KEYS),
        # A change of a counter writes to every index: SQLite, which has few ideas, does without these.
        *(_index(by, key, "idea_id", engine="postgresql") for by in _NARROWED_BY for key in _SORT_KEYS),
    )

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    votes: int = 0
    comments: int = 0
    views: int = 0
    hot: float = 0.0
    attention: int = 0
    stage: str = Field(default="draft", max_length=20)
    theme_id: str | None = Field(default=None, max_length=ids.LENGTH)
    function_id: str | None = Field(default=None, max_length=ids.LENGTH)
    campaign_id: str | None = Field(default=None, max_length=ids.LENGTH)
    origin_id: str | None = Field(default=None, max_length=ids.LENGTH)
    counting: str = Field(default="free", max_length=10)
