"""The rules that say in which segment somebody is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import segments
from app.domain.segments import DEFAULTS, HATS, Fact, NoSuchThreshold, Segment, ThresholdNotRight

FACTS = st.dictionaries(st.sampled_from(list(Fact)), st.integers(0, 40))


@pytest.mark.parametrize(
    ("facts", "segment"),
    [
        ({}, Segment.PASSIVE),
        ({Fact.ACTIVE_DAYS: 2}, Segment.PASSIVE),
        ({Fact.ACTIVE_DAYS: 3}, Segment.REGULAR),
        ({Fact.ACTIVE_DAYS: 3, Fact.IDEAS: 3}, Segment.BIG_CONTRIBUTOR),
        ({Fact.ACTIVE_DAYS: 3, Fact.COMMENTS: 12}, Segment.BIG_CONTRIBUTOR),
        ({Fact.IDEAS: 1, Fact.RESPONSE: 30}, Segment.INFLUENCER),
        ({Fact.COMMENTS: 10, Fact.FUNCTIONS: 2}, Segment.PASSIVE),
        ({Fact.COMMENTS: 10, Fact.FUNCTIONS: 3}, Segment.IDEA_DEVELOPER),
        ({Fact.DEVELOPS: 1, Fact.IDEAS: 9}, Segment.IDEA_DEVELOPER),
        ({Fact.FACILITATES: 1, Fact.DEVELOPS: 1}, Segment.FACILITATOR),
        ({Fact.SPONSORS: 1, Fact.FACILITATES: 1, Fact.RESPONSE: 99}, Segment.TOP_MANAGER),
    ],
)
def test_the_first_rule_that_holds_says_the_segment(facts: dict[Fact, int], segment: Segment) -> None:
    assert segments.place(facts, {}).segment is segment


@given(FACTS)
def test_the_conditions_that_are_told_hold_and_doing_what_is_missing_moves_one(
    facts: dict[Fact, int],
) -> None:
    placed = segments.place(facts, {})
    assert all(each.have >= each.need for each in placed.why)
    for segment, distances in placed.following.items():
        assert any(each.have < each.need for each in distances)
        assert not {each.fact for each in distances} & HATS
        done = {**facts, **{each.fact: max(each.have, each.need) for each in distances}}
        order = [rule.segment for rule in segments.RULES]
        assert order.index(segments.place(done, {}).segment) <= order.index(segment)


@given(FACTS, st.sampled_from(sorted(DEFAULTS)), st.integers(1, 50))
def test_a_threshold_that_is_set_holds(facts: dict[Fact, int], name: str, number: int) -> None:
    placed = segments.place(facts, {name: number})
    told = [*placed.why, *(each for distances in placed.following.values() for each in distances)]
    condition = next(each for _, each in segments.list_conditions() if each.threshold == name)
    segment = Segment(name.partition(".")[0])
    if placed.segment is segment and any(each.fact is condition.fact for each in placed.why):
        assert number in {each.need for each in told if each.fact is condition.fact}


def test_thresholds_exist_and_make_sense() -> None:
    segments.check_thresholds(DEFAULTS)
    with pytest.raises(NoSuchThreshold):
        segments.check_thresholds({"passive.patience": 1})
    with pytest.raises(ThresholdNotRight):
        segments.check_thresholds({"regular.active_days": 0})
