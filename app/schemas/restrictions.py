"""Restricted ideas on the wire: why, where else to turn, whose turn it is, what was said; and the lanes."""

from typing import Annotated, Literal

from pydantic import Field

from app.core import ids
from app.schemas.shapes import Answer, Filled, Named, Readable, Request, Time

RestrictionKindName = Literal["personal-data", "report-of-wrongdoing", "invention"]
Why = Annotated[Readable, Field(max_length=2000)]


class RestrictIdea(Request):
    """Why an idea is for few people: a kind, and words that its authors read."""

    kind: RestrictionKindName
    text: Why = ""


class AnswerRestriction(Request):
    """What a reader or an author does with a restricted idea; closing and lifting need a text."""

    action: Literal["acknowledge", "close", "lift", "withdraw"]
    text: Why = ""


class SayInLane(Request):
    """A message about a restricted idea, which stays between its authors and its readers."""

    body: Annotated[Filled, Field(max_length=10_000)]


class SetLane(Request):
    """Who reads a lane, how people reach whoever is competent outside of it, and who hears when no reader answers."""

    contact: Annotated[Readable, Field(max_length=500)] = ""
    readers: Annotated[list[Annotated[str, Field(max_length=ids.LENGTH)]], Field(max_length=100)]
    escalation: Annotated[str, Field(max_length=ids.LENGTH)] | None = None


class LaneTexts(Answer):
    """What is said about a kind in one language: `role` is who is competent elsewhere, `contact` how to reach them."""

    name: str
    why: str
    elsewhere: str
    role: str
    contact: str


class Lane(Answer):
    """A kind of restriction. `readers` and `escalation` are for who sets them, and null for all others."""

    kind: RestrictionKindName
    texts: dict[str, LaneTexts]
    readers: list[Named] | None
    escalation: Named | None
    can: list[str]


class Restriction(Answer):
    """Why an idea is for its authors and a few readers alone, and where it stands there.

    `texts` are by language. `reader` is whose turn it is, until `due_at`.
    """

    idea: str
    kind: RestrictionKindName
    state: Literal["open", "closed", "withdrawn", "lifted"]
    by_author: bool
    text: str | None
    texts: dict[str, LaneTexts]
    opened_at: Time
    reader: Named | None
    due_at: Time | None
    acknowledged_at: Time | None
    answer: str | None
    answered_at: Time | None
    answered_by: Named | None
    can: list[str]


class RestrictionSaid(Answer):
    """A message; `author` is null where an author of an anonymous idea wrote it, who reads their own name alone."""

    id: str
    author: Named | None
    by_author: bool
    body: str
    at: Time
