"""The points ledger, and the rules that feed it."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, reference


class PointEntry(SQLModel, table=True):
    """One entry of the ledger; never changed, the balance of a person is the sum.

    `occurrence` counts awards and reversals of one (rule, subject, person) from 1: odd ones award,
    even ones reverse. `day` is the day in the company's time zone whose cap the award used.
    """

    __tablename__ = "point_entries"
    __table_args__ = (
        Index("uq_point_entries_once", "rule", "subject", "employee_id", "occurrence", unique=True),
        Index("ix_point_entries_employee_id_at_id", "employee_id", "at", "id"),
        Index("ix_point_entries_cap", "employee_id", "rule", "day"),
    )

    id: str = key()
    employee_id: str = reference("employees.id")
    rule: str = Field(max_length=40)
    subject: str = Field(max_length=24)
    occurrence: int = 1
    points: int
    day: date
    at: datetime = moment()
