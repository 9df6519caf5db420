"""Audiences of help: who is told what of a request for help and of its coaching; only the two ever hear of it."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.grounds import Ground, Sought, Subject, Told
from app.domain.help_requests import HelpState
from app.domain.notifications import Kind

Telling = Iterator[tuple[Iterable[str], Kind, dict[str, Any]]]


def _tell_of_asking(event: Told, idea: Subject, ground: Ground) -> Telling:
    """Tell who is asked, unless it was put to somebody else since."""
    sought, to = ground.sought.get(event.subject), str(event.payload.get("to"))
    if sought is not None and sought.state == HelpState.ASKED and sought.helper_id == to:
        yield [to], Kind.HELP_ASKED, _describe(sought) | {"person": _name_asker(sought, idea)}


def _tell_of_answer(event: Told, _idea: Subject, ground: Ground) -> Telling:
    """Tell the asker who helps; that somebody passed is told to nobody."""
    sought = ground.sought.get(event.subject)
    if sought is not None and event.payload.get("accept"):
        yield [sought.asker_id], Kind.HELP_ANSWERED, _describe(sought) | {"person": sought.helper_id}


def _tell_that_nobody_is_left(event: Told, _idea: Subject, ground: Ground) -> Telling:
    sought = ground.sought.get(event.subject)
    if sought is not None and sought.state == HelpState.UNMATCHED:
        yield [sought.asker_id], Kind.HELP_ANSWERED, _describe(sought)


def _tell_of_message(event: Told, idea: Subject, ground: Ground) -> Telling:
    sought = ground.sought.get(event.subject)
    if sought is None or sought.helper_id is None:
        return
    if event.payload.get("by") == "asker":
        facts = _describe(sought) | {"person": _name_asker(sought, idea)}
        yield [sought.helper_id], Kind.HELP_MESSAGE, facts
    else:
        facts = _describe(sought) | {"person": sought.helper_id}
        yield [sought.asker_id], Kind.HELP_MESSAGE, facts


def _tell_of_thanks(event: Told, idea: Subject, ground: Ground) -> Telling:
    sought = ground.sought.get(event.subject)
    if sought is not None and sought.helper_id is not None:
        facts = _describe(sought) | {"person": _name_asker(sought, idea)}
        yield [sought.helper_id], Kind.HELP_THANKED, facts


def _tell_nobody(_event: Told, _idea: Subject, _ground: Ground) -> Telling:
    """Tell nobody; but what was asked is done by it."""
    yield from ()


TELLING = {
    "help.asked": _tell_of_asking,
    "help.answered": _tell_of_answer,
    "help.unmatched": _tell_that_nobody_is_left,
    "help.withdrawn": _tell_nobody,
    "help.written": _tell_of_message,
    "help.thanked": _tell_of_thanks,
}
"""What tells of each event."""


def _describe(sought: Sought) -> dict[str, Any]:
    return {"help": sought.id}


def _name_asker(sought: Sought, idea: Subject) -> str | None:
    return None if idea.anonymous else sought.asker_id
