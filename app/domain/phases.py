"""Phases of a campaign: what each is for, from when to when, and how they may be set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from app.domain.errors import Conflict, Invalid


class PhaseKind(StrEnum):
    """What a phase is for, in the order in which phases follow each other."""

    COLLECT = "collect"
    ENRICH = "enrich"
    VOTE = "vote"
    SELECT = "select"
    RESULTS = "results"


TAKING_PART = frozenset({PhaseKind.COLLECT, PhaseKind.VOTE})
"""Phases in which everybody of the audience can do something."""

WARNING = timedelta(days=1)
"""How long before its end people are told of it."""

_ORDER = {kind: place for place, kind in enumerate(PhaseKind)}
_YEARS = range(2000, 2200)


class PhaseNotRight(Invalid):
    """The phases of a campaign follow each other in their order, and the first one collects ideas."""

    code = "campaigns.phases"


class PhaseBegun(Conflict):
    """A phase that has begun keeps its start, and one that is over does not change."""

    code = "campaigns.phase-begun"


class Timed(Protocol):
    """A phase: it has begun at its start, and is over at its end."""

    @property
    def kind(self) -> str:
        """What it is for."""

    @property
    def starts_at(self) -> datetime:
        """The first moment that belongs to it."""

    @property
    def ends_at(self) -> datetime:
        """The first moment that does not belong to it any more."""


P = TypeVar("P", bound=Timed)


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase as it is set; its end does not belong to it."""

    kind: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LocalPhase:
    """A phase as a person sets it: with times as the clocks on the walls of the campaign show them."""

    kind: str
    starts: datetime
    ends: datetime


class Noticed(Timed, Protocol):
    """A phase of which the clock has noticed, or not yet, that it began."""

    @property
    def began_at(self) -> datetime | None:
        """When the start was announced."""


def find_phase(phases: Iterable[P], now: datetime) -> P | None:
    """Return the phase in which a moment falls: its start belongs to it, its end does not; None in a gap."""
    return next((phase for phase in phases if phase.starts_at <= now < phase.ends_at), None)


def is_ending(phase: Timed, *, now: datetime) -> bool:
    """Tell whether a phase in which people take part ends within a day, or is over."""
    return phase.kind in TAKING_PART and phase.ends_at <= now + WARNING


def is_worth_a_warning(phase: Timed, *, now: datetime) -> bool:
    """Tell whether people are told that a phase ends: not when it is over, nor just after they heard that it began."""
    return now < phase.ends_at and phase.ends_at - phase.starts_at >= 2 * WARNING


def find_next(phases: Iterable[P], now: datetime) -> P | None:
    """Return the phase that begins next after a moment."""
    coming = [phase for phase in phases if phase.starts_at > now]
    return min(coming, key=lambda phase: phase.starts_at, default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a campaign goes, and until when it takes ideas, changes of them, and votes."""

    starts_at: datetime
    ends_at: datetime
    collects_until: datetime
    edits_until: datetime
    votes_until: datetime | None


def measure(phases: Sequence[Timed]) -> Span:
    """Return the ends that follow from phases in their order, the first of which collects.

    Ideas are edited until the phase of enriching is over, also between the two phases; without one until collecting
    is over. Votes are taken from the first idea until the phase of voting is over; without one they have no end here.
    """
    by_kind = {PhaseKind(phase.kind): phase for phase in phases}
    collect = by_kind[PhaseKind.COLLECT]
    vote = by_kind.get(PhaseKind.VOTE)
    return Span(
        starts_at=phases[0].starts_at,
        ends_at=phases[-1].ends_at,
        collects_until=collect.ends_at,
        edits_until=by_kind.get(PhaseKind.ENRICH, collect).ends_at,
        votes_until=vote.ends_at if vote else None,
    )


def place(phases: Sequence[LocalPhase], zone: str) -> list[Phase]:
    """Return the phases with their moments in UTC.

    A time that the clocks show twice, when they go back, means its first time: the end of a phase and the start of
    the next one at the same time on the wall are the same moment. A time that they leave out is refused.

    Raises: PhaseNotRight, naming the time.
    """
    placed: list[Phase] = []
    for number, phase in enumerate(phases):
        at = f"/phases/{number}"
        starts_at = _place(phase.starts, zone, f"{at}/starts")
        ends_at = _place(phase.ends, zone, f"{at}/ends")
        if ends_at <= starts_at:
            raise PhaseNotRight.at(f"{at}/ends", "A phase ends after its start.")
        if placed and _ORDER[PhaseKind(phase.kind)] <= _ORDER[PhaseKind(placed[-1].kind)]:
            raise PhaseNotRight.at(f"{at}/phase", f"Phases stand in this order: {', '.join(PhaseKind)}.")
        if placed and starts_at < placed[-1].ends_at:
            raise PhaseNotRight.at(f"{at}/starts", "A phase begins when the one before it is over, or later.")
        placed.append(Phase(phase.kind, starts_at, ends_at))
    if not placed or placed[0].kind != PhaseKind.COLLECT:
        raise PhaseNotRight.at("/phases", "A campaign begins with collecting ideas.")
    return placed


def _place(local: datetime, zone: str, pointer: str) -> datetime:
    if local.year not in _YEARS:
        raise PhaseNotRight.at(pointer, "This year is too far away.")
    moment = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if read_local(moment, zone) != local:
        raise PhaseNotRight.at(pointer, f"The clocks leave this time out in {zone}: they go forward there.")
    return moment


def read_local(moment: datetime, zone: str) -> datetime:
    """Return what the clocks on the walls show at a moment, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def keep_moments(present: Iterable[Timed], wanted: Iterable[Phase]) -> list[Phase]:
    """Return wanted phases with the present moments where they are the same to the second.

    Times on the wall have no fractions of seconds; what was announced otherwise may have.
    """
    known = {
        (phase.kind, moment.replace(microsecond=0)): moment
        for phase in present
        for moment in _list_ends(phase)
    }

    def keep(kind: str, moment: datetime) -> datetime:
        return known.get((kind, moment), moment)

    return [
        Phase(phase.kind, keep(phase.kind, phase.starts_at), keep(phase.kind, phase.ends_at))
        for phase in wanted
    ]


def _list_ends(phase: Timed) -> tuple[datetime, datetime]:
    return phase.starts_at, phase.ends_at


def check_change(present: Sequence[Noticed], wanted: Sequence[Phase], now: datetime) -> None:
    """Let pass new phases of an announced campaign: what is past stays as it was, what comes comes from now on.

    Raises: PhaseBegun, naming the phase.
    """
    begun = {phase.kind: phase for phase in present if phase.starts_at <= now or phase.began_at is not None}
    for kind in begun.keys() - {phase.kind for phase in wanted}:
        raise PhaseBegun.at("/phases", f"The phase {kind} has begun: it can't be left out.")
    for number, phase in enumerate(wanted):
        before, at = begun.get(phase.kind), f"/phases/{number}"
        if before is None:
            if phase.starts_at < now:
                raise PhaseBegun.at(f"{at}/starts", "A phase can't begin in the past.")
        elif phase.starts_at != before.starts_at:
            raise PhaseBegun.at(f"{at}/starts", "This phase has begun: its start stays.")
        elif phase.ends_at != before.ends_at and min(before.ends_at, phase.ends_at) <= now:
            raise PhaseBegun.at(
                f"{at}/ends", "What is over stays as it was; a running phase ends from now on."
            )
