"""Comments on the wire."""

from typing import Annotated

from pydantic import Field

from app.schemas.shapes import Answer, Filled, Identifier, Named, Request, Time

Body = Annotated[Filled, Field(min_length=1, max_length=5_000)]


class WriteComment(Request):
    """A comment, or a reply to one."""

    body: Body
    reply_to: Identifier | None = None


class EditComment(Request):
    """A new text for a comment."""

    body: Body


class Reply(Answer):
    """A reply; `body` is null when it was taken back. `credited` says that it changed the idea.

    `hidden` is the reason for which a moderator hid it: the body is then the same for everybody, its author included.
    """

    id: str
    idea: str
    author: Named | None
    body: str | None
    body_html: str | None
    reply_to: str | None
    created_at: Time
    edited_at: Time | None
    deleted: bool
    credited: bool
    hidden: str | None
    version: int
    can: list[str]


class CommentThread(Reply):
    """A comment with its replies, the oldest first."""

    replies: list[Reply]
