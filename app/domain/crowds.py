"""Crowds: what is told to everybody who signed up, or to the whole audience of a campaign."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.domain.grounds import Told
from app.domain.notifications import Kind
from app.domain.phases import PhaseKind
from app.domain.subjects import SubjectKind, Topic


@dataclass(frozen=True, slots=True)
class Call:
    """Something to tell a crowd, which is that of the topic; `facts` are as in a notice."""

    kind: Kind
    topic: Topic
    facts: dict[str, Any] = field(default_factory=dict)


def find_call(event: Told) -> Call | None:
    """Return what a crowd is told of an event."""
    calling = _CALLING.get(event.kind)
    return calling(event) if calling else None


def _call_of_move(event: Told) -> Call | None:
    gathering = Topic(SubjectKind.GATHERING, event.subject)
    return Call(Kind.GATHERING_MOVED, gathering) if event.payload.get("moved") else None


def _call_of_cancelling(event: Told) -> Call:
    return Call(Kind.GATHERING_CANCELLED, Topic(SubjectKind.GATHERING, event.subject))


def _call_of_beginning(event: Told) -> Call | None:
    """Tell of phases in which everybody can do something, unless they are over when they are noticed."""
    kind = _OPENED.get(event.payload.get("phase", ""))
    if kind is None or "until" not in event.payload:
        return None
    return Call(kind, Topic(SubjectKind.CAMPAIGN, event.subject), {"due_on": event.payload["until"]})


def _call_of_ending(event: Told) -> Call:
    facts = {"due_on": event.payload["until"]}
    return Call(Kind.PHASE_ENDING, Topic(SubjectKind.CAMPAIGN, event.subject), facts)


def _call_of_report(event: Told) -> Call | None:
    """Tell of a report once, not of each time it is written again."""
    campaign = Topic(SubjectKind.CAMPAIGN, event.subject)
    return None if event.payload.get("again") else Call(Kind.CAMPAIGN_REPORTED, campaign)


_OPENED = {PhaseKind.COLLECT: Kind.CAMPAIGN_OPENED, PhaseKind.VOTE: Kind.VOTING_OPENED}

_CALLING: dict[str, Callable[[Told], Call | None]] = {
    "gatherings.changed": _call_of_move,
    "gatherings.cancelled": _call_of_cancelling,
    "campaigns.phase-began": _call_of_beginning,
    "campaigns.end-announced": _call_of_ending,
    "campaigns.reported": _call_of_report,
}

KINDS = frozenset(_CALLING)
"""The events that crowds are told of."""
