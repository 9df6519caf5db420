"""What the wire shapes have in common: strict requests, complete answers, times in UTC."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


class Request(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """An answer: every field is always there."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


T = TypeVar("T")


class Page(Answer, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


def _write_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


Time = Annotated[
    AwareDatetime,
    PlainSerializer(_write_time, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment on the wire: RFC 3339, UTC, milliseconds."""


def _read_day(given: object) -> object:
    if type(given) is date:
        return given
    if isinstance(given, str) and _DAY.fullmatch(given):
        return date.fromisoformat(given)
    message = "must be a day (2027-01-31)"
    raise ValueError(message)


Day = Annotated[date, BeforeValidator(_read_day)]
"""A day in a request: RFC 3339, no number, which would be taken for seconds."""


def refuse_unreadable(text: str) -> str:
    """Refuse what can't be stored (NUL, lone surrogates) and control characters that deceive a reader.

    Raises: ValueError.
    """
    for character in text:
        if character < " " and character not in "\n\r\t":
            message = "must not contain control characters"
            raise ValueError(message)
        if "\ud800" <= character <= "\udfff":
            message = "must be valid Unicode"
            raise ValueError(message)
    return text


def _refuse_blank(text: str) -> str:
    if not text.strip() or all(unicodedata.category(character) in {"Cf", "Zs", "Cc"} for character in text):
        message = "must not be blank"
        raise ValueError(message)
    return text


Readable = Annotated[str, AfterValidator(refuse_unreadable)]
"""Text that a person typed; kept as it is."""

Filled = Annotated[Readable, AfterValidator(_refuse_blank)]
"""Text with something to read in it."""

Identifier = Annotated[str, Field(min_length=1, max_length=64)]
"""An opaque identifier of something that the request refers to."""


class Named(Answer):
    """Something with a name: a function, a theme, a campaign, a person."""

    id: str
    name: str


def _refuse_numbers(given: object) -> object:
    """Let pass what is written as a time, or is one; a number would be taken for seconds."""
    if not isinstance(given, datetime) and not (isinstance(given, str) and _TIME.match(given)):
        message = "must be a time with its offset (2027-01-31T09:00:00+01:00)"
        raise ValueError(message)
    return given


def _check_year(moment: datetime) -> datetime:
    # Near the ends of the calendar a time can't be told in another zone.
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        message = "must be in this century or the next"
        raise ValueError(message)
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_refuse_numbers), AfterValidator(_check_year)]
"""A time with its offset, as somebody writes it."""
