"""How slowly a password can be guessed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import throttles
from app.domain.throttles import TooManyAttempts

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Count:
    failures: int = 0
    first_at: datetime = NOW
    blocked_until: datetime | None = None


def guess_without_pause(until: timedelta) -> list[datetime]:
    """Guess as fast as one may, and return when."""
    count, now, evaluated = Count(), NOW, []
    while now - NOW < until:
        try:
            throttles.check(count, now)
        except TooManyAttempts as refusal:
            now += timedelta(seconds=refusal.retry_after or 0)
            continue
        if throttles.is_forgotten(count, now):
            count = Count(first_at=now)
        count.failures += 1
        count.blocked_until = throttles.find_next_turn(count.failures, first_at=count.first_at, now=now)
        evaluated.append(now)
    return evaluated


def test_the_fastest_guesser_gets_a_hundred_in_a_month() -> None:
    evaluated = guess_without_pause(timedelta(days=29.9))
    assert len(evaluated) == throttles.LIMIT
    assert len([at for at in evaluated if at == NOW]) == throttles.FREE
    assert len([at for at in evaluated if at - NOW < timedelta(minutes=1)]) == 15
    assert len([at for at in evaluated if at - NOW < timedelta(days=1)]) == 44


def test_after_a_month_one_begins_anew() -> None:
    assert len(guess_without_pause(timedelta(days=59.9))) == 2 * throttles.LIMIT


@pytest.mark.parametrize("failures", [10, 99, 100, 10**6])
def test_a_wait_is_told_in_whole_seconds_never_too_short(failures: int) -> None:
    until = throttles.find_next_turn(failures, first_at=NOW, now=NOW)
    assert until is not None
    with pytest.raises(TooManyAttempts) as refused:
        throttles.check(Count(failures, blocked_until=until), NOW + timedelta(milliseconds=1))
    wait = refused.value.retry_after
    assert isinstance(wait, int)
    throttles.check(Count(failures, blocked_until=until), NOW + timedelta(milliseconds=1, seconds=wait))


def test_the_turn_comes_at_its_moment_and_the_last_half_second_counts_as_one() -> None:
    count = Count(10, blocked_until=NOW)
    throttles.check(count, NOW)
    with pytest.raises(TooManyAttempts) as refused:
        throttles.check(count, NOW - timedelta(seconds=0.5))
    assert refused.value.retry_after == 1


def test_a_clock_set_back_shortens_no_wait() -> None:
    count = Count(20, blocked_until=NOW + timedelta(hours=1))
    with pytest.raises(TooManyAttempts):
        throttles.check(count, NOW - timedelta(days=1))
