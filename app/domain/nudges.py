"""Nudges: messages of community managers to a group of people, whose effect is measured; nobody sees who got one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.actors import Actor, Grant
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.intervals import Interval, estimate_difference
from app.domain.permissions import ROLE_PERMISSIONS, Permission, RoleMissing
from app.domain.privacy import FLOOR, publish

FURTHEST = timedelta(days=366)
"""How far ahead a nudge is scheduled."""

TENTHS = 10
"""A tenth of the people gets nothing, by lot, so that the effect can be told from what would have happened anyway."""

FEWEST_COMPARED = FLOOR * TENTHS
"""People from whom on a tenth is held out: of fewer than five nothing could be said."""

WATCHED = timedelta(days=7)
"""How long somebody may take to act, from the day after."""


class NudgeState(StrEnum):
    """How far the life of a nudge has come."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENT = "sent"
    CANCELLED = "cancelled"


class Nudge(Protocol):
    """What the rules need to know of a nudge."""

    segment: str | None
    entity_id: str | None
    function_id: str | None
    send_at: datetime | None
    sent_at: datetime | None
    cancelled_at: datetime | None


class NoSuchNudge(NotFound):
    """There is no such nudge, or none that you may read."""

    code = "nudges.unknown"


class AlreadySent(Conflict):
    """This nudge was sent."""

    code = "nudges.sent"


class AlreadyCancelled(Conflict):
    """This nudge was cancelled."""

    code = "nudges.cancelled"


class TooFewAddressed(Conflict):
    """A nudge goes to five people at least: of fewer, each would be known. Choose a wider group."""

    code = "nudges.too-few"


class NudgeTimeNotRight(Invalid):
    """A nudge is sent at a moment to come, within a year; to send it at once, say so."""

    code = "nudges.time-not-right"


class SeveralAbout(Invalid):
    """A nudge is about one idea, campaign or gathering, or about none."""

    code = "nudges.several-about"


def tell_state(nudge: Nudge) -> NudgeState:
    """Return how far the life of a nudge has come; one whose moment has come is scheduled until it is sent."""
    if nudge.cancelled_at is not None:
        return NudgeState.CANCELLED
    if nudge.sent_at is not None:
        return NudgeState.SENT
    return NudgeState.DRAFT if nudge.send_at is None else NudgeState.SCHEDULED


def check_time(send_at: datetime | None, now: datetime) -> None:
    """Let pass a moment to come, or none.

    Raises: NudgeTimeNotRight.
    """
    # Compared before anything is added: a time in the year 9999 can't be moved.
    if send_at is not None and not timedelta() < send_at - now <= FURTHEST:
        raise NudgeTimeNotRight.at("/send_at")


def check_open(nudge: Nudge) -> None:
    """Let pass what was neither sent nor cancelled.

    Raises: AlreadySent, AlreadyCancelled.
    """
    match tell_state(nudge):
        case NudgeState.SENT:
            raise AlreadySent
        case NudgeState.CANCELLED:
            raise AlreadyCancelled


def check_people(people: int) -> None:
    """Let pass a group of five people or more.

    Raises: TooFewAddressed.
    """
    if people < FLOOR:
        raise TooFewAddressed


def list_scopes(actor: Actor) -> list[Grant]:
    """Return what somebody may nudge by."""
    return [grant for grant in actor.grants if Permission.NUDGES_WRITE in ROLE_PERMISSIONS[grant.role]]


def manages(actor: Actor, nudge: Nudge, within: Collection[str]) -> bool:
    """Tell whether somebody writes to the group of a nudge: to all, or to what their role was given for.

    `within` are the entities that roles of theirs were given for, with all below.
    """
    return any(
        grant.unscoped
        or (grant.entity_id is not None and nudge.entity_id in within)
        or (grant.function_id is not None and grant.function_id == nudge.function_id)
        for grant in list_scopes(actor)
    )


def check_manages(actor: Actor, nudge: Nudge, within: Collection[str]) -> None:
    """Let pass whoever writes to the group of a nudge.

    Raises: RoleMissing.
    """
    if not manages(actor, nudge, within):
        raise RoleMissing


def list_abilities(nudge: Nudge) -> list[str]:
    """Return what whoever writes to its group may do with a nudge."""
    return ["edit", "send", "cancel"] if tell_state(nudge) in (NudgeState.DRAFT, NudgeState.SCHEDULED) else []


def round_people(people: int) -> int | None:
    """Return how many people a nudge goes to, in whole fives, None below five.

    So that two groups that differ by somebody don't tell of them.
    """
    return people // FLOOR * FLOOR or None


def compares(people: int) -> bool:
    """Tell whether a tenth of so many people is held out."""
    return people >= FEWEST_COMPARED


def count_days(sent_on: date) -> tuple[date, date]:
    """Return the first and the last day on which an act counts: seven, beginning on the day after the sending."""
    return sent_on + timedelta(days=1), sent_on + WATCHED


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of a nudge, each number None where it could tell of somebody.

    `opened` and `acted` are shares of those who were told, `acted_without` of those held out; `difference` is what
    the nudge added to the share that acted.
    """

    opened: float | None
    acted: float | None
    acted_without: float | None
    difference: Interval | None


def find_effect(told: int, opened: int, acted: int, held_out: int, held_acted: int) -> Effect:
    """Return what came of a nudge."""
    known = publish(acted, told) is not None and publish(held_acted, held_out) is not None
    return Effect(
        _find_share(opened, told),
        _find_share(acted, told),
        _find_share(held_acted, held_out),
        estimate_difference((acted, told), (held_acted, held_out)) if known else None,
    )


def _find_share(number: int, people: int) -> float | None:
    return None if publish(number, people) is None else number / people
