"""Votes that look arranged: what is found, and how much of it may be shown. Rings are flagged, not punished."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import NotFound
from app.domain.privacy import FLOOR

WINDOW = timedelta(days=30)
"""How far back the nightly look goes."""

KEPT = timedelta(days=180)
"""How long a flag is kept after it was last found."""

FEWEST_RECIPROCAL = 4
"""Votes that two people give to ideas of each other, each, before that is more than politeness."""

UNUSUAL = 5
"""How many times what chance explains, of votes between two people."""

DEVOTED = 0.25
"""The part of all of somebody's votes that goes to one author and is unusual by itself."""

BURST_MINUTES = 10
FEWEST_IN_BURST = 10
STEEP = 4
"""How many times the usual a burst is."""

LIVELY = 3
"""Other ideas with as many votes at the same time, from which on it is an event and no burst."""

FEWEST_TOGETHER = 5
DAYS_TOGETHER = 3
CLOSE = 0.2
"""The part of the fewer votes of two people that is cast in the same minute for the same idea."""

LARGEST_MINUTE = 20
"""Votes for one idea in one minute, above which it is a crowd and no set of people."""

HIDDEN_AMONG = FLOOR + 1
"""The people of a reciprocal ring from which on its ideas are shown: then the voters of each are any of five others."""


class FlagKind(StrEnum):
    """The patterns that are looked for."""

    RECIPROCAL = "reciprocal"
    BURST = "burst"
    SAME_MINUTE = "same_minute"


class FlagState(StrEnum):
    """What a community manager made of a flag."""

    OPEN = "open"
    DISMISSED = "dismissed"


class NoSuchFlag(NotFound):
    """There is no such flag, or none that you may know of."""

    code = "vote-flags.unknown"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What was found: the ideas concerned and numbers, nobody's name."""

    kind: FlagKind
    ideas: frozenset[str]
    since: datetime
    until: datetime
    votes: int
    people: int
    minutes: int
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A flag that is there already, as far as it takes to know it again."""

    id: str
    kind: str
    ideas: frozenset[str]
    since: datetime


def join_pairs(pairs: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    """Return the groups of people who hang together by pairs."""
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        merged = groups.get(one, {one}) | groups.get(other, {other})
        for person in merged:
            groups[person] = merged
    return sorted({frozenset(group) for group in groups.values()}, key=sorted)


def is_unusual(votes: int, given: int, received: int, total: int) -> bool:
    """Tell whether votes of one person for another are more than chance makes of what both give and get."""
    expected = given * received / total
    return votes >= UNUSUAL * expected or votes >= DEVOTED * given


@dataclass(frozen=True, slots=True)
class Peak:
    """The most votes that an idea had within ten minutes, ending with a minute.

    `own` is what it had on average in the other ten minutes in which it had any.
    """

    idea_id: str
    minute: int
    votes: int
    own: float


def find_bursts(peaks: Iterable[Peak], usual: int) -> list[tuple[Peak, float]]:
    """Return the peaks that stand out, each with what would have been usual.

    `usual` is what nine of ten ideas never get beyond. Where several ideas have a peak at the same time, people
    sit together and vote: that is no burst.
    """
    high = [peak for peak in peaks if peak.votes >= FEWEST_IN_BURST]
    starts: defaultdict[int, int] = defaultdict(int)
    for peak in high:
        starts[peak.minute] += 1
    found = []
    for peak in high:
        near = range(peak.minute - BURST_MINUTES + 1, peak.minute + BURST_MINUTES)
        others = sum(starts.get(minute, 0) for minute in near) - 1
        expected = max(usual, peak.own)
        if others < LIVELY and peak.votes >= STEEP * expected:
            found.append((peak, expected))
    return found


def find_usual(peaks: Mapping[int, int]) -> int:
    """Return what nine of ten ideas never get beyond, of how many ideas have which peak; at least 1."""
    left = sum(peaks.values()) // 10
    for votes in sorted(peaks, reverse=True):
        left -= peaks[votes]
        if left < 0:
            return max(votes, 1)
    return 1


def find_same(pattern: Pattern, flags: Iterable[Seen]) -> Seen | None:
    """Return the flag that a pattern has already: of its kind, with half of the ideas of either in common.

    A burst is known by its idea and its moment. No flag knows people, so it can't be known by them.
    """
    best, most = None, 0.5
    for flag in flags:
        if flag.kind != pattern.kind or (pattern.kind is FlagKind.BURST and flag.since != pattern.since):
            continue
        common = len(flag.ideas & pattern.ideas) / max(min(len(flag.ideas), len(pattern.ideas)), 1)
        if common >= most:
            best, most = flag, common
    return best


def publish_people(people: int) -> int | None:
    """Return a number of people as it may be shown."""
    return people if people >= FLOOR else None


def shows_ideas(kind: str, people: int) -> bool:
    """Tell whether the ideas of a flag are shown: with few people, a reciprocal ring would tell who voted for what."""
    return kind != FlagKind.RECIPROCAL or people >= HIDDEN_AMONG
