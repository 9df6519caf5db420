"""Point rules: the scale that innovation managers set, each change with effect from a day to come."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.causes import Scale
from app.domain.errors import Invalid, NotFound
from app.domain.rewards import SCALE, PointRule, RuleKey

MOST_POINTS = 10_000
MOST_PER_DAY = 1_000

FARTHEST_DAYS = 3650
"""How far ahead a change may be planned."""

NOTICE = timedelta(minutes=2)
"""The least between a change and its first day: by then it is on disk, so no award of that day misses it."""

CAPPED = frozenset({RuleKey.VOTE, RuleKey.COMMENT, RuleKey.COACHING})
"""The rules that a day can have slots of: what co-authors share is never capped, or shares would go missing."""


class NoSuchRule(NotFound):
    """No contribution of this name earns points."""

    code = "point-rules.unknown"


class TooSoon(Invalid):
    """A change holds from tomorrow on at the earliest, and within ten years: what was earned stays earned."""

    code = "point-rules.too-soon"


class NeverCapped(Invalid):
    """Only votes, comments and coaching can be capped by the day: the others come once, or are shared."""

    code = "point-rules.never-capped"


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule is worth from a day on; of two changes for the same day the later one holds."""

    rule: RuleKey
    worth: PointRule
    starts_on: date
    made_at: datetime
    id: str


class Scales:
    """What every rule was, is and will be worth."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._changes: defaultdict[RuleKey, list[Change]] = defaultdict(list)
        for change in sorted(changes, key=lambda each: (each.starts_on, each.made_at, each.id)):
            self._changes[change.rule].append(change)

    def of(self, rule: RuleKey) -> Scale:
        """Return the scale of one rule."""

        def look_up(day: date) -> PointRule:
            return self.get(rule, day)

        return look_up

    def get(self, rule: RuleKey, day: date) -> PointRule:
        """Return what a rule is worth on a day."""
        changes = self._changes[rule]
        place = bisect_right(changes, day, key=lambda change: change.starts_on)
        return changes[place - 1].worth if place else SCALE[rule]

    def list_changes(self, rule: RuleKey) -> list[Change]:
        """Return every change of a rule, the last one to come first."""
        return self._changes[rule][::-1]


def get_rule(name: str) -> RuleKey:
    """Return the rule of a name.

    Raises: NoSuchRule.
    """
    if name not in SCALE:
        raise NoSuchRule
    return RuleKey(name)


def check_worth(rule: RuleKey, per_day: int | None) -> None:
    """Let pass a cap where there can be one.

    Raises: NeverCapped.
    """
    if per_day is not None and rule not in CAPPED:
        raise NeverCapped.at("/per_day")


def check_start(starts_on: date, *, zone: str, now: datetime) -> None:
    """Let pass a first day that has not begun, nor is about to.

    Raises: TooSoon.
    """
    today = (now + NOTICE).astimezone(ZoneInfo(zone)).date()
    if not 0 < (starts_on - today).days <= FARTHEST_DAYS:
        raise TooSoon.at("/from")
