"""Working calendars, with the days on which a company or a part of it is closed."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, reference


class Calendar(SQLModel, table=True):
    """How a part of the organisation works; what has none has that of the unit above, or the company's.

    `region` is a code of ISO 3166 whose public holidays are off, empty for none; `weekdays` the days of the
    week that count, as digits from 0 for Monday.
    """

    __tablename__ = "calendars"

    id: str = key()
    name: str = Field(unique=True, max_length=200)
    region: str = Field(default="", max_length=10)
    weekdays: str = Field(default="01234", max_length=7)
    zone: str = Field(max_length=64)
    created_at: datetime = moment()


class Closure(SQLModel, table=True):
    """Days of a calendar that are off besides its public holidays, from the first to the last."""

    __tablename__ = "closures"

    id: str = key()
    calendar_id: str = reference("calendars.id", index=True, cascade=True)
    name: str = Field(max_length=200)
    first_day: date
    last_day: date
