"""The rules of badges, as data: what they count of what somebody did, and the day on which they came true."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Measure(StrEnum):
    """What is counted of somebody."""

    IDEAS = "ideas"
    IDEA_FUNCTIONS = "idea_functions"
    IDEA_CAMPAIGNS = "idea_campaigns"
    TOGETHER = "together"
    FIRST_IN_CAMPAIGN = "first_in_campaign"
    CLARIFIED = "clarified"
    RECOMMENDED = "recommended"
    SELECTED = "selected"
    PILOT = "pilot"
    DEPLOYED = "deployed"
    COMMENTED = "commented"
    COMMENTED_FUNCTIONS = "commented_functions"
    COMMENTED_ENTITIES = "commented_entities"
    OPENED = "opened"
    CREDITED = "credited"
    HELPED = "helped"
    ANSWERED = "answered"
    VOTED = "voted"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Merit:
    """Something that somebody did on a day, `amount` times; `mark` is what a breadth counts once.

    `named` says that everybody may know of it, and that it was theirs.
    """

    measure: Measure
    day: date
    named: bool
    mark: str = ""
    amount: int = 1


Record = Mapping[Measure, Sequence[Merit]]
"""What somebody did, by measure, in the order of the days."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many of something."""

    measure: Measure
    at_least: int


@dataclass(frozen=True, slots=True)
class Breadth:
    """Something in so many places: the different marks are counted."""

    measure: Measure
    at_least: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Something in so many weeks in a row, from Monday to Sunday."""

    measure: Measure
    at_least: int


@dataclass(frozen=True, slots=True)
class Each:
    """All of several rules."""

    parts: tuple[Count | Breadth | Streak, ...]

    @property
    def at_least(self) -> int:
        """How many rules there are."""
        return len(self.parts)


Rule = Count | Breadth | Streak | Each


def group(merits: Iterable[Merit], *, named: bool = False) -> dict[Measure, list[Merit]]:
    """Return merits as a record; with `named`, of what everybody may know only."""
    record: dict[Measure, list[Merit]] = {}
    for merit in sorted(merits, key=lambda merit: merit.day):
        if merit.named or not named:
            record.setdefault(merit.measure, []).append(merit)
    return record


def find_day(rule: Rule, record: Record) -> date | None:
    """Return the day on which a rule came true, None where it has not yet."""
    if isinstance(rule, Each):
        days = [find_day(part, record) for part in rule.parts]
        known = [day for day in days if day is not None]
        return max(known) if len(known) == len(days) else None
    for day, number in _count(rule, record):
        if number >= rule.at_least:
            return day
    return None


def tell(rule: Rule, record: Record, until: date) -> dict[str, int]:
    """Return the numbers of a rule at the end of a day, by measure; of a streak, the longest one."""
    if isinstance(rule, Each):
        return {name: number for part in rule.parts for name, number in tell(part, record, until).items()}
    numbers = [number for day, number in _count(rule, record) if day <= until]
    return {rule.measure.value: max(numbers, default=0)}


def find_progress(rule: Rule, record: Record, today: date) -> int:
    """Return how far somebody is today towards `at_least`; a streak that was missed last week begins anew."""
    if isinstance(rule, Each):
        return sum(find_day(part, record) is not None for part in rule.parts)
    have = 0
    for day, number in _count(rule, record):
        have = number
        if isinstance(rule, Streak) and _get_week(day) < _get_week(today) - 1:
            have = 0
    return have


def list_measures(rule: Rule) -> list[Measure]:
    """Return what a rule counts."""
    return [part.measure for part in rule.parts] if isinstance(rule, Each) else [rule.measure]


def write_rule(rule: Rule) -> str:
    """Return a rule as text, as it is kept with an award."""
    if isinstance(rule, Each):
        return " & ".join(write_rule(part) for part in rule.parts)
    return f"{_KINDS[type(rule)]} {rule.measure} {rule.at_least}"


def find_rule(text: str) -> list[Rule]:
    """Return the rule that a text says; nothing where it counts what is not counted any more."""
    parts: list[Count | Breadth | Streak] = []
    for part in text.split(" & "):
        kind, measure, number = part.split(" ")
        if measure not in _MEASURES:
            return []
        parts.append(_BY_KIND[kind](Measure(measure), int(number)))
    return [parts[0] if len(parts) == 1 else Each(tuple(parts))]


_KINDS: dict[type[Count | Breadth | Streak], str] = {Count: "count", Breadth: "breadth", Streak: "streak"}
_BY_KIND = {name: kind for kind, name in _KINDS.items()}
_MEASURES = frozenset(measure.value for measure in Measure)


def _count(rule: Count | Breadth | Streak, record: Record) -> Iterator[tuple[date, int]]:
    """Give what there is of a measure at each merit, in the order of the days."""
    merits = record.get(rule.measure, ())
    if isinstance(rule, Streak):
        yield from _count_weeks(merits)
        return
    number, marks = 0, set[str]()
    for merit in merits:
        marks.add(merit.mark)
        number += merit.amount
        yield merit.day, len(marks) if isinstance(rule, Breadth) else number


def _count_weeks(merits: Sequence[Merit]) -> Iterator[tuple[date, int]]:
    last, run = 0, 0
    for merit in merits:
        week = _get_week(merit.day)
        if week != last:
            run = run + 1 if week == last + 1 else 1
            last = week
        yield merit.day, run


def _get_week(day: date) -> int:
    # The first day of the calendar was a Monday.
    return (day.toordinal() - 1) // 7
