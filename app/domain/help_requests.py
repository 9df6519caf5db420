"""Requests for help: what the asker and the helper may do, and which thanks count for points."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.ideas import NotAuthor
from app.domain.pipeline import Stage

CLOSED = frozenset({Stage.DEPLOYED, Stage.WITHDRAWN, Stage.MERGED})
"""Stages in which there is nothing left to help with."""

ANSWER_DAYS = 2
"""Working days in which somebody who is asked answers, before the next one is asked."""

SILENT_DAYS = 20
"""Working days without a word after which a coaching ends by itself."""

SPARED = timedelta(days=30)
"""For so long nobody is asked a second time about the same idea, unless they helped with it."""

MOST_A_DAY = 3
PAIR = timedelta(days=30)
"""Thanks that count for a helper in a day of the company; and how far apart those between two people must lie."""


class HelpState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    HELPING = "helping"
    UNMATCHED = "unmatched"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


OPEN = frozenset({HelpState.ASKED, HelpState.HELPING})
"""States in which somebody has it before them."""


class Turn(StrEnum):
    """How it ended that somebody was asked."""

    ACCEPTED = "accepted"
    PASSED = "passed"
    EXPIRED = "expired"
    TAKEN = "taken"


class Requested(Protocol):
    """What the rules need to know of a request; `helper_id` is who is asked, or who helps."""

    asker_id: str
    helper_id: str | None
    state: str
    accepted_at: datetime | None
    thanked_at: datetime | None


class Placed(Protocol):
    """What the rules need to know of an idea."""

    stage: str


class NoSuchHelpRequest(NotFound):
    """There is no such request for help, or it is not yours."""

    code = "help-requests.not-found"


class NothingToHelpWith(Conflict):
    """Help is asked for until an idea is in place, withdrawn or merged."""

    code = "help-requests.closed"


class AlreadyAsked(Conflict):
    """You have an open request for help with this idea already."""

    code = "help-requests.already-open"


class NotForYou(Forbidden):
    """In a request for help each of the two has their own part; this is the other's."""

    code = "help-requests.not-for-you"


class NotWaiting(Conflict):
    """The request does not wait for this any more."""

    code = "help-requests.not-waiting"


class NotHelping(Conflict):
    """Nobody is helping with this now."""

    code = "help-requests.not-helping"


def may_ask(idea: Placed, *, is_author: bool) -> bool:
    """Tell whether help with an idea may be asked for."""
    return is_author and idea.stage not in CLOSED


def check_may_ask(idea: Placed, *, is_author: bool) -> None:
    """Let pass an author of an idea that can still be helped.

    Raises: NotAuthor, NothingToHelpWith.
    """
    if not is_author:
        raise NotAuthor
    if idea.stage in CLOSED:
        raise NothingToHelpWith


def check_may_answer(actor_id: str, request: Requested) -> None:
    """Let pass who is asked, while the answer is waited for.

    Raises: NotForYou, NotWaiting.
    """
    if actor_id != request.helper_id:
        raise NotForYou
    if request.state != HelpState.ASKED:
        raise NotWaiting


def check_may_withdraw(actor_id: str, request: Requested) -> None:
    """Let pass the asker, until somebody helps.

    Raises: NotForYou, NotWaiting.
    """
    if actor_id != request.asker_id:
        raise NotForYou
    if request.state not in (HelpState.ASKED, HelpState.UNMATCHED):
        raise NotWaiting


def check_may_talk(request: Requested) -> None:
    """Let pass either of the two while the coaching lasts.

    Raises: NotHelping.
    """
    if request.state != HelpState.HELPING:
        raise NotHelping


def check_may_thank(actor_id: str, request: Requested) -> None:
    """Let pass the asker of a request that somebody took up.

    Raises: NotForYou, NotHelping.
    """
    if actor_id != request.asker_id:
        raise NotForYou
    if request.accepted_at is None:
        raise NotHelping


def list_abilities(actor_id: str, request: Requested) -> Iterator[str]:
    """Give what one of the two may do with a request now."""
    if actor_id == request.helper_id and request.state == HelpState.ASKED:
        yield "answer"
    if actor_id == request.asker_id and request.state in (HelpState.ASKED, HelpState.UNMATCHED):
        yield "withdraw"
    if request.state == HelpState.HELPING:
        yield "write"
        yield "end"
    if actor_id == request.asker_id and request.accepted_at is not None and request.thanked_at is None:
        yield "thank"


def counts(*, anonymous: bool, today: int, between: int, unnamed: int) -> bool:
    """Tell whether thanks count for points; each figure is of the thanks of the helper that counted before.

    `today` are those of this day, `between` those between the same two people within `PAIR`, in either direction
    and on ideas with a name, `unnamed` those on anonymous ideas within `PAIR`. On an anonymous idea nothing depends
    on who thanks: points that fail to come would tell it.
    """
    return today < MOST_A_DAY and not (unnamed if anonymous else between)
