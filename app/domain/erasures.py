"""Erasing people: what stands against it, what remains, and how a name is taken out of a text."""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol
from unicodedata import normalize

from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid

NAMELESS = "—"
"""What stands for the name of somebody who was erased, and for content that was removed: a sign of no language."""

BLOT = "…"
"""What stands where a text named the person who wrote it."""

LONGEST_WAIT = timedelta(days=28)
"""Within this time the content of anonymous ideas goes: GDPR, article 12 (3), grants a month.

At a moment drawn at random, because content that went in the hour in which somebody was erased would tell who wrote it.
"""

_SHORTEST = 3
"""Characters of a name or number below which it is no trace: blotting it out would hit half of all words."""


class Remains(StrEnum):
    """What becomes of something that a person wrote."""

    KEEP = "keep"
    REMOVE = "remove"


class OwnErasure(Conflict):
    """Nobody erases their own account: ask another admin."""

    code = "erasures.own"


class StillActive(Conflict):
    """Let this person go first: access ends and open work is handed over, then they can be erased."""

    code = "erasures.still-active"


class AlreadyErased(Conflict):
    """This person was erased already."""

    code = "erasures.already-erased"


class ReasonNames(Invalid):
    """The reason must not name the person: it is kept when the name is gone."""

    code = "erasures.reason-names"


class NotRemovable(Invalid):
    """Only ideas that you wrote alone can be removed; what others wrote with you stays."""

    code = "erasures.not-removable"


class Person(Protocol):
    """An account as these rules see it."""

    id: str
    name: str
    email: str | None
    external_id: str | None
    active: bool


def check_may_erase(actor: Actor, person: Person, *, erased: bool) -> None:
    """Let pass somebody else who has left and is still there by name.

    Raises: OwnErasure, AlreadyErased, StillActive.
    """
    if actor.id == person.id:
        raise OwnErasure
    if erased:
        raise AlreadyErased
    if person.active:
        raise StillActive


def check_reason(reason: str, person: Person) -> None:
    """Let pass a reason that does not say whom it is about.

    Raises: ReasonNames.
    """
    if blot(reason, list_traces(person)) != reason:
        raise ReasonNames.at("/reason")


def list_traces(person: Person) -> list[str]:
    """Return what names a person in a text, the longest first."""
    traces = {person.name.strip(), person.email or "", person.external_id or "", person.id}
    return sorted(
        (trace for trace in traces if len(trace) >= _SHORTEST), key=lambda trace: (-len(trace), trace)
    )


def blot(text: str, traces: Iterable[str]) -> str:
    """Return a text in which traces of a person, as whole words, are blotted out.

    Whatever their case, whether accents stand in one character with their letter or behind it (Unicode, annex 15), and
    whatever blanks stand between their words.
    """
    for trace in traces:
        text = re.sub(rf"(?<!\w){_write_pattern(trace)}(?!\w)", BLOT, text, flags=re.IGNORECASE)
    return text


def _write_pattern(trace: str) -> str:
    """Return a pattern of a trace; a letter and its accents are one character or several."""
    signs = normalize("NFC", trace)
    return "".join(r"\s+" if sign.isspace() else _write_either(sign) for sign in signs)


def _write_either(sign: str) -> str:
    apart = normalize("NFD", sign)
    return re.escape(sign) if apart == sign else f"(?:{re.escape(sign)}|{re.escape(apart)})"


def blot_all(document: Any, traces: Iterable[str]) -> Any:
    """Return a document of JSON with traces blotted out of all of its texts."""
    sought = list(traces)
    if isinstance(document, str):
        return blot(document, sought)
    if isinstance(document, list):
        return [blot_all(each, sought) for each in document]
    if isinstance(document, dict):
        return {name: blot_all(value, sought) for name, value in document.items()}
    return document
