"""The scale: each change holds from its day on, and never before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import point_rules
from app.domain.errors import Refusal
from app.domain.point_rules import Change, Scales
from app.domain.rewards import SCALE, PointRule, RuleKey

DAY = date(2026, 3, 1)
MADE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
VOTE = RuleKey.VOTE


def change(points: int, day: int, made: int = 0) -> Change:
    moment = MADE + timedelta(days=made)
    return Change(VOTE, PointRule(points), DAY + timedelta(days=day), moment, f"{points}")


def test_where_nothing_was_set_the_default_scale_holds() -> None:
    scales = Scales([change(5, 0)])
    assert scales.get(VOTE, DAY - timedelta(days=1)) == SCALE[VOTE]
    assert scales.get(RuleKey.COMMENT, DAY) == SCALE[RuleKey.COMMENT]
    assert scales.of(VOTE)(DAY) == PointRule(5)


def test_a_change_holds_until_the_next_day_on_which_there_is_one() -> None:
    scales = Scales([change(7, 10), change(5, 0, made=3), change(6, 5, made=1)])
    worth = [scales.get(VOTE, DAY + timedelta(days=day)).points for day in (0, 4, 5, 9, 10, 99)]
    assert worth == [5, 5, 6, 6, 7, 7], "what was planned before for a later day stays"
    assert [each.worth.points for each in scales.list_changes(VOTE)] == [7, 6, 5]


def test_of_two_changes_for_a_day_the_later_one_holds() -> None:
    assert Scales([change(5, 0, made=2), change(6, 0, made=1)]).get(VOTE, DAY) == PointRule(5)


@pytest.mark.parametrize(
    ("name", "known"), [("vote", True), ("deployed", True), ("prize", False), ("votes", False)]
)
def test_what_earns_points_has_a_rule(name: str, known: bool) -> None:
    if known:
        assert point_rules.get_rule(name) == name
        return
    with pytest.raises(point_rules.NoSuchRule):
        point_rules.get_rule(name)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-01-05T09:00:00+00:00", date(2026, 1, 6)),
        ("2026-01-05T22:57:00+00:00", date(2026, 1, 6)),
        ("2026-01-05T22:59:00+00:00", date(2026, 1, 7)),
        ("2026-01-05T23:30:00+00:00", date(2026, 1, 7)),
    ],
)
def test_a_change_begins_on_a_day_of_the_company_that_is_not_about_to_begin(now: str, first: date) -> None:
    moment = datetime.fromisoformat(now)
    point_rules.check_start(first, zone="Europe/Paris", now=moment)
    for wrong in (first - timedelta(days=1), first + timedelta(days=3650)):
        with pytest.raises(Refusal) as refused:
            point_rules.check_start(wrong, zone="Europe/Paris", now=moment)
        assert refused.value.errors[0].pointer == "/from"


@pytest.mark.parametrize("rule", list(SCALE))
def test_what_is_shared_or_comes_once_has_no_cap(rule: RuleKey) -> None:
    point_rules.check_worth(rule, None)
    if rule in {"vote", "comment", "coaching"}:
        point_rules.check_worth(rule, 3)
        return
    with pytest.raises(point_rules.NeverCapped):
        point_rules.check_worth(rule, 3)
