"""Absences: the days on which somebody is not there to answer."""

from datetime import date, datetime

from sqlmodel import SQLModel

from app.models.columns import moment, reference


class Absence(SQLModel, table=True):
    """The present or next absence of a person, from the first to the last day."""

    __tablename__ = "absences"

    employee_id: str = reference("employees.id", primary_key=True)
    first_day: date
    last_day: date
    updated_at: datetime = moment()
