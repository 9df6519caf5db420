"""Who may say something, to whom it answers, and who may change it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from app.domain import comments
from app.domain.comments import CommentDeleted, DiscussionClosed, NoSuchComment, NotYourComment
from app.domain.pipeline import Stage

NOT_TAKEN = {"draft", "merged"}


@dataclass
class Discussed:
    id: str = "idea"
    stage: str = "submitted"


@dataclass
class Comment:
    idea_id: str = "idea"
    author_id: str = "writer"
    parent_id: str | None = None
    deleted_at: datetime | None = None


STANDING = Comment()
REPLY = Comment(parent_id="thread")
ELSEWHERE = Comment(idea_id="another idea")
TAKEN_BACK = Comment(deleted_at=datetime(2026, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_comments_are_taken_from_submission_on_but_not_after_a_merger(stage: str) -> None:
    idea = Discussed(stage=stage)
    assert comments.may_comment(idea) is (stage not in NOT_TAKEN)
    if stage in NOT_TAKEN:
        with pytest.raises(DiscussionClosed):
            comments.check_may_comment(idea)
    else:
        comments.check_may_comment(idea)


@pytest.mark.parametrize(("parent", "thread"), [(STANDING, "answered"), (REPLY, "thread")])
def test_a_reply_to_a_reply_joins_its_thread(parent: Comment, thread: str) -> None:
    assert comments.get_thread("answered", parent, Discussed()) == thread


@pytest.mark.parametrize("parent", [None, ELSEWHERE, TAKEN_BACK])
def test_a_reply_needs_a_comment_that_stands_under_the_same_idea(parent: Comment | None) -> None:
    with pytest.raises(NoSuchComment) as refused:
        comments.get_thread("answered", parent, Discussed())
    assert [problem.pointer for problem in refused.value.errors] == ["/reply_to"]


def test_who_wrote_a_comment_changes_it_until_it_was_taken_back() -> None:
    comments.check_may_change("writer", STANDING)
    comments.check_may_change("writer", REPLY)
    with pytest.raises(CommentDeleted):
        comments.check_may_change("writer", TAKEN_BACK)


@pytest.mark.parametrize("comment", [STANDING, replace(TAKEN_BACK)])
def test_nobody_else_learns_more_than_that_a_comment_is_not_theirs(comment: Comment) -> None:
    with pytest.raises(NotYourComment):
        comments.check_may_change("reader", comment)
