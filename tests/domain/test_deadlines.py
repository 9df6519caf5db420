"""The chain of one wait: every step once, in order, whoever has the idea meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import deadlines
from app.domain.calendars import WorkingCalendar, add_working_days
from app.domain.clock_policies import ClockPolicy
from app.domain.deadlines import ClockStep, Wait

# The first of May is a Friday in 2026; the clocks go forward on 29 March.
FRANCE = WorkingCalendar("Europe/Paris", days_off=frozenset({date(2026, 4, 6), date(2026, 5, 1)}))
POLICY = ClockPolicy(5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def live(wait: Wait, *, reassigns: bool, away: bool = False) -> list[tuple[ClockStep, datetime]]:
    """Let a wait run to its end with nobody doing anything; tell what the clock did, and when."""
    done = []
    while wait.step is not None:
        assert wait.step_due_at is not None
        now = wait.step_due_at
        step = ClockStep.REASSIGN if away and wait.step is ClockStep.REMIND else wait.step
        away = False
        done.append((step, now))
        if step is ClockStep.REASSIGN and reassigns:
            wait = deadlines.hand_over(wait, now, POLICY, FRANCE, by_clock=True)
        else:
            wait = deadlines.follow(wait, now, POLICY, FRANCE)
    return done


def test_an_idea_left_alone_across_a_holiday_and_a_change_of_clocks() -> None:
    wait = deadlines.begin(at("2026-03-26T10:00+01:00"), POLICY, FRANCE)
    assert live(wait, reassigns=True) == [
        (ClockStep.REMIND, at("2026-04-01T10:00+02:00")),
        (ClockStep.LATE, at("2026-04-02T10:00+02:00")),
        (ClockStep.REASSIGN, at("2026-04-07T10:00+02:00")),
        (ClockStep.ESCALATE, at("2026-04-14T10:00+02:00")),
    ]


def test_without_anybody_else_it_is_escalated_after_it_was_due() -> None:
    wait = deadlines.begin(at("2026-03-26T10:00+01:00"), POLICY, FRANCE)
    steps = live(wait, reassigns=False)
    assert steps[-1] == (ClockStep.ESCALATE, at("2026-04-10T10:00+02:00"))
    assert [step for step, _ in steps] == list(ClockStep)


def test_who_follows_an_absent_holder_is_reminded_and_is_the_last_before_the_escalation() -> None:
    wait = deadlines.begin(at("2026-03-26T10:00+01:00"), POLICY, FRANCE)
    assert live(wait, reassigns=True, away=True) == [
        (ClockStep.REASSIGN, at("2026-04-01T10:00+02:00")),
        (ClockStep.REMIND, at("2026-04-08T10:00+02:00")),
        (ClockStep.LATE, at("2026-04-09T10:00+02:00")),
        (ClockStep.ESCALATE, at("2026-04-09T10:00+02:00")),
    ]


def test_another_holder_by_hand_goes_on_with_the_wait_and_has_the_least_of_time() -> None:
    begun = deadlines.begin(at("2026-05-04T10:00+02:00"), ClockPolicy(30), FRANCE)
    early = deadlines.hand_over(begun, at("2026-05-05T10:00+02:00"), POLICY, FRANCE, by_clock=False)
    assert early == begun
    late = deadlines.follow(
        deadlines.follow(begun, begun.due_at, POLICY, FRANCE), begun.due_at, POLICY, FRANCE
    )
    taken = deadlines.hand_over(late, begun.due_at, POLICY, FRANCE, by_clock=False)
    assert (taken.step, taken.reassigned) == (ClockStep.REASSIGN, False)
    assert taken.due_at == add_working_days(begun.due_at, 5, FRANCE)
    over = Wait(begun.due_at, None, None, reassigned=True)
    assert deadlines.hand_over(over, begun.due_at, POLICY, FRANCE, by_clock=False).step is None


def test_after_a_long_stop_of_the_installation_there_is_still_a_day_between_the_steps() -> None:
    wait = deadlines.begin(at("2026-05-04T10:00+02:00"), POLICY, FRANCE)
    back = at("2026-06-08T10:00+02:00")
    late = deadlines.follow(wait, back, POLICY, FRANCE)
    assert late.step_due_at == wait.due_at
    reassign = deadlines.follow(late, back, POLICY, FRANCE)
    assert reassign.step_due_at == add_working_days(back, 1, FRANCE)
    escalate = deadlines.follow(reassign, back, POLICY, FRANCE)
    assert escalate.step_due_at == add_working_days(back, 1, FRANCE)


@pytest.mark.parametrize(
    ("promised", "due"),
    [("2026-07-01", "2026-07-01T23:59+02:00"), ("9999-12-31", "2036-05-01T23:59+02:00")],
)
def test_a_promised_day_is_the_end_of_the_wait(promised: str, due: str) -> None:
    now = at("2026-05-04T10:00Z")
    wait = deadlines.begin(now, POLICY, FRANCE, promised=date.fromisoformat(promised))
    assert wait.due_at == at(due)
    assert wait.due_at.tzinfo is now.tzinfo


def test_a_second_wait_that_is_due_already_leaves_the_least_of_time() -> None:
    now = at("2026-05-04T10:00+02:00")
    assert deadlines.restart(now, now, POLICY, FRANCE).due_at == add_working_days(now, 5, FRANCE)
    far = add_working_days(now, 20, FRANCE)
    assert deadlines.restart(now, far, POLICY, FRANCE).due_at == far


def test_a_pause_gives_back_the_working_time_that_was_left() -> None:
    wait = deadlines.begin(at("2026-04-27T10:00+02:00"), POLICY, FRANCE)
    assert wait.due_at == at("2026-05-05T10:00+02:00")
    # Asked on Thursday evening before the holiday; answered after the weekend: Monday counts, Friday did not.
    gone_on = deadlines.go_on(wait, at("2026-04-30T18:00+02:00"), at("2026-05-04T12:00+02:00"), FRANCE)
    assert gone_on.due_at == at("2026-05-06T04:00+02:00")
    assert gone_on.step_due_at == at("2026-05-05T04:00+02:00")


def test_what_was_late_before_a_pause_is_late_after_it() -> None:
    wait = deadlines.begin(at("2026-04-27T10:00+02:00"), POLICY, FRANCE)
    after = deadlines.go_on(wait, at("2026-05-07T10:00+02:00"), at("2026-05-11T10:00+02:00"), FRANCE)
    assert after == wait


@given(
    st.integers(0, 60 * 24 * 300),
    st.integers(0, 60 * 24 * 9),
    st.integers(0, 60 * 24 * 9),
    st.integers(2, 40),
)
def test_a_pause_never_brings_a_deadline_forward_and_one_without_length_changes_nothing(
    begun: int, before: int, pause: int, days: int
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=begun)
    utc = WorkingCalendar("UTC", days_off=FRANCE.days_off)
    wait = deadlines.begin(now, ClockPolicy(days), utc)
    paused = now + timedelta(minutes=before)
    assert deadlines.go_on(wait, paused, paused, utc) == wait
    after = deadlines.go_on(wait, paused, paused + timedelta(minutes=pause), utc)
    assert wait.due_at <= after.due_at <= add_working_days(wait.due_at, 9, utc) + timedelta(minutes=pause)
    assert (after.step_due_at or now) <= after.due_at


@given(st.integers(0, 60 * 24 * 300), st.integers(2, 40), st.booleans(), st.booleans())
def test_nothing_is_done_twice_and_time_goes_forward(
    begun: int, days: int, reassigns: bool, away: bool
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=begun)
    done = live(deadlines.begin(now, ClockPolicy(days), FRANCE), reassigns=reassigns, away=away)
    steps = [step for step, _ in done]
    assert steps.count(ClockStep.LATE) == steps.count(ClockStep.ESCALATE) == 1
    assert steps[-1] is ClockStep.ESCALATE
    if reassigns:
        assert steps.count(ClockStep.REASSIGN) == steps.count(ClockStep.REMIND) == 1
    moments = [moment for _, moment in done]
    assert moments == sorted(moments)
