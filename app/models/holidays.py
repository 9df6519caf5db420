"""Public holidays of the regions that people work in, found beforehand."""

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class HolidayYear(SQLModel, table=True):
    """The days off of a region in one year, as ISO dates; none of a region that is not known."""

    __tablename__ = "holiday_years"

    region: str = Field(primary_key=True, max_length=10)
    year: int = Field(primary_key=True)
    days: list[str] = Field(default_factory=list, sa_type=JSON)
