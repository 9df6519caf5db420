"""Signing up for gatherings: a place while there are some, then the waiting list in the order of coming."""

from datetime import datetime
from enum import StrEnum

from app.domain.errors import Conflict, Forbidden
from app.domain.gatherings import Arranged, Cancelled


class SignUpState(StrEnum):
    """What somebody who signed up has."""

    SEATED = "seated"
    WAITING = "waiting"


class SignUpClosed(Conflict):
    """The gathering has begun: nobody signs up or leaves any more."""

    code = "sign-ups.closed"


class NotInvited(Forbidden):
    """This gathering is for another part of the company."""

    code = "sign-ups.not-invited"


class HostsIt(Conflict):
    """You host this gathering: you are there anyway."""

    code = "sign-ups.hosts-it"


def covers(audience: str | None, own: str | None) -> bool:
    """Tell whether an audience, the path of an entity or everybody (None), has somebody of a path in it."""
    return audience is None or (own is not None and f"{own}/".startswith(f"{audience}/"))


def is_open(gathering: Arranged, *, now: datetime) -> bool:
    """Tell whether people may sign up now."""
    return gathering.cancelled_at is None and now < gathering.starts_at


def check_may_sign_up(gathering: Arranged, *, invited: bool, hosts: bool, now: datetime) -> None:
    """Let pass somebody of the audience before the beginning.

    Raises: NotInvited, HostsIt, Cancelled, SignUpClosed.
    """
    if not invited:
        raise NotInvited
    if hosts:
        raise HostsIt
    if gathering.cancelled_at is not None:
        raise Cancelled
    if not is_open(gathering, now=now):
        raise SignUpClosed


def check_may_leave(gathering: Arranged, *, now: datetime) -> None:
    """Let pass somebody who leaves before the beginning, also when it was cancelled.

    Raises: SignUpClosed.
    """
    if now >= gathering.starts_at:
        raise SignUpClosed


def count_free(places: int | None, seated: int, waiting: int) -> int:
    """Return how many of those who wait get a place now."""
    return waiting if places is None else max(0, min(waiting, places - seated))
