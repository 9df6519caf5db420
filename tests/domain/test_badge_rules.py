"""Badges are awarded for the day on which a rule came true, and stay when the rule becomes a harder one."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import badge_rules, badges
from app.domain.badge_rules import Breadth, Count, Each, Measure, Merit, Rule, Streak
from app.domain.badges import Badge, Earned, Tier
from app.domain.translations import Translation

MONDAY = date(2026, 1, 5)
_M = Measure

MERITS = st.lists(
    st.builds(
        Merit,
        st.sampled_from((_M.IDEAS, _M.COMMENTED, _M.COMMENTED_FUNCTIONS, _M.WEEKS)),
        st.integers(0, 60).map(lambda days: MONDAY + timedelta(days=days)),
        st.booleans(),
        st.sampled_from("abc"),
        st.integers(1, 3),
    ),
    max_size=40,
)
PARTS = st.one_of(
    st.builds(Count, st.sampled_from((_M.IDEAS, _M.COMMENTED)), st.integers(1, 9)),
    st.builds(Breadth, st.just(_M.COMMENTED_FUNCTIONS), st.integers(1, 3)),
    st.builds(Streak, st.just(_M.WEEKS), st.integers(1, 5)),
)
RULES: st.SearchStrategy[Rule] = st.one_of(
    PARTS, st.lists(PARTS, min_size=2, max_size=3).map(lambda parts: Each(tuple(parts)))
)


def make(*rules: Rule, key: str = "badge") -> Badge:
    words = Translation("Un insigne", "A badge")
    tiers = (None,) if len(rules) == 1 else tuple(Tier)[: len(rules)]
    return Badge(key, words, words, tuple(zip(tiers, rules, strict=True)))


def done(measure: Measure, *days: int, mark: str = "", amount: int = 1) -> list[Merit]:
    return [Merit(measure, MONDAY + timedelta(days=day), True, mark, amount) for day in days]


@pytest.mark.parametrize(
    ("rule", "merits", "day"),
    [
        (Count(_M.IDEAS, 1), done(_M.COMMENTED, 1), None),
        (Count(_M.IDEAS, 2), done(_M.IDEAS, 9, 3, 5), 5),
        (Count(_M.VOTED, 5), done(_M.VOTED, 1, 2, amount=3), 2),
        (Breadth(_M.COMMENTED_FUNCTIONS, 2), done(_M.COMMENTED_FUNCTIONS, 1, 2, 3, mark="a"), None),
        (
            Breadth(_M.COMMENTED_FUNCTIONS, 2),
            [*done(_M.COMMENTED_FUNCTIONS, 1, 2, mark="a"), *done(_M.COMMENTED_FUNCTIONS, 4, mark="b")],
            4,
        ),
        (Streak(_M.WEEKS, 2), done(_M.WEEKS, 0, 6), None),
        (Streak(_M.WEEKS, 2), done(_M.WEEKS, 6, 7), 7),
        (Streak(_M.WEEKS, 2), done(_M.WEEKS, 0, 14), None),
        (Streak(_M.WEEKS, 3), done(_M.WEEKS, 0, 7, 21, 29, 30, 41, 35), 35),
        (Each((Count(_M.IDEAS, 1), Count(_M.HELPED, 1))), done(_M.IDEAS, 3), None),
        (
            Each((Count(_M.IDEAS, 1), Count(_M.HELPED, 1))),
            [*done(_M.IDEAS, 8), *done(_M.HELPED, 3)],
            8,
        ),
    ],
)
def test_a_rule_comes_true_on_a_day(rule: Rule, merits: Sequence[Merit], day: int | None) -> None:
    expected = None if day is None else MONDAY + timedelta(days=day)
    assert badge_rules.find_day(rule, badge_rules.group(merits)) == expected


@given(MERITS, RULES)
def test_the_day_is_the_first_on_which_the_record_so_far_is_enough(merits: list[Merit], rule: Rule) -> None:
    day = badge_rules.find_day(rule, badge_rules.group(merits))
    days = sorted({merit.day for merit in merits})
    enough = [
        each
        for each in days
        if badge_rules.find_day(rule, badge_rules.group(merit for merit in merits if merit.day <= each))
        is not None
    ]
    assert day == (enough[0] if enough else None)
    if day is not None and not isinstance(rule, Each):
        told = badge_rules.tell(rule, badge_rules.group(merits), day)
        assert told[rule.measure] >= rule.at_least


@given(MERITS, RULES)
def test_what_everybody_may_know_gives_nothing_earlier(merits: list[Merit], rule: Rule) -> None:
    own = badge_rules.find_day(rule, badge_rules.group(merits))
    seen = badge_rules.find_day(rule, badge_rules.group(merits, named=True))
    assert seen is None or (own is not None and own <= seen)


@given(MERITS, RULES)
def test_progress_is_full_when_the_rule_holds_now(merits: list[Merit], rule: Rule) -> None:
    record, today = badge_rules.group(merits), MONDAY + timedelta(days=61)
    have = badge_rules.find_progress(rule, record, today)
    if not isinstance(rule, Streak):
        assert (have >= rule.at_least) is (badge_rules.find_day(rule, record) is not None)
    elif have >= rule.at_least:
        assert badge_rules.find_day(rule, record) is not None


def test_a_streak_that_was_missed_begins_anew() -> None:
    record = badge_rules.group(done(_M.WEEKS, 0, 7, 14))
    rule = Streak(_M.WEEKS, 4)
    assert badge_rules.find_progress(rule, record, MONDAY + timedelta(days=27)) == 3
    assert badge_rules.find_progress(rule, record, MONDAY + timedelta(days=28)) == 0
    assert badge_rules.tell(rule, record, MONDAY + timedelta(days=99)) == {"weeks": 3}


@given(RULES)
def test_a_rule_that_is_written_down_is_read_as_the_same(rule: Rule) -> None:
    assert badge_rules.find_rule(badge_rules.write_rule(rule)) == [rule]


def test_a_rule_about_what_is_not_counted_any_more_says_nothing() -> None:
    assert badge_rules.find_rule("count sightings 3") == []
    assert badge_rules.find_rule("count ideas 3 & count sightings 3") == []


def test_what_was_earned_stays_when_the_rule_becomes_harder() -> None:
    record = badge_rules.group(done(_M.IDEAS, 1, 2, 3))
    before = badges.evaluate([make(Count(_M.IDEAS, 2))], record, {})
    assert before == {("badge", ""): Earned(MONDAY + timedelta(days=2), "count ideas 2", {"ideas": 2})}
    kept = {slot: earned.rule for slot, earned in before.items()}
    harder = [make(Count(_M.IDEAS, 9))]
    assert badges.evaluate(harder, record, {}) == {}
    assert badges.evaluate(harder, record, kept) == before
    less = badge_rules.group(done(_M.IDEAS, 1))
    assert badges.evaluate(harder, less, kept) == {}
    assert badges.list_lapsed(harder, kept, {}) == [("badge", "")]


def test_what_was_earned_gets_its_earlier_day_when_the_rule_becomes_easier() -> None:
    record = badge_rules.group(done(_M.IDEAS, 1, 2, 3))
    easier = badges.evaluate([make(Count(_M.IDEAS, 1))], record, {("badge", ""): "count ideas 3"})
    assert easier == {("badge", ""): Earned(MONDAY + timedelta(days=1), "count ideas 1", {"ideas": 1})}


def test_what_can_not_be_checked_any_more_stays() -> None:
    catalogue = [make(Count(_M.IDEAS, 1))]
    kept = {("badge", ""): "count sightings 3", ("former", "gold"): "count ideas 3"}
    assert badges.list_lapsed(catalogue, kept, {}) == []


def test_a_badge_about_votes_is_private() -> None:
    assert make(Each((Count(_M.IDEAS, 1), Count(_M.VOTED, 1)))).private
    assert not make(Count(_M.IDEAS, 1)).private
