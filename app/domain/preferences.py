"""Preferences: by which channel and when people are told, and what holds until they choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import Invalid
from app.domain.notifications import CATALOGUE, URGENT, Kind


class Channel(StrEnum):
    """A way out of the product; inside it everything is told, always."""

    EMAIL = "email"
    PUSH = "push"
    SLACK = "slack"
    TEAMS = "teams"


class Timing(StrEnum):
    """When something is told by a channel."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"


class Digest(StrEnum):
    """How often what can wait is told together."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


DIGEST, AT_ONCE = "digest", "at_once"
"""What one ends with one click in a letter of several kinds: the digest, or all that comes at once."""


class NoDigestThere(Invalid):
    """A browser shows one message at a time: it has no digest."""

    code = "preferences.no-digest-there"


class UnknownZone(Invalid):
    """This is not the name of a time zone (Europe/Paris)."""

    code = "preferences.unknown-zone"


class ChosenTwice(Invalid):
    """One kind and channel can be chosen once."""

    code = "preferences.chosen-twice"


@dataclass(frozen=True, slots=True)
class Habits:
    """When a person wants messages; hours are those of the person's time zone, weekday 1 is Monday.

    From `quiet_from` to `quiet_until` nothing is sent (the same hour twice: never quiet). `per_day` is how many
    messages a channel brings at once in a day, before the others wait for the next morning.
    """

    digest: str = Digest.DAILY
    hour: int = 9
    weekday: int = 1
    time_zone: str | None = None
    quiet_from: int = 20
    quiet_until: int = 7
    per_day: int = 10


Chosen = Mapping[tuple[str, str], str]
"""The timing that a person chose, by kind and channel."""


def get_default(kind: str, channel: str) -> Timing:
    """Return what holds until somebody chooses: what can't wait comes at once, the rest by e-mail together."""
    entry = CATALOGUE[Kind(kind)]
    if entry.asks or entry.at_once:
        return Timing.AT_ONCE
    return Timing.DIGEST if channel == Channel.EMAIL else Timing.NEVER


def get_timing(kind: str, channel: str, chosen: Chosen) -> Timing:
    """Return when a person is told something by a channel; what is urgent comes by e-mail in any case."""
    timing = None if kind in URGENT and channel == Channel.EMAIL else chosen.get((kind, channel))
    return Timing(timing) if timing else get_default(kind, channel)


def check_choice(channel: str, timing: str, pointer: str) -> None:
    """Let pass a timing that the channel knows.

    Raises: NoDigestThere.
    """
    if channel == Channel.PUSH and timing == Timing.DIGEST:
        raise NoDigestThere.at(pointer)


def check_zone(name: str | None) -> None:
    """Let pass the IANA name of a time zone.

    Raises: UnknownZone.
    """
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone.at("/time_zone") from error
