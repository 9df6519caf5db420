"""Opening an identity: two people of different roles learn who wrote an anonymous idea that threatens or harasses."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.roles import Role

AGREEING = (Role.HR, Role.WORKS_COUNCIL)
"""Whoever has one of these roles may be drawn as the second person: whose task it is to protect people."""

ANSWERED_WITHIN = timedelta(days=7)
"""How long the second person has; then the request ends."""

SHOWN_FOR = timedelta(days=7)
"""How long the two see the name."""


class OpeningState(StrEnum):
    """Where a request to open an identity stands; all but `asked` are ends."""

    ASKED = "asked"
    OPENED = "opened"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class NoSuchOpening(NotFound):
    """There is no such request, or none that you may know of."""

    code = "identity-openings.unknown"


class NotAnonymous(Conflict):
    """This idea is not anonymous: its authors stand beside it."""

    code = "identity-openings.not-anonymous"


class AskedAlready(Conflict):
    """You have asked this already, and the answer is not there yet."""

    code = "identity-openings.asked-already"


class OwnIdea(Forbidden):
    """You wrote this idea."""

    code = "identity-openings.own-idea"


class OthersAnswer(Forbidden):
    """This is for the other of the two."""

    code = "identity-openings.others-answer"


class OpeningOver(Conflict):
    """This request has come to its end already."""

    code = "identity-openings.over"


class Opening(Protocol):
    """A request as the rules see it."""

    state: str
    asked_by_id: str
    second_id: str | None
    due_at: datetime
    shown_until: datetime | None


def check_known(opening: Opening, person_id: str) -> None:
    """Let pass the two whom a request is between.

    Raises: NoSuchOpening.
    """
    if person_id not in {opening.asked_by_id, opening.second_id}:
        raise NoSuchOpening


def check_may_answer(opening: Opening, person_id: str, now: datetime) -> None:
    """Let pass the second person while an answer is waited for.

    Raises: NoSuchOpening, OthersAnswer, OpeningOver.
    """
    check_known(opening, person_id)
    if person_id != opening.second_id:
        raise OthersAnswer
    _check_open(opening, now)


def check_may_withdraw(opening: Opening, person_id: str, now: datetime) -> None:
    """Let pass whoever asked while an answer is waited for.

    Raises: NoSuchOpening, OthersAnswer, OpeningOver.
    """
    check_known(opening, person_id)
    if person_id != opening.asked_by_id:
        raise OthersAnswer
    _check_open(opening, now)


def get_state(opening: Opening, now: datetime) -> OpeningState:
    """Return where a request stands, also before the clock has written down that it is over."""
    state = OpeningState(opening.state)
    return OpeningState.EXPIRED if state is OpeningState.ASKED and opening.due_at <= now else state


def is_shown(opening: Opening, now: datetime) -> bool:
    """Tell whether the two see the name now."""
    return opening.shown_until is not None and now < opening.shown_until


def list_abilities(opening: Opening, person_id: str, now: datetime) -> list[str]:
    """Return what one of the two may do now."""
    if get_state(opening, now) is not OpeningState.ASKED:
        return []
    return ["approve", "refuse"] if person_id == opening.second_id else ["withdraw"]


def _check_open(opening: Opening, now: datetime) -> None:
    if get_state(opening, now) is not OpeningState.ASKED:
        raise OpeningOver
