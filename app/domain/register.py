"""The register for the works council: what enters it, and what of an entry its hash covers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from app.domain import chains
from app.domain.chains import Verdict
from app.domain.happenings import Happening


class Kind(StrEnum):
    """What an entry is about, as readers narrow the register."""

    EXPORTS = "exports"
    RULES = "rules"
    ROLES = "roles"
    ACCESS = "access"
    MODERATION = "moderation"
    IDENTITIES = "identities"
    CONFLICTS = "conflicts"
    IMPORTS = "imports"
    RETENTION = "retention"
    ERASURES = "erasures"


KINDS: Mapping[str, Kind] = {
    "badges": Kind.RULES,
    "calendars": Kind.RULES,
    "campaigns": Kind.RULES,
    "capacities": Kind.RULES,
    "clock-policies": Kind.RULES,
    "conflicts": Kind.CONFLICTS,
    "directory": Kind.IMPORTS,
    "employees": Kind.ACCESS,
    "entities": Kind.RULES,
    "erasures": Kind.ERASURES,
    "exports": Kind.EXPORTS,
    "gatherings": Kind.ROLES,
    "identity-openings": Kind.IDENTITIES,
    "imports": Kind.IMPORTS,
    "links": Kind.ACCESS,
    "moderation": Kind.MODERATION,
    "point-rules": Kind.RULES,
    "prizes": Kind.RULES,
    "releases": Kind.EXPORTS,
    "restriction-lanes": Kind.ROLES,
    "restrictions": Kind.MODERATION,
    "retention": Kind.RETENTION,
    "roles": Kind.ROLES,
    "routing-rules": Kind.RULES,
    "segments": Kind.RULES,
    "settings": Kind.RULES,
    "vote-flags": Kind.MODERATION,
    "votings": Kind.RULES,
    "webhooks": Kind.EXPORTS,
}
"""The kind of an act by its noun, the first word of its dotted name."""

SUBJECT = "subject"
"""Says that the subject of an event is the person whom it concerned."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How an event enters: `about` is the field of its payload that holds the person concerned, or `SUBJECT`."""

    about: str | None = None


ENTERED: Mapping[str, Taken] = {
    "calendars.changed": Taken(),
    "campaigns.closed": Taken(),
    "capacities.set": Taken(about=SUBJECT),
    "clock-policies.set": Taken(),
    "directory.imported": Taken(),
    "entities.calendar-set": Taken(),
    "links.issued": Taken(about=SUBJECT),
    "moderation.words-changed": Taken(),
    "point-rules.changed": Taken(),
    "prizes.added": Taken(),
    "prizes.edited": Taken(),
    "roles.ended": Taken(about="employee"),
    "roles.granted": Taken(about="employee"),
    "segments.threshold-set": Taken(),
    "vote-flags.reviewed": Taken(),
    "votings.set": Taken(),
    "webhooks.changed": Taken(),
}
"""Events that enter by themselves, with what `Detail` says beside them: events hold neither words nor what was."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What the register has of an event beside its payload: facts, and words that can be dropped."""

    facts: Mapping[str, Any]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What enters: `actor_id` and `about_id` are people (kept apart from the chain), `text` words that can be dropped.

    `subject` and `facts` hold identifiers of things and numbers: nothing in them is personal, nobody is a subject.
    """

    act: str
    subject: str = ""
    actor_id: str | None = None
    about_id: str | None = None
    text: str | None = None
    facts: Mapping[str, Any] | None = None


class Chained(chains.Link, Protocol):
    """An entry as the chain sees it; a table row fits by its shape."""

    at: datetime
    kind: str
    act: str
    subject: str
    actor_ref: str | None
    about_ref: str | None
    facts: dict[str, Any]


def get_kind(act: str) -> Kind:
    """Return what an act is about.

    Raises: KeyError for an act whose noun `KINDS` does not know.
    """
    return KINDS[act.partition(".")[0]]


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs as facts: the terms `before` and `after` a change, either left out where it has none.

    Of a new thing all is in `after`, of one that was taken away all in `before`.
    """
    differs = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    told = {
        "before": {name: before[name] for name in differs if name in before},
        "after": {name: after[name] for name in differs if name in after},
    }
    return {name: terms for name, terms in told.items() if terms}


def find_entry(happening: Happening, actor_id: str | None, detail: Detail | None = None) -> Entry | None:
    """Return what enters because of an event, None for most events."""
    taken = ENTERED.get(happening.kind)
    if taken is None:
        return None
    facts, subject, about = dict(happening.payload), happening.subject, None
    if taken.about == SUBJECT:
        subject, about = "", subject
    elif taken.about is not None:
        about = facts.pop(taken.about)
    if happening.kind == "directory.imported":
        subject = ""
    if detail is None:
        return Entry(happening.kind, subject, actor_id, about, facts=facts)
    return Entry(happening.kind, subject, actor_id, about, detail.text, {**facts, **detail.facts})


def write_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts in values that have one spelling in JSON: numbers with a fraction and dates become text."""
    return {name: _write(value) for name, value in facts.items()}


def seal(entry: Chained) -> str:
    """Return the hash of an entry: over its facts, the random names of people and the hash before."""
    return chains.seal(
        {
            "about": entry.about_ref,
            "act": entry.act,
            "actor": entry.actor_ref,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "commitment": entry.commitment,
            "facts": entry.facts,
            "kind": entry.kind,
            "position": entry.position,
            "previous": entry.previous,
            "subject": entry.subject,
        }
    )


def verify(entries: Iterable[Chained], *, head: str, length: int) -> Verdict:
    """Check the register, its entries in order of position, against the head that is kept apart from it."""
    return chains.verify(entries, seal, head=head, length=length)


def _write(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, float | Decimal | date):
        return str(value)
    if isinstance(value, Mapping):
        return write_facts({str(name): each for name, each in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [_write(each) for each in value]
    message = f"{type(value).__name__} can't stand in the register"
    raise TypeError(message)
