"""Activity: what each person contributed on each day, so that nobody has to count the whole record again."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import reference


class ActivityDay(SQLModel, table=True):
    """What somebody did on one day of the company's time zone; days without anything have no row.

    Only what stands is counted: a vote that was withdrawn or an idea that was taken back is gone from the day it
    was made on. `named_*` leave out what was done without a name. `answers` are first answers to ideas that the
    person held. `points` are those of the ledger for this day, without prizes. What was done without a name shows
    in `named_points` by the slots that it took: they are for nobody else.
    """

    __tablename__ = "activity_days"
    __table_args__ = (Index("ix_activity_days_day", "day", "employee_id"),)

    employee_id: str = reference("employees.id", primary_key=True)
    day: date = Field(primary_key=True)
    sign_ins: int
    ideas: int
    named_ideas: int
    comments: int
    named_comments: int
    votes: int
    answers: int
    points: int
    named_points: int


class ActivityChange(SQLModel, table=True):
    """Somebody whose days have to be counted again, from the day `since` on."""

    __tablename__ = "activity_changes"

    employee_id: str = reference("employees.id", primary_key=True)
    since: date
