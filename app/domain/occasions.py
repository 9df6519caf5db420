"""Occasions: who is told of what is no idea and concerns a few people: prizes, badges, and places that came free."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.awards import OPEN, AwardState
from app.domain.grounds import Told
from app.domain.notifications import Kind, Notice
from app.domain.subjects import SubjectKind, Topic


@dataclass(frozen=True, slots=True)
class Award:
    """What is known of an award.

    `deciders` are those who may decide on it now, `asked` those who were asked to and have not been answered for;
    `receivers` are those to whom it was granted. `employee_id` is who is to receive it, None for authors of an idea.
    """

    id: str
    prize_id: str
    state: str
    employee_id: str | None
    proposed_by_id: str
    first_id: str | None
    deciders: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    receivers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place that somebody moved up to."""

    gathering_id: str
    employee_id: str


@dataclass(frozen=True, slots=True)
class Honour:
    """A badge that somebody was awarded; `told` says that they heard of the same one before, and it lapsed since."""

    award_id: str
    employee_id: str
    told: bool


@dataclass(frozen=True, slots=True)
class Occasions:
    """What is known of what events are about: awards by identifier, places by that of the sign-up.

    `honours` are badges by the identifier of their award.
    """

    awards: Mapping[str, Award] = field(default_factory=dict)
    honours: Mapping[str, Honour] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


def list_notices(events: Iterable[Told], known: Occasions) -> list[Notice]:
    """Return what people are told of events: of each once of each kind, and nobody is asked twice about one award."""
    found: dict[tuple[str, Kind, object], Notice] = {}
    for event in events:
        tell = _TELLING.get(event.kind)
        for people, kind, topic, facts in tell(event, known) if tell else ():
            once = topic if kind is Kind.AWARD_WAITING else event.sequence
            for person in people:
                if person != event.actor_id:
                    notice = Notice(person, kind, topic, event.sequence or 0, facts)
                    found.setdefault((person, kind, once), notice)
    return list(found.values())


def may_be_asked(award: Award, person: str) -> bool:
    """Tell whether somebody's yes or no to an award is waited for."""
    unheard = person not in (award.proposed_by_id, award.first_id)
    return award.state in OPEN and unheard and person in award.deciders


Telling = Iterator[tuple[Iterable[str], Kind, Topic, dict[str, Any]]]


def _ask_deciders(event: Told, known: Occasions) -> Telling:
    award = known.awards.get(event.subject)
    if award is None:
        return
    waited_for = [person for person in sorted(award.deciders) if may_be_asked(award, person)]
    facts = {"person": award.employee_id} if award.employee_id else {}
    new = [person for person in waited_for if person not in award.asked]
    yield new, Kind.AWARD_WAITING, _name(award), facts


def _tell_receivers(event: Told, known: Occasions) -> Telling:
    award = known.awards.get(event.subject)
    if award is not None:
        yield award.receivers, Kind.AWARD_GRANTED, _name(award), {}


def _tell_who_asked(event: Told, known: Occasions) -> Telling:
    award = known.awards.get(event.subject)
    if award is not None:
        yield [award.proposed_by_id], Kind.AWARD_REFUSED, _name(award), {}


def _tell_of_ceremony(event: Told, known: Occasions) -> Telling:
    if not event.payload.get("ceremony"):
        return
    for award in known.awards.values():
        if award.prize_id == event.subject and award.state == AwardState.GRANTED:
            yield award.receivers, Kind.CEREMONY, _name(award), {}


def _tell_who_moved_up(event: Told, known: Occasions) -> Telling:
    place = known.places.get(event.subject)
    if place is not None:
        yield [place.employee_id], Kind.SEATED, Topic(SubjectKind.GATHERING, place.gathering_id), {}


def _tell_of_badge(event: Told, known: Occasions) -> Telling:
    """Tell of what was earned lately: a badge of years ago, found by a new rule, is found on one's page."""
    honour = known.honours.get(event.subject)
    if honour is not None and not honour.told and event.payload.get("fresh"):
        facts = {"badge": event.payload["badge"], "tier": event.payload["tier"]}
        yield [honour.employee_id], Kind.BADGE_AWARDED, Topic(SubjectKind.BADGE, honour.award_id), facts


def _tell_nobody(_event: Told, _known: Occasions) -> Telling:
    """Tell nobody; but what was asked is done by it."""
    yield from ()


_TELLING: dict[str, Callable[[Told, Occasions], Telling]] = {
    "prizes.claimed": _ask_deciders,
    "prizes.proposed": _ask_deciders,
    "prizes.agreed": _ask_deciders,
    "prizes.panel-drawn": _ask_deciders,
    "prizes.granted": _tell_receivers,
    "prizes.refused": _tell_who_asked,
    "prizes.withdrawn": _tell_nobody,
    "prizes.edited": _tell_of_ceremony,
    "sign-ups.advanced": _tell_who_moved_up,
    "badges.awarded": _tell_of_badge,
}

KINDS = frozenset(_TELLING)
"""The events that people are told of."""


def _name(award: Award) -> Topic:
    return Topic(SubjectKind.PRIZE_AWARD, award.id)
