"""What is due: the first of a day take its slots, and what co-authors share sums up to the award."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import causes
from app.domain.causes import Cause, Due, Joining, Milestone
from app.domain.rewards import PointRule

MONDAY = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def make(subject: str, minute: int, *, stands: bool = True, who: str = "max") -> Cause:
    moment = NOON + timedelta(minutes=minute)
    return Cause(subject, who, moment, subject, moment.date(), stands)


def scale(_: date) -> PointRule:
    return PointRule(2, per_day=2)


@given(order=st.permutations(range(4)))
def test_the_first_of_a_day_take_its_slots_whoever_looks_when(order: list[int]) -> None:
    done = [make("a", 1), make("b", 2, stands=False), make("c", 3), make("d", 3)]
    dues = {due.subject: due.points for due in causes.allot([done[place] for place in order], scale)}
    assert dues == {"a": 2, "b": 0, "c": 0, "d": 0}, "what was undone keeps its slot"


def test_slots_are_of_a_person_and_a_day() -> None:
    done = [make("a", 1), make("b", 2), make("c", 3), make("d", 4, who="eve"), make("e", 24 * 60)]
    paid = {due.subject for due in causes.allot(done, scale) if due.points}
    assert paid == {"a", "b", "d", "e"}


def test_of_the_same_moment_the_key_decides() -> None:
    done = [make(key, 1) for key in "cab"]
    assert {due.subject for due in causes.allot(done, scale) if due.points} == {"a", "b"}


def test_each_day_has_its_own_scale() -> None:
    worth = {MONDAY: PointRule(0), MONDAY + timedelta(days=1): PointRule(7)}
    dues = causes.allot([make("a", 1), make("b", 24 * 60), make("c", 25 * 60)], worth.__getitem__)
    assert {due.subject: due.points for due in dues} == {"a": 0, "b": 7, "c": 7}


@given(points=st.integers(0, 1000), people=st.integers(1, 9))
def test_shares_sum_up_to_the_award(points: int, people: int) -> None:
    milestone = Milestone("idea", tuple(f"author {place}" for place in range(people)), MONDAY, stands=True)
    assert sum(due.points for due in causes.share_out(milestone, lambda _: PointRule(points))) == points


def test_what_was_withdrawn_is_due_to_nobody() -> None:
    withdrawn = Milestone("idea", ("max",), MONDAY, stands=False)
    assert causes.share_out(withdrawn, scale) == [Due("idea", "max", 0, MONDAY)]


@pytest.mark.parametrize(
    ("position", "authors"),
    [
        (1, {"max", "eve"}),
        (2, {"max", "eve", "dan"}),
        (4, {"max", "dan"}),
        (6, {"max", "eve"}),
        (9, {"max", "eve"}),
    ],
)
def test_who_wrote_an_idea_at_a_place_of_its_itinerary(position: int, authors: set[str]) -> None:
    """Dan joined, Eve left, Dan left, Eve joined again."""
    changes = [
        Joining(5, "dan", joined=False),
        Joining(2, "dan", joined=True),
        Joining(3, "eve", joined=False),
        Joining(6, "eve", joined=True),
    ]
    assert causes.list_authors_at({"max", "eve"}, changes, position) == authors
