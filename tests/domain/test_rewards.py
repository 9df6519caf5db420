"""The ledger: whatever happens, the sum is what is due."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
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


def test_an_award_is_of_its_day_and_a_reversal_of_the_day_of_the_award() -> None:
    assert rewards.settle([], due=5, day=MONDAY) == NewEntry(1, 5, MONDAY)
    undone = rewards.settle([Written(1, 5, MONDAY)], due=0, day=MONDAY + timedelta(days=1))
    assert undone == NewEntry(2, -5, MONDAY)


@pytest.mark.parametrize(("used", "awarded"), [(0, True), (2, True), (3, False), (4, False)])
def test_a_day_has_so_many_awards(used: int, awarded: bool) -> None:
    assert (rewards.settle([], due=1, day=MONDAY, slots_used=used, per_day=3) is not None) is awarded
    assert rewards.settle([], due=1, day=MONDAY, slots_used=used) == NewEntry(1, 1, MONDAY)
    assert rewards.settle([], due=1, day=MONDAY, per_day=1) == NewEntry(1, 1, MONDAY)


def test_what_was_awarded_once_is_not_raised_by_a_later_share() -> None:
    ledger = [Written(1, 10, MONDAY)]
    for due in (1, 5, 20):
        assert rewards.settle(ledger, due=due, day=MONDAY + timedelta(days=1)) is None
    ledger.append(Written(2, -10, MONDAY))
    assert rewards.settle(ledger, due=5, day=MONDAY + timedelta(days=9)) == NewEntry(3, 10, MONDAY)


def test_what_is_not_due_and_was_never_awarded_writes_nothing() -> None:
    assert rewards.settle([], due=0, day=MONDAY) is None


def test_the_scale_is_that_of_eureka() -> None:
    points = {key.value: (rule.points, rule.per_day) for key, rule in rewards.SCALE.items()}
    assert points == {
        "first_sign_in": (1, None),
        "vote": (1, 3),
        "comment": (1, 2),
        "submitted": (10, None),
        "first_in_campaign": (50, None),
        "recommended": (20, None),
        "selected": (100, None),
        "project": (200, None),
        "pilot": (300, None),
        "deployed": (500, None),
        "coaching": (5, None),
    }


def test_awarding_again_takes_no_new_slot_and_keeps_the_first_day() -> None:
    ledger = [Written(1, 1, MONDAY), Written(2, -1, MONDAY + timedelta(days=1))]
    again = rewards.settle(ledger, due=1, day=MONDAY + timedelta(days=1), slots_used=3, per_day=3)
    assert again == NewEntry(3, 1, MONDAY)


@given(points=st.integers(0, 10_000), people=st.integers(1, 50))
def test_shares_make_no_points_and_differ_by_one_at_most(points: int, people: int) -> None:
    shares = rewards.share(points, people)
    assert sum(shares) == points
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)
