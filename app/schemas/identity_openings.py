"""Requests to open an identity on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.shapes import Answer, Filled, Named, Request, Time

OpeningStateName = Literal["asked", "opened", "refused", "withdrawn", "expired"]
"""`domain.identity_openings.OpeningState` on the wire."""

Reason = Annotated[Filled, Field(min_length=50, max_length=5_000)]
Refusal = Annotated[Filled, Field(min_length=20, max_length=5_000)]


class AskForIdentity(Request):
    """Asking who wrote an anonymous idea; the reason is told to the second person, the author and the register."""

    reason: Reason


class RefuseIdentity(Request):
    """A no, with a reason for who asked."""

    text: Refusal


class OpeningIdea(Answer):
    """The idea in question."""

    id: str
    title: str


class IdentityOpening(Answer):
    """A request between two people; `second` is null for who asked until it was answered.

    `authors` are there for both while it is `opened`, until `shown_until`; null before and after.
    """

    id: str
    idea: OpeningIdea
    state: OpeningStateName
    reason: str
    refusal: str | None
    asked_by: Named
    asked_at: Time
    due_at: Time
    second: Named | None
    ended_at: Time | None
    shown_until: Time | None
    authors: list[Named] | None
    can: list[str]
