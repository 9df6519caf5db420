"""Crowds: what is told to all who signed up, to the audience of a campaign or a post, and to followers of an idea."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.grounds import Told
from app.domain.notifications import Kind
from app.domain.phases import PhaseKind
from app.domain.pipeline import Act
from app.domain.subjects import SubjectKind, Topic


@dataclass(frozen=True, slots=True)
class Call:
    """Something to tell a crowd, which is that of the topic; `facts` are as in a notice."""

    kind: Kind
    topic: Topic
    facts: dict[str, Any] = field(default_factory=dict)


Followed = Mapping[str, str]
"""Ideas that somebody follows, by their own identifier and by those of comments under them."""


def find_call(event: Told, followed: Followed) -> Call | None:
    """Return what a crowd is told of an event."""
    following = _FOLLOWING.get(event.kind)
    if following is not None:
        idea_id = followed.get(event.subject)
        return following(event, Topic(SubjectKind.IDEA, idea_id)) if idea_id else None
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


def _call_of_news(event: Told) -> Call:
    return Call(Kind.NEWS_PUBLISHED, Topic(SubjectKind.NEWS, event.subject))


def _call_of_nudge(event: Told) -> Call:
    return Call(Kind.NUDGE_SENT, Topic(SubjectKind.NUDGE, event.subject))


def _call_of_steps(event: Told, idea: Topic) -> Call | None:
    """Tell followers of the steps of an idea; what is asked and answered on the way is between its people."""
    if event.payload.get("act") not in STEPS:
        return None
    return Call(Kind.FOLLOWED_MOVED, idea, {"stage": event.payload["to"]})


def _call_of_comment(event: Told, idea: Topic) -> Call:
    return Call(Kind.FOLLOWED_COMMENTED, idea, {"comment": event.subject})


STEPS = frozenset(
    {
        *(Act.RECOMMEND, Act.SELECT, Act.START_PROJECT, Act.START_PILOT, Act.DEPLOY),
        *(Act.DECLINE, Act.REOPEN, Act.WITHDRAW, Act.MERGE),
    }
)
"""The acts that followers are told of: those that change the stage, once the idea has been taken up."""

_OPENED = {PhaseKind.COLLECT: Kind.CAMPAIGN_OPENED, PhaseKind.VOTE: Kind.VOTING_OPENED}

_CALLING: dict[str, Callable[[Told], Call | None]] = {
    "gatherings.changed": _call_of_move,
    "gatherings.cancelled": _call_of_cancelling,
    "campaigns.phase-began": _call_of_beginning,
    "campaigns.end-announced": _call_of_ending,
    "campaigns.reported": _call_of_report,
    "news.published": _call_of_news,
    "nudges.sent": _call_of_nudge,
}

_FOLLOWING: dict[str, Callable[[Told, Topic], Call | None]] = {
    "pipeline.moved": _call_of_steps,
    "comments.written": _call_of_comment,
}

KINDS = frozenset(_CALLING) | frozenset(_FOLLOWING)
"""The events that crowds are told of."""
