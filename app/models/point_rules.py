"""What contributions are worth where it differs from the default scale."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, reference


class PointRule(SQLModel, table=True):
    """A change of a rule with effect from a day; never changed, so that the register of rules is complete.

    On a day the change with the latest `starts_on` up to it holds, of several for one day the latest made.
    """

    __tablename__ = "point_rules"
    __table_args__ = (
        Index("ix_point_rules_rule_starts_on", "rule", "starts_on"),
        CheckConstraint("points >= 0", name="not_negative"),
        CheckConstraint("per_day IS NULL OR per_day > 0", name="slots"),
    )

    id: str = key()
    rule: str = Field(max_length=40)
    points: int
    per_day: int | None = None
    starts_on: date
    changed_by: str = reference("employees.id")
    changed_at: datetime = moment()
