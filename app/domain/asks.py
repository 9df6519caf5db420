"""Asks: whether what a notification asked for is done, by whomever."""

from typing import Any, Protocol

from app.domain.authorships import AuthorshipState
from app.domain.help_requests import HelpState
from app.domain.notifications import Kind


class Asked(Protocol):
    """What the rule needs to know of a notification that asks."""

    employee_id: str
    kind: str
    event_sequence: int
    facts: dict[str, Any]


class Turn(Protocol):
    """What the rule needs to know of a review."""

    reviewer_id: str | None
    acknowledged_at: Any
    closed_at: Any


class Sought(Protocol):
    """What the rule needs to know of a request for help."""

    helper_id: str | None
    state: str


def is_done(
    asked: Asked,
    turn: Turn | None,
    *,
    clarification: bool,
    state: str | None,
    last_move: int,
    sought: Sought | None = None,
) -> bool:
    """Tell whether what was asked is done, by whomever.

    `turn` is the review it was asked for, `clarification` whether the idea waits for its authors, `state` how the
    person's authorship stands, `last_move` the sequence of the idea's last move that is known, `sought` the request
    for help that was put to them.
    """
    match asked.kind:
        case Kind.CLARIFICATION_ASKED:
            return not clarification
        case Kind.INVITED:
            return state != AuthorshipState.INVITED
        case Kind.HELP_ASKED:
            waits = sought is not None and sought.state == HelpState.ASKED
            return not waits or sought is None or sought.helper_id != asked.employee_id
        case Kind.CLARIFICATION_ANSWERED:
            return last_move > asked.event_sequence or _is_over(asked, turn)
        case Kind.REVIEW_ESCALATED:
            return turn is None or turn.closed_at is not None or _is_answered(asked, turn)
        case _:
            return _is_over(asked, turn) or (turn is not None and _is_answered(asked, turn))


def _is_over(asked: Asked, turn: Turn | None) -> bool:
    return turn is None or turn.closed_at is not None or turn.reviewer_id != asked.employee_id


def _is_answered(asked: Asked, turn: Turn) -> bool:
    # Who was told after the first answer is waited for with the decision.
    return turn.acknowledged_at is not None and not asked.facts.get("acknowledged", False)
