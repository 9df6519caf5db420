"""Audiences of opening an identity: the two whom a request is between, and the authors once it is done."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.grounds import Ground, Subject, Told
from app.domain.notifications import Kind

Telling = Iterator[tuple[Iterable[str], Kind, dict[str, Any]]]


def _tell_of_asking(event: Told, _idea: Subject, _ground: Ground) -> Telling:
    second = event.payload.get("to")
    if second:
        yield [second], Kind.IDENTITY_ASKED, {"opening": event.subject}


def _tell_of_end(event: Told, _idea: Subject, _ground: Ground) -> Telling:
    yield [str(event.payload["to"])], Kind.IDENTITY_ANSWERED, {"opening": event.subject}


def _tell_of_opening(event: Told, idea: Subject, ground: Ground) -> Telling:
    yield [str(event.payload["to"])], Kind.IDENTITY_ANSWERED, {"opening": event.subject}
    yield ground.list_authors(idea.id), Kind.IDENTITY_OPENED, {}


TELLING = {
    "identity-openings.asked": _tell_of_asking,
    "identity-openings.ended": _tell_of_end,
    "identity-openings.opened": _tell_of_opening,
}
"""What tells of each event."""
