"""A person's own data, and what is wrong with them, on the wire."""

from typing import Annotated, Any

from pydantic import Field

from app.schemas.shapes import Answer, Filled, Named, Request, Time


class OwnTable(Answer):
    """Rows about a person from one place: `column` says how they stand in it."""

    table: str
    column: str
    rows: list[dict[str, Any]]


class OwnSection(Answer):
    """A chapter of a person's own data."""

    section: str
    tables: list[OwnTable]


class OwnData(Answer):
    """Everything that is kept about the person who asks, as of `made_at`."""

    made_at: Time
    account: dict[str, Any]
    sections: list[OwnSection]


class AskCorrection(Request):
    """What is wrong, and how it is right."""

    text: Annotated[Filled, Field(max_length=2000)]


class SettleCorrection(Request):
    """What was done about it, in words for the person who asked."""

    answer: Annotated[Filled, Field(max_length=2000)]


class Correction(Answer):
    """A request for a correction; `settled_at` and `answer` are null while it waits."""

    id: str
    employee: Named
    text: str
    asked_at: Time
    settled_at: Time | None
    answer: str | None
    can: list[str]
