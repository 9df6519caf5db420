"""Scorecards: every criterion scored, no other, and the weighted mean of the scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import scorecards
from app.domain.scorecards import ScoresNotRight

WEIGHTS = {"benefit": 3, "effort": 1}


def test_the_criteria_in_use_are_scored_and_no_other() -> None:
    scorecards.check_scores({"effort": 1, "benefit": 5}, WEIGHTS)
    scorecards.check_scores({}, {})


@pytest.mark.parametrize(
    ("scores", "pointers"),
    [
        ({"benefit": 5}, {"/scores/effort"}),
        ({}, {"/scores/benefit", "/scores/effort"}),
        ({"benefit": 5, "effort": 1, "beauty": 3}, {"/scores/beauty"}),
        ({"benefit": 5, "beauty": 3}, {"/scores/beauty", "/scores/effort"}),
    ],
)
def test_each_criterion_at_fault_is_named_and_explained(scores: dict[str, int], pointers: set[str]) -> None:
    with pytest.raises(ScoresNotRight) as refused:
        scorecards.check_scores(scores, WEIGHTS)
    assert {problem.pointer for problem in refused.value.errors} == pointers
    assert all(problem.detail for problem in refused.value.errors)


@pytest.mark.parametrize(
    ("scores", "total"),
    [
        ({"benefit": 5, "effort": 1}, 4.0),
        ({"benefit": 1, "effort": 5}, 2.0),
        ({"benefit": 2, "effort": 3}, 2.25),
    ],
)
def test_the_total_is_the_weighted_mean(scores: dict[str, int], total: float) -> None:
    assert scorecards.get_total(scores, WEIGHTS) == total


def test_a_total_has_two_digits() -> None:
    assert scorecards.get_total({"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 1, "c": 1}) == 1.33


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.integers(1, 5), st.integers(1, 9)), min_size=1))
def test_a_total_lies_between_the_least_and_the_most_of_the_scores(card: dict[str, tuple[int, int]]) -> None:
    scores = {key: score for key, (score, _) in card.items()}
    total = scorecards.get_total(scores, {key: weight for key, (_, weight) in card.items()})
    assert min(scores.values()) <= total <= max(scores.values())
