"""Ideas: what an author may do with an idea of their own."""

from typing import Protocol

from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.pipeline import REVIEW_STAGES, Stage
from app.domain.restrictions import check_free

EDITABLE = REVIEW_STAGES | {Stage.DRAFT}
"""Stages in which authors may still change the texts; afterwards others rely on them."""


class Written(Protocol):
    """What the rules need to know of an idea."""

    stage: str
    restriction: str | None


class NoSuchIdea(NotFound):
    """There is no such idea, or none that you may know of."""

    code = "ideas.unknown"


class NotAuthor(Forbidden):
    """Only an author of the idea may do this."""

    code = "ideas.not-author"


class ClosedToEdits(Conflict):
    """The idea was decided on: its texts no longer change."""

    code = "ideas.closed-to-edits"


class NotADraft(Conflict):
    """Only a draft can be deleted; a submitted idea is withdrawn instead."""

    code = "ideas.not-a-draft"


class UnknownReference(Invalid):
    """Something that the request refers to does not exist."""

    code = "ideas.unknown-reference"


class NothingToChange(Invalid):
    """The request changes nothing: send at least one field."""

    code = "ideas.nothing-to-change"


class SigningIsFinal(Invalid):
    """A submitted idea that carries names can't become anonymous again."""

    code = "ideas.signing-is-final"


class SignedTogether(Conflict):
    """An idea of several authors is signed by each of them or by none; that is not possible yet."""

    code = "ideas.signed-together"


class CampaignIsFixed(Invalid):
    """Only a draft can go to another campaign, or to the permanent box."""

    code = "ideas.campaign-is-fixed"


class FunctionIsForwarded(Invalid):
    """After submission an idea changes its function by being forwarded."""

    code = "ideas.function-is-forwarded"


def check_may_edit(idea: Written, *, is_author: bool) -> None:
    """Let pass an author of an idea that can still be changed.

    Raises: NotAuthor, ClosedToEdits.
    """
    if not is_author:
        raise NotAuthor
    if idea.stage not in EDITABLE:
        raise ClosedToEdits


def check_may_delete(idea: Written, *, is_author: bool) -> None:
    """Let pass an author of a draft that nobody else reads.

    Raises: NotAuthor, NotADraft, AlreadyRestricted.
    """
    if not is_author:
        raise NotAuthor
    if idea.stage != Stage.DRAFT:
        raise NotADraft
    check_free(idea.restriction)
