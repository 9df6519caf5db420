"""Scorecards: weighted criteria, and the evaluations filled by evaluators."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, reference


class ScorecardCriterion(SQLModel, table=True):
    """A criterion; its weight is a whole number, relative to the others."""

    __tablename__ = "scorecard_criteria"

    id: str = key()
    key: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=200)
    weight: int = 1
    position: int = 0
    active: bool = True


class Scorecard(SQLModel, table=True):
    """One evaluator's scores of an idea: criterion id to 1–5; `total` is the weighted mean."""

    __tablename__ = "scorecards"
    __table_args__ = (Index("uq_scorecards_evaluator", "idea_id", "evaluator_id", unique=True),)

    id: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    evaluator_id: str = reference("employees.id")
    scores: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    text: str = ""
    total: float
    filled_at: datetime = moment()
