"""Marks of ideas: what an idea adds to the figures, and from which day on.

`count` says what an idea adds to the figures as of the end of a day: it is their definition. What it adds on a day is
the difference to the day before (`derive`), so sums over the days give any figure of any day.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain import spreads
from app.domain.measures import DECISIONS, FIRST_ANSWERS
from app.domain.pipeline import OPEN_STAGES, Stage
from app.domain.rollups import LOAD, SPLIT, Added, Key, Mark, Marks, Sums, list_marks

STEPS = (
    Stage.SUBMITTED,
    Stage.EVALUATION,
    Stage.RECOMMENDED,
    Stage.SELECTED,
    Stage.PROJECT,
    Stage.PILOT,
    Stage.DEPLOYED,
)
"""The stages of the way that every idea could go."""

_EARLIEST = date(1899, 12, 31).toordinal()
"""No figure is of an earlier day (`measures.start_day`)."""

_PLACES: dict[str, int] = {stage: place for place, stage in enumerate(STEPS)}
_FARTHEST = [f"farthest {stage}" for stage in STEPS]


class Entry(NamedTuple):
    """An entry of an itinerary; `turns` says whether it begins a stay in a stage."""

    at: datetime
    act: str
    stage: str
    turns: bool


class Amount(NamedTuple):
    """An amount given at a gate, in one currency, gained once or each year."""

    at: datetime
    stage: str
    amount: Decimal
    kind: str


class Cost(NamedTuple):
    """What a project costs, as it was told at a gate."""

    at: datetime
    amount: Decimal
    currency: str


class Promise(NamedTuple):
    """When a first answer was due, and when it came."""

    due_at: datetime
    answered_at: datetime | None


class Turn(NamedTuple):
    """The open turn of a function; `due_at` is when its present wait ends, None while the clock is paused."""

    function: str
    opened_at: datetime
    due_at: datetime | None
    unassigned: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the figures know of an idea that was submitted; entries, amounts, costs in the order in which they hold."""

    submitted_at: datetime
    values: Sequence[tuple[str, str]] = ()
    entries: Sequence[Entry] = ()
    amounts: Sequence[Amount] = ()
    costs: Sequence[Cost] = ()
    promises: Sequence[Promise] = ()
    turn: Turn | None = None


def count_stages(sums: Sums) -> Counter[Stage]:
    """Return from sums how many ideas stood in each stage."""
    return Counter({stage: sums.get(f"stage {stage}", {}).get(0, 0) for stage in Stage})


def count_farthest(sums: Sums) -> Counter[Stage]:
    """Return from sums how many ideas had come as far as each stage of the way, and no further."""
    return Counter({stage: sums.get(f"farthest {stage}", {}).get(0, 0) for stage in STEPS})


def find_day(moment: datetime, zone: ZoneInfo) -> int:
    """Return the number of the day on which something happened in the company's time zone."""
    return max(moment.astimezone(zone).toordinal(), _EARLIEST)


def derive(facts: Facts, zone: ZoneInfo) -> Added:
    """Return what an idea adds to the figures day by day, and to those of what is open now."""
    calendar = _Calendar(facts, zone)
    marks = Marks(facts.values, list_marks(calendar.days, partial(_count, calendar)))
    if facts.turn is None:
        return (marks,)
    return marks, Marks([(LOAD, facts.turn.function)], _mark_turn(facts.turn, zone))


def count(facts: Facts, day: int, zone: ZoneInfo) -> Counter[Key]:
    """Return what an idea adds to the figures as of the end of a day: the definition of each."""
    return _count(_Calendar(facts, zone), day)


