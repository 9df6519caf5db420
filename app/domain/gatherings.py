"""Gatherings: roadshows, workshops and focus groups; when they are, how many fit in, and who may do what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.errors import Conflict, Forbidden, Invalid, NotFound

LONGEST = timedelta(days=31)
"""Longer than any roadshow: a mistake in a date is seen at once."""

FURTHEST = timedelta(days=3 * 366)
"""How far ahead something is announced."""

KEPT = timedelta(days=90)
"""How long after its end it is known who signed up and who came; afterwards there are numbers only."""

FEW = 5
"""From so many places left on, the room says that there are few."""

FLOOR = 5
"""The least number of people in a figure that is shown, as everywhere."""


class Kind(StrEnum):
    """What a gathering is."""

    ROADSHOW = "roadshow"
    WORKSHOP = "workshop"
    FOCUS_GROUP = "focus_group"


class Room(StrEnum):
    """How much room there is, as everybody may know it."""

    UNLIMITED = "unlimited"
    OPEN = "open"
    FEW = "few"
    FULL = "full"


class Arranged(Protocol):
    """What the rules need to know of a gathering."""

    starts_at: datetime
    ends_at: datetime
    places: int | None
    cancelled_at: datetime | None


class NoSuchGathering(NotFound):
    """There is no such gathering."""

    code = "gatherings.unknown"


class NotHost(Forbidden):
    """Only the hosts of the gathering may do this."""

    code = "gatherings.not-host"


class Cancelled(Conflict):
    """The gathering was cancelled."""

    code = "gatherings.cancelled"


class Over(Conflict):
    """The gathering is over."""

    code = "gatherings.over"


class NotBegun(Conflict):
    """The gathering has not begun yet."""

    code = "gatherings.not-begun"


class PlacesTaken(Conflict):
    """More people than that have a place already."""

    code = "gatherings.places-taken"


class TimesNotRight(Invalid):
    """A gathering ends after its beginning, lasts a month at most, and is still to come, within three years."""

    code = "gatherings.times-not-right"


class Nowhere(Invalid):
    """A gathering has a place, or a link to take part from afar."""

    code = "gatherings.nowhere"


class LinkNotRight(Invalid):
    """A link is an address that begins with https:// or http://, without blanks."""

    code = "gatherings.link-not-right"


def check_times(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Let pass a beginning and an end that can be.

    Raises: TimesNotRight.
    """
    # Compared before anything is added: a time in the year 9999 can't be moved.
    if not starts_at - now <= FURTHEST:
        raise TimesNotRight.at("/starts_at")
    if not timedelta() < ends_at - starts_at <= LONGEST or ends_at <= now:
        raise TimesNotRight.at("/ends_at")


def check_where(place: str | None, link: str | None) -> None:
    """Let pass a place, a link or both.

    Raises: Nowhere, LinkNotRight.
    """
    if not place and not link:
        raise Nowhere.at("/place")
    if link and (
        not link.casefold().startswith(("https://", "http://"))
        or not link.partition("://")[2]
        or not link.isprintable()
        or any(character.isspace() or character in '<>"\\' for character in link)
    ):
        raise LinkNotRight.at("/link")


def check_may_change(gathering: Arranged, *, now: datetime) -> None:
    """Let pass a change of what is announced: until it is over or cancelled.

    Raises: Cancelled, Over.
    """
    if gathering.cancelled_at is not None:
        raise Cancelled
    if gathering.ends_at <= now:
        raise Over


def check_has_begun(gathering: Arranged, *, now: datetime) -> None:
    """Let pass what is said of a gathering that took place.

    Raises: Cancelled, NotBegun.
    """
    if gathering.cancelled_at is not None:
        raise Cancelled
    if now < gathering.starts_at:
        raise NotBegun


@dataclass(frozen=True, slots=True)
class Seats:
    """The room of a gathering: how much, and the number of places left where that tells of nobody."""

    room: Room
    left: int | None


def tell_seats(places: int | None, seated: int) -> Seats:
    """Return how much room there is, without counting people below the floor.

    A number is said only of the last few places, and only when five people or more have one: the rest would
    be a count of those who signed up.
    """
    if places is None:
        return Seats(Room.UNLIMITED, None)
    left = max(0, places - seated)
    if left == 0:
        return Seats(Room.FULL, 0)
    if left > FEW:
        return Seats(Room.OPEN, None)
    return Seats(Room.FEW, left if seated >= FLOOR else None)


def tell_people(people: int, *, over: bool) -> int | None:
    """Return how many people came, once it is over and they are enough to hide each of them."""
    return people if over and people >= FLOOR else None
