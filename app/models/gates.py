"""Gates passed: what was shown when an idea moved on."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, Numeric
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_reference, reference


class Gate(SQLModel, table=True):
    """The facts of one move to project, pilot or deployed; `per` is `once` or `year`.

    `amount` is the estimate at the project gate and the measured benefit at deployment; `cost` is what the project is
    to cost, at deployment what it cost.
    """

    __tablename__ = "gates"
    __table_args__ = (Index("ix_gates_idea_id_at", "idea_id", "at"),)

    id: str = key()
    idea_id: str = reference("ideas.id", cascade=True)
    stage: str = Field(max_length=20)
    at: datetime = moment()
    owner_id: str | None = optional_reference("employees.id")
    amount: Decimal | None = Field(default=None, sa_type=Numeric(18, 2))
    currency: str | None = Field(default=None, max_length=3)
    per: str | None = Field(default=None, max_length=10)
    cost: Decimal | None = Field(default=None, sa_type=Numeric(18, 2))
    cost_currency: str | None = Field(default=None, max_length=3)
    place: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    success_measure: str | None = None
    result: str | None = None
    benefit_due_on: date | None = None
    skip_reason: str | None = None
