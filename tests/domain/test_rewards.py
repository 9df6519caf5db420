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


def write(ledger: list[Written], new: list[NewEntry]) -> None:
    ledger += [Written(entry.occurrence, entry.points, entry.day) for entry in new]


DUES = st.tuples(st.sampled_from((0, 0, 1, 5, -20)), st.integers(0, 2))


@given(dues=st.lists(DUES, max_size=20))
def test_the_sum_is_what_is_due_and_settling_twice_writes_nothing(dues: list[tuple[int, int]]) -> None:
    ledger: list[Written] = []
    for due, later in dues:
        day = MONDAY + timedelta(days=later)
        write(ledger, rewards.settle(ledger, due=due, day=day))
        assert rewards.settle(ledger, due=due, day=day) == []
        assert sum(entry.points for entry in ledger) == due
        assert due == 0 or ledger[-1].day == day
    assert [entry.occurrence for entry in ledger] == list(range(1, len(ledger) + 1))
    for award, back in zip(ledger[::2], ledger[1::2], strict=False):
        assert (back.points, back.day) == (-award.points, award.day)
    assert all(entry.points for entry in ledger)


def test_an_award_is_of_its_day_and_a_reversal_of_the_day_of_the_award() -> None:
    assert rewards.settle([], due=5, day=MONDAY) == [NewEntry(1, 5, MONDAY)]
    undone = rewards.settle([Written(1, 5, MONDAY)], due=0, day=MONDAY + timedelta(days=1))
    assert undone == [NewEntry(2, -5, MONDAY)]


def test_what_turns_out_otherwise_is_taken_back_before_it_is_written_anew() -> None:
    ledger = [Written(1, 10, MONDAY)]
    assert rewards.settle(ledger, due=5, day=MONDAY) == [NewEntry(2, -10, MONDAY), NewEntry(3, 5, MONDAY)]
    sunday = MONDAY - timedelta(days=1)
    assert rewards.settle(ledger, due=10, day=sunday) == [NewEntry(2, -10, MONDAY), NewEntry(3, 10, sunday)]


def test_what_is_not_due_and_was_never_awarded_writes_nothing() -> None:
    assert rewards.settle([], due=0, day=MONDAY) == []


@pytest.mark.parametrize(("balance", "points", "covered"), [(10, 10, True), (9, 10, False), (0, 0, True)])
def test_nobody_spends_what_they_do_not_have(balance: int, points: int, covered: bool) -> None:
    if covered:
        rewards.check_covers(balance, points)
        return
    with pytest.raises(rewards.BalanceTooSmall):
        rewards.check_covers(balance, points)


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


@given(points=st.integers(0, 10_000), people=st.integers(1, 50))
def test_shares_make_no_points_and_differ_by_one_at_most(points: int, people: int) -> None:
    shares = rewards.share(points, people)
    assert sum(shares) == points
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)
