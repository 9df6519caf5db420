"""Restrictions: ideas that only their authors and the few readers of a lane may know of, and why."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain import decisions, permissions
from app.domain.actors import Actor
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.permissions import Permission
from app.domain.pipeline import OPEN_STAGES, Stage

MIN_TEXT = 20
"""Least length of the text that explains an act of the lane, in characters."""


class RestrictionKind(StrEnum):
    """Why an idea is not for everybody."""

    PERSONAL_DATA = "personal-data"
    REPORT_OF_WRONGDOING = "report-of-wrongdoing"
    INVENTION = "invention"


class Answer(StrEnum):
    """What a reader or an author of a restricted idea does with it."""

    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    LIFT = "lift"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where a restriction stands; an idea that is `closed` or `withdrawn` stays restricted, and waits for nobody."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LIFTED = "lifted"


class Restrictable(Protocol):
    """What the rules need to know of an idea."""

    stage: str
    anonymous: bool
    restriction: str | None
    holder_id: str | None


class Restricted(Protocol):
    """What the rules need to know of a restriction; a table row fits by its shape."""

    state: str
    by_author: bool
    former_stage: str

    @property
    def acknowledged_at(self) -> datetime | None:
        """When a reader answered first."""


class NoSuchLane(NotFound):
    """There is no such lane for restricted ideas."""

    code = "restrictions.unknown-kind"


class NotRestricted(NotFound):
    """This idea is not restricted."""

    code = "restrictions.unknown"


class NotYoursToRestrict(Forbidden):
    """An idea is restricted by its authors, by whoever has it in their queue, or by a moderator."""

    code = "restrictions.not-yours"


class AlreadyRestricted(Conflict):
    """The idea is restricted: that ends before anything else is done with it."""

    code = "restrictions.restricted"


class NotPossible(Conflict):
    """This does not fit where the restriction stands, or who you are to it."""

    code = "restrictions.not-possible"


class NotADraft(Invalid):
    """A draft is known to its authors alone: restrict it when you hand it in."""

    code = "restrictions.draft"


class TextMissing(Invalid):
    """Say in a few words why: the authors read it."""

    code = "restrictions.text-missing"


class NoSuchReader(Invalid):
    """Only active employees can read a lane."""

    code = "restrictions.no-such-reader"


def get_kind(name: str) -> RestrictionKind:
    """Return a kind by its name.

    Raises: NoSuchLane.
    """
    try:
        return RestrictionKind(name)
    except ValueError as error:
        raise NoSuchLane from error


def check_free(restriction: str | None) -> None:
    """Let pass a change of an idea that is not restricted.

    Raises: AlreadyRestricted.
    """
    if restriction is not None:
        raise AlreadyRestricted


def check_way(restriction: str | None, *, draft: bool) -> None:
    """Let pass a new idea that is not to be a draft and restricted at once.

    Raises: NotADraft.
    """
    if restriction is not None and draft:
        raise NotADraft.at("/restriction")


def check_may_change(restriction: str | None, fields: Collection[str]) -> None:
    """Let pass a change of fields: of a restricted idea the texts alone.

    Raises: AlreadyRestricted.
    """
    if not set(fields).isdisjoint(("anonymous", "function", "campaign")):
        check_free(restriction)


def check_hand(actor: Actor, idea: Restrictable, *, is_author: bool, conflicted: bool) -> None:
    """Let pass an author, the holder, and of an idea with names a moderator.

    On an anonymous idea everybody else gets the same refusal, conflicted or not.

    Raises: NotYoursToRestrict, Conflicted.
    """
    if is_author:
        return
    if conflicted:
        raise NotYoursToRestrict if idea.anonymous else decisions.Conflicted
    holds = idea.holder_id == actor.id and idea.stage in OPEN_STAGES
    moderates = permissions.may(actor, Permission.MODERATION_DECIDE) and not idea.anonymous
    if not holds and not (moderates and idea.stage != Stage.DRAFT):
        raise NotYoursToRestrict


def may_restrict(actor: Actor, idea: Restrictable, *, is_author: bool, conflicted: bool) -> bool:
    """Tell whether somebody may restrict an idea now."""
    if idea.restriction is not None:
        return False
    try:
        check_hand(actor, idea, is_author=is_author, conflicted=conflicted)
    except Forbidden:
        return False
    return True


def list_answers(restriction: Restricted, *, is_author: bool) -> list[Answer]:
    """Return what somebody who knows of a restriction can do with it now; an author is never its reader."""
    if restriction.state == State.LIFTED:
        return []
    waits = restriction.state == State.OPEN
    if is_author:
        return [Answer.WITHDRAW] if waits else []
    able = [Answer.ACKNOWLEDGE] if waits and restriction.acknowledged_at is None else []
    able += [Answer.CLOSE] if waits else []
    # What its authors took back is not to be shown to everybody.
    return able + ([Answer.LIFT] if restriction.state != State.WITHDRAWN else [])


def answer(restriction: Restricted, given: str, text: str, *, is_author: bool) -> State:
    """Return where an answer leads; whoever lifts or closes says why.

    What its own author restricted before anybody else knew of it goes back to them when they withdraw it. Every
    other idea stays restricted then: as a withdrawn idea everybody would read it.

    Raises: NotPossible, TextMissing.
    """
    if given not in list_answers(restriction, is_author=is_author):
        raise NotPossible
    if given in (Answer.CLOSE, Answer.LIFT) and len(text.strip()) < MIN_TEXT:
        raise TextMissing.at("/text")
    if given == Answer.WITHDRAW:
        own = restriction.by_author and restriction.former_stage == Stage.DRAFT
        return State.LIFTED if own else State.WITHDRAWN
    return {Answer.ACKNOWLEDGE: State.OPEN, Answer.CLOSE: State.CLOSED, Answer.LIFT: State.LIFTED}[
        Answer(given)
    ]
