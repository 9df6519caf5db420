"""Authorships on the wire."""

from typing import Literal

from app.schemas.shapes import Answer, Identifier, Named, Request


class InviteAuthor(Request):
    """Asking somebody to write an idea together."""

    employee: Identifier


class AnswerInvitation(Request):
    """The answer to an invitation."""

    answer: Literal["accept", "refuse"]


class Author(Answer):
    """A person who writes an idea, or was asked to; `state` is `accepted` or `invited`."""

    employee: Named
    state: str


class Authors(Answer):
    """Who writes an idea; on an anonymous one, only its authors see them."""

    items: list[Author]
