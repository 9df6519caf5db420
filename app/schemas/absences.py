"""Absences on the wire: the first and the last day."""

from datetime import date

from pydantic import ConfigDict, Field

from app.schemas.shapes import Answer, Day, Request


class SetAbsence(Request):
    """The days on which one is away, both included; ideas that need an answer then go to somebody else."""

    first_day: Day = Field(alias="from")
    last_day: Day = Field(alias="until")


class Absence(Answer):
    """The days on which one is away, both included; null when nothing was said."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    first_day: date | None = Field(alias="from")
    last_day: date | None = Field(alias="until")
