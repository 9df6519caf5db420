"""The ledger: whatever happens, the sum is what is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain import rewards
from app.domain.rewards import NewEntry

MONDAY = date(2026, 1, 5)


@dataclass
class Written:
    occurrence: int
    points: int
    day: date


def write(ledger: list[Written], new: NewEntry | None) -> None:
    if new is not None:
        ledger.append(Written(new.occurrence, new.points, new.day))


@given(causes=st.lists(st.booleans(), max_size=20))
def test_the_net_award_is_nothing_or_the_rule_and_settling_twice_writes_nothing(causes: list[bool]) -> None:
    ledger: list[Written] = []
    for number, stands in enumerate(causes):
        for _ in range(2):
            due = 1 if stands else 0
            write(ledger, rewards.settle(ledger, due=due, day=MONDAY + timedelta(days=number), per_day=3))
        assert sum(entry.points for entry in ledger) == (1 if stands else 0)
    assert [entry.occurrence for entry in ledger] == list(range(1, len(ledger) + 1))


def test_a_full_day_gives_no_award() -> None:
    assert rewards.settle([], due=1, day=MONDAY, slots_used=3, per_day=3) is None


def test_awarding_again_takes_no_new_slot_and_keeps_the_first_day() -> None:
    ledger = [Written(1, 1, MONDAY), Written(2, -1, MONDAY)]
    again = rewards.settle(ledger, due=1, day=MONDAY + timedelta(days=1), slots_used=3, per_day=3)
    assert again == NewEntry(3, 1, MONDAY)


@given(points=st.integers(0, 10_000), people=st.integers(1, 50))
def test_shares_make_no_points_and_differ_by_one_at_most(points: int, people: int) -> None:
    shares = rewards.share(points, people)
    assert sum(shares) == points
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)
