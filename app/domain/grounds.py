"""Grounds: what is known of the ideas that events are about, for whoever says who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from app.domain.authorships import AuthorshipState

REASSIGNED = "reassign"
"""How a review ends that somebody else goes on with."""


class Told(Protocol):
    """An event."""

    sequence: int | None
    kind: str
    subject: str
    actor_id: str | None
    payload: dict[str, Any]
    at: datetime


class Subject(Protocol):
    """An idea."""

    id: str
    anonymous: bool
    clarification: bool
    holder_id: str | None
    wake_on: date | None


class Writer(Protocol):
    """Somebody as author of an idea, or invited to be one."""

    employee_id: str
    position: int
    state: str
    invited_at: datetime
    answered_at: datetime | None


class Turn(Protocol):
    """Somebody's turn on an idea."""

    id: str
    idea_id: str
    reviewer_id: str | None
    function_id: str | None
    opened_at: datetime
    due_at: datetime | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


class Remark(Protocol):
    """A comment."""

    id: str
    idea_id: str
    author_id: str
    parent_id: str | None
    deleted_at: datetime | None
    credited_at: datetime | None


class Sought(Protocol):
    """A request for help; `helper_id` is who is asked, or who helps."""

    id: str
    idea_id: str
    asker_id: str
    helper_id: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of the ideas that events are about.

    `entries` are those of itineraries, by (idea, act, moment); `sought` are requests for help.
    """

    zone: str
    ideas: Mapping[str, Subject] = field(default_factory=dict)
    writers: Mapping[str, Sequence[Writer]] = field(default_factory=dict)
    turns: Mapping[str, Sequence[Turn]] = field(default_factory=dict)
    remarks: Mapping[str, Remark] = field(default_factory=dict)
    entries: Mapping[tuple[str, str, datetime], str] = field(default_factory=dict)
    sought: Mapping[str, Sought] = field(default_factory=dict)

    def list_authors(self, idea_id: str) -> list[str]:
        """Return who wrote an idea."""
        return [
            each.employee_id
            for each in self.writers.get(idea_id, ())
            if each.state == AuthorshipState.ACCEPTED
        ]

    def find_state(self, idea_id: str, employee_id: str) -> str | None:
        """Return how somebody stands to an idea as one of its authors."""
        writers = self.writers.get(idea_id, ())
        return next((each.state for each in writers if each.employee_id == employee_id), None)

    def find_turn(self, review_id: str) -> Turn | None:
        """Return a review by its identifier."""
        return next((each for turns in self.turns.values() for each in turns if each.id == review_id), None)

    def find_open_turn(self, idea_id: str) -> Turn | None:
        """Return the open review of an idea."""
        return next((each for each in self.turns.get(idea_id, ()) if each.closed_at is None), None)


def find_idea(event: Told, ground: Ground) -> str | None:
    """Return the idea that an event is about, None where it is not known any more."""
    if event.kind.startswith("comments."):
        remark = ground.remarks.get(event.subject)
        return remark.idea_id if remark else None
    idea_id = str(event.payload.get("idea", event.subject))
    return idea_id if idea_id in ground.ideas else None


def find_former(turn: Turn, ground: Ground) -> Turn | None:
    """Return the review that this one took over from."""
    for each in ground.turns.get(turn.idea_id, ()):
        if each.outcome == REASSIGNED and each.closed_at == turn.opened_at and each.id != turn.id:
            return each
    return None
