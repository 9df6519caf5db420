"""Segments: groups of people by published rules on what they did lately; everybody can see the own rule.

The seven of Eurêka (2012). The rules know only what was done under one's name, so that no count of a segment moves
by what somebody did anonymously.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Invalid, NotFound

WINDOW_DAYS = 90
"""Days that count, today included: about a season."""

MOST = 10_000


class Segment(StrEnum):
    """Where somebody stands, each person in one."""

    PASSIVE = "passive"
    REGULAR = "regular"
    BIG_CONTRIBUTOR = "big_contributor"
    INFLUENCER = "influencer"
    FACILITATOR = "facilitator"
    IDEA_DEVELOPER = "idea_developer"
    TOP_MANAGER = "top_manager"


class Fact(StrEnum):
    """What is known of somebody, as a number."""

    ACTIVE_DAYS = "active_days"
    IDEAS = "ideas"
    COMMENTS = "comments"
    RESPONSE = "response"
    FUNCTIONS = "functions"
    FACILITATES = "facilitates"
    DEVELOPS = "develops"
    SPONSORS = "sponsors"


HATS = frozenset({Fact.FACILITATES, Fact.DEVELOPS, Fact.SPONSORS})
"""Facts that are roles: 1 or 0, given by somebody else, not earned by doing more."""

Facts = Mapping[Fact, int]


class NoSuchThreshold(NotFound):
    """No rule of the segments has this threshold."""

    code = "segments.no-such-threshold"


class ThresholdNotRight(Invalid):
    """A threshold is a whole number from 1 to 10,000."""

    code = "segments.threshold"


@dataclass(frozen=True, slots=True)
class Condition:
    """That a fact reaches a threshold, which innovation managers can set unless it is a role."""

    fact: Fact
    threshold: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A segment and its ways in: one of them is enough, all conditions of it must hold."""

    segment: Segment
    ways: tuple[tuple[Condition, ...], ...]


def _has(fact: Fact) -> tuple[Condition, ...]:
    return (Condition(fact, "", 1),)


RULES: tuple[Rule, ...] = (
    Rule(Segment.TOP_MANAGER, (_has(Fact.SPONSORS),)),
    Rule(Segment.FACILITATOR, (_has(Fact.FACILITATES),)),
    Rule(
        Segment.IDEA_DEVELOPER,
        (
            _has(Fact.DEVELOPS),
            (
                Condition(Fact.COMMENTS, "idea_developer.comments", 10),
                Condition(Fact.FUNCTIONS, "idea_developer.functions", 3),
            ),
        ),
    ),
    Rule(Segment.INFLUENCER, ((Condition(Fact.RESPONSE, "influencer.response", 30),),)),
    Rule(
        Segment.BIG_CONTRIBUTOR,
        (
            (Condition(Fact.IDEAS, "big_contributor.ideas", 3),),
            (Condition(Fact.COMMENTS, "big_contributor.comments", 12),),
        ),
    ),
    Rule(Segment.REGULAR, ((Condition(Fact.ACTIVE_DAYS, "regular.active_days", 3),),)),
    Rule(Segment.PASSIVE, ((),)),
)
"""The rules in the order in which they are asked; the first that holds says the segment, the last always does."""

DEFAULTS: dict[str, int] = {
    condition.threshold: condition.at_least
    for rule in RULES
    for way in rule.ways
    for condition in way
    if condition.threshold
}
"""The thresholds that can be set, with what holds otherwise."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How far somebody is with a condition."""

    fact: Fact
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The segment of somebody, the conditions that put them there, and what would put them elsewhere.

    `following` has for each segment that comes earlier in the rules, and that no role is needed for, the conditions
    of its nearest way in.
    """

    segment: Segment
    why: tuple[Measure, ...]
    following: Mapping[Segment, tuple[Measure, ...]]


def place(facts: Facts, thresholds: Mapping[str, int]) -> Placement:
    """Return the segment of somebody; a missing fact is 0, a missing threshold the default."""
    following: dict[Segment, tuple[Measure, ...]] = {}
    for rule in RULES:
        ways = [_measure(way, facts, thresholds) for way in rule.ways]
        for way in ways:
            if all(each.have >= each.need for each in way):
                return Placement(rule.segment, way, following)
        open_ways = [way for way in ways if all(each.fact not in HATS for each in way)]
        if open_ways:
            following[rule.segment] = min(open_ways, key=_find_gap)
    raise AssertionError("the last rule always holds")


def check_thresholds(values: Mapping[str, int]) -> None:
    """Let pass thresholds that exist and make sense.

    Raises: NoSuchThreshold, ThresholdNotRight.
    """
    for name, value in values.items():
        if name not in DEFAULTS:
            raise NoSuchThreshold
        if not 1 <= value <= MOST:
            raise ThresholdNotRight.at("/at_least")


def list_conditions() -> Iterator[tuple[Segment, Condition]]:
    """Give each condition whose threshold can be set, with its segment."""
    for rule in RULES:
        for way in rule.ways:
            for condition in way:
                if condition.threshold:
                    yield rule.segment, condition


def _measure(way: tuple[Condition, ...], facts: Facts, thresholds: Mapping[str, int]) -> tuple[Measure, ...]:
    return tuple(
        Measure(
            condition.fact,
            facts.get(condition.fact, 0),
            thresholds.get(condition.threshold, condition.at_least),
        )
        for condition in way
    )


def _find_gap(way: tuple[Measure, ...]) -> float:
    return sum(max(0, each.need - each.have) / each.need for each in way)
