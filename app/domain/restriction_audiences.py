"""Audiences of restricted ideas: their authors, and the reader whose turn it is."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.grounds import Ground, Subject, Told
from app.domain.notifications import Kind

Telling = Iterator[tuple[Iterable[str], Kind, dict[str, Any]]]


def _tell_of_restricting(event: Told, idea: Subject, ground: Ground) -> Telling:
    if not event.payload.get("by_author"):
        yield ground.list_authors(idea.id), Kind.RESTRICTED, {}


def _tell_reader(event: Told, _idea: Subject, _ground: Ground) -> Telling:
    yield event.payload.get("to") or [], Kind.RESTRICTION_WAITING, {}


def _tell_of_lateness(_event: Told, idea: Subject, ground: Ground) -> Telling:
    yield ground.list_authors(idea.id), Kind.RESTRICTION_LATE, {}


def _tell_of_answer(event: Told, idea: Subject, ground: Ground) -> Telling:
    """Tell the other side: of an author's message the reader, of a reader's answer the authors."""
    if event.payload.get("by_author"):
        yield event.payload.get("to") or [], Kind.RESTRICTION_WAITING, {}
    else:
        yield ground.list_authors(idea.id), Kind.RESTRICTION_ANSWERED, {}


def _tell_of_lifting(event: Told, idea: Subject, ground: Ground) -> Telling:
    # Without an actor it was an author who took it back.
    if event.actor_id is not None:
        yield ground.list_authors(idea.id), Kind.RESTRICTION_LIFTED, {}


TELLING = {
    "restrictions.put": _tell_of_restricting,
    "restrictions.assigned": _tell_reader,
    "restrictions.reminded": _tell_reader,
    "restrictions.late": _tell_of_lateness,
    "restrictions.answered": _tell_of_answer,
    "restrictions.lifted": _tell_of_lifting,
}
"""What tells of each event."""
