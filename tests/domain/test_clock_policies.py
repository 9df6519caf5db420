"""Clock policies: every open stage has one, and a reminder leaves time to act."""

from datetime import date, timedelta

import pytest

from app.domain import clock_policies
from app.domain.clock_policies import POLICIES, ClockPolicy, NoSuchPolicy, PromiseInThePast, RemindedTooEarly
from app.domain.pipeline import OPEN_STAGES, Stage


def test_every_open_stage_has_a_policy_that_may_stand() -> None:
    assert set(POLICIES) == OPEN_STAGES
    for policy in POLICIES.values():
        clock_policies.check_policy(policy)


def test_ends_have_no_clock() -> None:
    assert clock_policies.get_stage("submitted") is Stage.SUBMITTED
    for name in ("deployed", "draft", "nonsense"):
        with pytest.raises(NoSuchPolicy):
            clock_policies.get_stage(name)


@pytest.mark.parametrize(
    "policy", [ClockPolicy(1), ClockPolicy(5, 5), ClockPolicy(30, 5), ClockPolicy(9, 3, 2, 3)]
)
def test_nobody_is_reminded_before_they_have_it(policy: ClockPolicy) -> None:
    with pytest.raises(RemindedTooEarly):
        clock_policies.check_policy(policy)


def test_a_promise_is_for_a_day_to_come() -> None:
    today = date(2026, 5, 4)
    for days in (0, 1, 3650):
        clock_policies.check_promise(today + timedelta(days=days), today)
    for days in (-1, 3651):
        with pytest.raises(PromiseInThePast):
            clock_policies.check_promise(today + timedelta(days=days), today)
