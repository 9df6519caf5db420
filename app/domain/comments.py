"""Comments: who may say something, change it, or take it back."""

from datetime import datetime
from typing import Protocol

from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.pipeline import Stage

CLOSED = frozenset({Stage.DRAFT, Stage.MERGED})
"""Stages in which no comment is taken."""


class Discussed(Protocol):
    """What the rules need to know of an idea."""

    @property
    def id(self) -> str:
        """Which idea it is."""

    @property
    def stage(self) -> str:
        """Where the idea stands."""


class Said(Protocol):
    """What the rules need to know of a comment."""

    @property
    def idea_id(self) -> str:
        """The idea under which it stands."""

    @property
    def author_id(self) -> str:
        """Who wrote it."""

    @property
    def parent_id(self) -> str | None:
        """The comment whose thread it is in, None when it began one."""

    @property
    def deleted_at(self) -> datetime | None:
        """When it was taken back, None while it stands."""


class DiscussionClosed(Conflict):
    """Comments are not taken at this stage."""

    code = "comments.closed"


class NotYourComment(Forbidden):
    """Only who wrote a comment may change it."""

    code = "comments.not-yours"


class CommentDeleted(Conflict):
    """This comment was taken back."""

    code = "comments.deleted"


class NoSuchComment(Invalid):
    """The comment that you reply to is not in this discussion."""

    code = "comments.reply-to-nothing"


def may_comment(idea: Discussed) -> bool:
    """Tell whether a comment would be taken."""
    return idea.stage not in CLOSED


def check_may_comment(idea: Discussed) -> None:
    """Let pass a comment on an idea.

    Raises: DiscussionClosed.
    """
    if not may_comment(idea):
        raise DiscussionClosed


def get_thread(parent_id: str, parent: Said | None, idea: Discussed) -> str:
    """Return the comment under which a reply stands: there is one level, a reply to a reply joins it.

    Raises: NoSuchComment when the comment is unknown, of another idea, or was taken back.
    """
    if parent is None or parent.idea_id != idea.id or parent.deleted_at is not None:
        raise NoSuchComment.at("/reply_to")
    return parent.parent_id or parent_id


def check_may_change(actor_id: str, comment: Said) -> None:
    """Let pass the author of a comment that still stands.

    Raises: NotYourComment, CommentDeleted.
    """
    if comment.author_id != actor_id:
        raise NotYourComment
    if comment.deleted_at is not None:
        raise CommentDeleted
