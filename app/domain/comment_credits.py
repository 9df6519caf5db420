"""Credits: an author says of a comment that it changed the idea."""

from datetime import datetime
from typing import Protocol

from app.domain.comments import CommentDeleted
from app.domain.errors import Forbidden
from app.domain.ideas import NotAuthor


class Said(Protocol):
    """What the rules need to know of a comment."""

    @property
    def author_id(self) -> str:
        """Who wrote it."""

    @property
    def deleted_at(self) -> datetime | None:
        """When it was taken back, None while it stands."""


class OwnComment(Forbidden):
    """The credit is for others: not for comments of the idea's own authors."""

    code = "comment-credits.own-comment"


def check_may_credit(comment: Said, *, is_author: bool, by_author: bool) -> None:
    """Let pass an author of the idea, for a standing comment of somebody else.

    `by_author` says that one of the idea's authors wrote the comment.

    Raises: NotAuthor, OwnComment, CommentDeleted.
    """
    if not is_author:
        raise NotAuthor
    if by_author:
        raise OwnComment
    if comment.deleted_at is not None:
        raise CommentDeleted
