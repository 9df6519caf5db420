"""Exports on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.core import clock
from app.schemas.ideas import StageName
from app.schemas.shapes import Answer, Filled, Identifier, Named, Request, Time
from app.schemas.shapes import Day as RequestDay

WhatName = Literal["engagement", "ideas", "itineraries", "benefits"]
"""`domain.exports.What` on the wire."""

FormatName = Literal["csv", "xlsx", "parquet"]
"""`domain.exports.FileFormat` on the wire."""

StateName = Literal["waiting", "running", "ready", "sent", "cut", "failed", "gone"]
"""`domain.exports.ExportState` on the wire."""


def _squeeze(text: str) -> str:
    return " ".join(text.split())


Reason = Annotated[Filled, Field(min_length=3, max_length=500), AfterValidator(_squeeze)]


class ExportFilters(Request):
    """What an export is narrowed to: figures by day, entity and campaign, the rest by what ideas have."""

    as_of: RequestDay | None = None
    entity: Identifier | None = None
    campaign: Identifier | None = None
    theme: Identifier | None = None
    function: Identifier | None = None
    stage: StageName | None = None
    since: Annotated[RequestDay | None, Field(alias="from")] = None
    to: RequestDay | None = None


class OrderExport(Request):
    """An export that is made beside, and why."""

    what: WhatName
    format: FormatName
    filters: ExportFilters = ExportFilters()
    reason: Reason


def write_filters(zone: str, **given: str | date | None) -> dict[str, str]:
    """Return what is given as text by its name on the wire; a moment stands for the day it falls on."""
    days = {
        name: clock.day_in(zone, value) if isinstance(value, datetime) else value
        for name, value in given.items()
    }
    return {
        "from" if name == "since" else name: str(value) for name, value in days.items() if value is not None
    }


class ExportLink(Answer):
    """Where the file is, for its owner alone, and until when this link opens it."""

    url: str
    expires_at: Time


class Export(Answer):
    """One export of one's own; `rows` counts up while it is made, `link` is null until the file is there."""

    id: str
    what: WhatName
    format: FormatName
    filters: dict[str, str]
    reason: str
    streamed: bool
    state: StateName
    rows: int
    size: int
    checksum: str | None
    data_checksum: str | None
    created_at: Time
    ended_at: Time | None
    kept_until: Time | None
    link: ExportLink | None
    can: list[str]


class LoggedExport(Answer):
    """One line of the log of exports: who took out what, why, and how much it was."""

    id: str
    employee: Named
    what: WhatName
    format: FormatName
    filters: dict[str, str]
    reason: str
    streamed: bool
    state: StateName
    rows: int
    size: int
    checksum: str | None
    created_at: Time
    ended_at: Time | None


class ColumnMeaning(Answer):
    """A column of an export and what it means."""

    name: str
    kind: Literal["text", "number", "flag", "time", "day"]
    meaning: str


class ExportDefinitions(Answer):
    """What an export has: its columns, and what holds for all of it."""

    what: WhatName
    formats: list[FormatName]
    notes: list[str]
    columns: list[ColumnMeaning]