class _Calendar:
    """The facts of an idea with the days on which they fell."""

    def __init__(self, facts: Facts, zone: ZoneInfo) -> None:
        self.submitted = find_day(facts.submitted_at, zone)
        self.opened_at = facts.entries[0].at if facts.entries else facts.submitted_at
        self.entries = [(find_day(entry.at, zone), entry) for entry in facts.entries]
        self.amounts = [(find_day(amount.at, zone), amount) for amount in facts.amounts]
        self.costs = [(find_day(cost.at, zone), cost) for cost in facts.costs]
        self.promises = [
            (
                find_day(promise.due_at, zone),
                # Late answers change nothing: the promise is not kept when it falls due.
                find_day(promise.answered_at, zone)
                if promise.answered_at is not None and promise.answered_at <= promise.due_at
                else None,
            )
            for promise in facts.promises
        ]
        moments = {self.submitted, *(day for day, _ in self.entries), *(day for day, _ in self.amounts)}
        moments |= {day for day, _ in self.costs}
        moments |= {day for promise in self.promises for day in promise if day is not None}
        self.days = {day for day in moments if day >= self.submitted}


def _count(calendar: _Calendar, day: int) -> Counter[Key]:
    if day < calendar.submitted:
        return Counter()
    found = Counter[Key]({("ideas", 0): 1})
    entries = [entry for on, entry in calendar.entries if on <= day]
    rank = max([0, *[_PLACES.get(entry.stage, 0) for entry in entries]])
    found[_FARTHEST[rank], 0] = 1
    # What was imported stood already submitted elsewhere.
    found[f"stage {entries[-1].stage if entries else Stage.SUBMITTED}", 0] = 1
    for measure, acts in (("answer", FIRST_ANSWERS), ("decision", DECISIONS)):
        answers = [entry.at for entry in entries if entry.act in acts]
        if answers:
            found[measure, spreads.count_hundredths(calendar.opened_at, min(answers))] = 1
            found["answered", 0] = 1
    _add_stays(found, [(on, entry) for on, entry in calendar.entries if on <= day and entry.turns])
    if calendar.amounts:
        _add_benefits(found, calendar, day, deployed=rank == _PLACES[Stage.DEPLOYED])
    costs = [cost for on, cost in calendar.costs if on <= day]
    if costs:
        found.update(_split(f"cost {costs[-1].currency}", costs[-1].amount, ideas=1))
    for due, answered in calendar.promises:
        kept = answered is not None and answered <= day
        if kept or due <= day:
            found["due", 0] += 1
            found["kept", 0] += kept
    return found


def _mark_turn(turn: Turn, zone: ZoneInfo) -> list[Mark]:
    """Return the marks of an open turn; there are none of closed ones, as nobody asks what was open when."""
    opened = find_day(turn.opened_at, zone)
    marks = [Mark(opened, "open", opened, 1)]
    if turn.unassigned:
        marks.append(Mark(opened, "unassigned", 0, 1))
    if turn.due_at is not None:
        marks.append(Mark(opened, "falls", find_day(turn.due_at, zone), 1))
    return marks


def _add_stays(found: Counter[Key], turns: Sequence[tuple[int, Entry]]) -> None:
    for (_, entry), (_, following) in pairwise(turns):
        if entry.stage in OPEN_STAGES:
            found[f"stay {entry.stage}", spreads.count_hundredths(entry.at, following.at)] += 1
    if turns and turns[-1][1].stage in OPEN_STAGES:
        found[f"waiting {turns[-1][1].stage}", turns[-1][0]] += 1


def _add_benefits(found: Counter[Key], calendar: _Calendar, day: int, *, deployed: bool) -> None:
    last: dict[str, Amount] = {}
    measured = False
    for on, amount in calendar.amounts:
        if on <= day:
            last[amount.stage] = amount
            measured |= amount.stage == Stage.DEPLOYED and amount.amount > 0
    if measured and deployed:
        found["measured", 0] = 1
    estimate, result = last.get(Stage.PROJECT), last.get(Stage.DEPLOYED)
    for name, given in (("estimated", estimate), ("brought", result)):
        if given is not None:
            found.update(_split(f"{name} {given.kind}", given.amount, ideas=1))
    if estimate is not None and result is not None and estimate.kind == result.kind:
        found.update(_split(f"expected {result.kind}", estimate.amount))
        found.update(_split(f"realised {result.kind}", result.amount))


def _split(measure: str, amount: Decimal, *, ideas: int = 0) -> Counter[Key]:
    high, low = divmod(int(amount * 100), SPLIT)
    return Counter({(measure, 0): ideas, (measure, 1): high, (measure, 2): low})
