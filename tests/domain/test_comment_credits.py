"""Credit is an author's to give, for what somebody else said."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.domain import comment_credits
from app.domain.comment_credits import OwnComment
from app.domain.comments import CommentDeleted
from app.domain.errors import Refusal
from app.domain.ideas import NotAuthor


@dataclass
class Comment:
    author_id: str = "somebody"
    deleted_at: datetime | None = None


@pytest.mark.parametrize(
    ("is_author", "by_author", "deleted", "refusal"),
    [
        (True, False, False, None),
        (False, False, False, NotAuthor),
        (False, True, True, NotAuthor),
        (True, True, False, OwnComment),
        (True, False, True, CommentDeleted),
    ],
)
def test_the_refusals_come_in_the_order_of_the_api(
    *, is_author: bool, by_author: bool, deleted: bool, refusal: type[Refusal] | None
) -> None:
    comment = Comment(deleted_at=datetime(2026, 1, 5, tzinfo=UTC) if deleted else None)
    if refusal is None:
        comment_credits.check_may_credit(comment, is_author=is_author, by_author=by_author)
    else:
        with pytest.raises(refusal):
            comment_credits.check_may_credit(comment, is_author=is_author, by_author=by_author)
