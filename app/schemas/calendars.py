"""Working calendars on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.schemas.shapes import Answer, Day, Filled, Identifier, Named, Request

Name = Annotated[Filled, Field(max_length=200)]
Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]
"""ISO 8601: 1 is Monday."""


class AddCalendar(Request):
    """Adding a calendar; `region` is a code of ISO 3166 (`FR`, `DE-BY`), null for one without public holidays."""

    name: Name
    region: Annotated[str, Field(pattern="^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = None
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = [1, 2, 3, 4, 5]
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]


class RenameCalendar(Request):
    """Another name for a calendar."""

    name: Name


class AddClosure(Request):
    """Days off besides the public holidays, the last one included."""

    name: Name
    first_day: Day
    last_day: Day


class SetCalendar(Request):
    """The calendar that a unit and those below it work by; null for that of the unit above."""

    calendar: Identifier | None


class Closure(Answer):
    """Days off besides the public holidays, the last one included."""

    id: str
    name: str
    first_day: date
    last_day: date


class Calendar(Named):
    """How a part of the company works; `entities` are the units that it was given to."""

    region: str | None
    weekdays: list[int]
    time_zone: str
    closures: list[Closure]
    entities: list[str]
    can: list[str]
