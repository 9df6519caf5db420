"""Awards: pieces of prizes on their way to people; two people say yes, neither of them close to who receives it.

A claim is an award that somebody asks for with points. What a jury wants to give begins with the yes of who proposes
it. On an anonymous idea a proposal is no more than a suggestion: the two who decide are drawn, and everybody else gets
one and the same answer, so that nothing tells whose line the author is of.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.actors import Actor
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.roles import Role


class AwardState(StrEnum):
    """Where an award stands: `waiting` has no yes, `proposed` has one."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({AwardState.WAITING, AwardState.PROPOSED})
STANDING = OPEN | {AwardState.GRANTED}
"""States in which an award has a piece of the stock, and a claim its points."""

HANDS = 2
"""How many people say yes to whatever is given."""


PANEL_ROLES = (
    Role.COMMUNITY_MANAGER,
    Role.INNOVATION_MANAGER,
    Role.CORRESPONDENT,
    Role.SPONSOR,
    Role.ADMIN,
)
"""Whoever has one of these roles may be drawn: the more there are, the less it says not to be."""


class NoSuchAward(NotFound):
    """There is no such award, or none that you may know of."""

    code = "awards.unknown"


class NotYoursToGive(Forbidden):
    """Deciding on this prize is in other hands."""

    code = "awards.not-yours"


class TooCloseToGive(Forbidden):
    """You are too close to who would receive this prize; others decide."""

    code = "awards.conflicted"


class SecondPersonNeeded(Forbidden):
    """A second person has to agree, not who proposed it or agreed already."""

    code = "awards.second-person"


class NotTheRecipient(Forbidden):
    """Only who received the prize can do this."""

    code = "awards.not-recipient"


class AlreadyDecided(Conflict):
    """This was decided or withdrawn already."""

    code = "awards.decided"


class NotGranted(Conflict):
    """This prize is not given yet, or was refused."""

    code = "awards.not-granted"


class RecipientGone(Conflict):
    """Whoever would receive this has left, or the idea was taken back."""

    code = "awards.recipient-gone"


class AnonymousStays(Conflict):
    """What an anonymous idea won is never shown with a name: sign the idea first."""

    code = "awards.anonymous-stays"


class UnknownRecipient(Invalid):
    """A prize goes to one person, or to the authors of one idea that was submitted."""

    code = "awards.unknown-recipient"


class Asked(Protocol):
    """An award as the rules see it."""

    state: str
    proposed_by_id: str
    first_id: str | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stance:
    """How somebody stands to an award.

    `decides` by role or as juror; `seated` was drawn to decide on an anonymous idea; `receives` it was granted to them.
    """

    anonymous: bool = False
    decides: bool = False
    seated: bool = False
    conflicted: bool = False
    receives: bool = False


def check_hand(stance: Stance) -> None:
    """Let pass who decides on an award.

    Raises: NotYoursToGive, TooCloseToGive (never on an anonymous idea: it would tell the author's line).
    """
    if stance.anonymous:
        if not stance.seated or stance.conflicted:
            raise NotYoursToGive
        return
    if not stance.decides:
        raise NotYoursToGive
    if stance.conflicted:
        raise TooCloseToGive


def check_may_approve(actor: Actor, award: Asked, stance: Stance) -> None:
    """Let pass a yes to an award that is open.

    Raises: NotYoursToGive, TooCloseToGive, SecondPersonNeeded, AlreadyDecided.
    """
    check_hand(stance)
    if actor.id in (award.proposed_by_id, award.first_id):
        raise SecondPersonNeeded
    if award.state not in OPEN:
        raise AlreadyDecided


def check_may_refuse(award: Asked, stance: Stance) -> None:
    """Let pass a no to an award that is open.

    Raises: NotYoursToGive, TooCloseToGive, AlreadyDecided.
    """
    check_hand(stance)
    if award.state not in OPEN:
        raise AlreadyDecided


def check_may_withdraw(actor: Actor, award: Asked) -> None:
    """Let pass who claimed or proposed what is still open.

    Raises: NotYoursToGive, AlreadyDecided.
    """
    if actor.id != award.proposed_by_id:
        raise NotYoursToGive
    if award.state not in OPEN:
        raise AlreadyDecided


def check_received(award: Asked, stance: Stance) -> None:
    """Let pass who an award was given to.

    Raises: NotTheRecipient, NotGranted.
    """
    if not stance.receives:
        raise NotTheRecipient
    if award.state != AwardState.GRANTED:
        raise NotGranted


def list_abilities(actor: Actor, award: Asked, stance: Stance) -> list[str]:
    """Return what a person may do with an award now."""
    able = []
    if award.state in OPEN:
        if _decides(stance):
            able += (
                ["refuse"] if actor.id in (award.proposed_by_id, award.first_id) else ["approve", "refuse"]
            )
        if actor.id == award.proposed_by_id:
            able.append("withdraw")
    if stance.receives and award.state == AwardState.GRANTED:
        able += [] if stance.anonymous else ["consent"]
        able += ["confirm_receipt"] if award.received_at is None else []
    return able


def _decides(stance: Stance) -> bool:
    try:
        check_hand(stance)
    except Forbidden:
        return False
    return True
