"""Rate limits, and the address that they are counted for."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import addresses, rates


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> rates.RateLimiter:
    return rates.RateLimiter(clock=clock)


async def test_so_many_acts_pass_and_the_next_one_waits(limiter: rates.RateLimiter, clock: Clock) -> None:
    limit = rates.per_minute(3)
    for _ in range(3):
        assert await limiter.hit("alice", limit) is None
    assert await limiter.hit("alice", limit) == 60
    clock.moment += 10.25
    assert await limiter.hit("alice", limit) == 50
    clock.moment += 49.5
    assert await limiter.hit("alice", limit) == 1
    clock.moment += 0.25
    assert await limiter.hit("alice", limit) is None


async def test_the_window_moves_with_each_act(limiter: rates.RateLimiter, clock: Clock) -> None:
    limit = rates.per_minute(2)
    assert await limiter.hit("alice", limit) is None
    clock.moment += 40
    assert await limiter.hit("alice", limit) is None
    clock.moment += 10
    assert await limiter.hit("alice", limit) == 10
    clock.moment += 10
    assert await limiter.hit("alice", limit) is None
    assert await limiter.hit("alice", limit) == 40


async def test_a_refused_act_costs_nothing(limiter: rates.RateLimiter, clock: Clock) -> None:
    limit = rates.per_second(1)
    assert await limiter.hit("alice", limit) is None
    for _ in range(10):
        assert await limiter.hit("alice", limit) == 1
    clock.moment += 1
    assert await limiter.hit("alice", limit) is None


async def test_keys_do_not_share_a_window(limiter: rates.RateLimiter) -> None:
    limit = rates.per_minute(1)
    assert await limiter.hit("alice", limit) is None
    assert await limiter.hit("bob", limit) is None
    assert await limiter.hit("alice", limit) is not None


async def test_many_at_once_are_counted_one_by_one(limiter: rates.RateLimiter) -> None:
    answers = await asyncio.gather(*(limiter.hit("alice", rates.per_second(50)) for _ in range(200)))
    assert answers.count(None) == 50


async def test_the_keys_unused_for_longest_are_forgotten(clock: Clock) -> None:
    limiter = rates.RateLimiter(max_keys=2, clock=clock)
    limit = rates.per_minute(1)
    for key in ("alice", "bob", "carol"):
        assert await limiter.hit(key, limit) is None
    assert await limiter.hit("carol", limit) is not None
    assert await limiter.hit("bob", limit) is not None
    assert await limiter.hit("alice", limit) is None


async def test_a_key_that_is_refused_is_not_forgotten_for_others(clock: Clock) -> None:
    limiter = rates.RateLimiter(max_keys=2, clock=clock)
    limit = rates.per_minute(1)
    assert await limiter.hit("alice", limit) is None
    for other in ("bob", "carol", "dan"):
        assert await limiter.hit("alice", limit) is not None
        assert await limiter.hit(other, limit) is None
    assert await limiter.hit("alice", limit) is not None


@given(st.lists(st.floats(min_value=0, max_value=30), max_size=60), st.integers(1, 5))
async def test_no_window_ever_holds_more_than_the_limit(pauses: list[float], amount: int) -> None:
    clock = Clock()
    limiter = rates.RateLimiter(clock=clock)
    passed: list[float] = []
    for pause in pauses:
        clock.moment += pause
        wait = await limiter.hit("alice", rates.per_minute(amount))
        if wait is None:
            passed.append(clock.moment)
        else:
            assert 1 <= wait <= 60
    for first, last in zip(passed, passed[amount:], strict=False):
        assert last - first >= 60


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("203.0.113.7", [], 0, "203.0.113.7"),
        ("203.0.113.7", [b"198.51.100.1"], 0, "203.0.113.7"),
        ("10.0.0.1", [b"198.51.100.1"], 1, "198.51.100.1"),
        ("10.0.0.1", [b"1.1.1.1, 198.51.100.1"], 1, "198.51.100.1"),
        ("10.0.0.1", [b"1.1.1.1", b"198.51.100.1"], 1, "198.51.100.1"),
        ("10.0.0.1", [b"1.1.1.1,198.51.100.1 , 10.0.0.2"], 2, "198.51.100.1"),
        ("10.0.0.1", [b"198.51.100.1"], 2, "10.0.0.1"),
        ("10.0.0.1", [], 1, "10.0.0.1"),
        ("10.0.0.1", [b"nonsense"], 1, "10.0.0.1"),
        ("10.0.0.1", [b"1.1.1.1, "], 1, "10.0.0.1"),
        ("10.0.0.1", [b"\xff\xfe"], 1, "10.0.0.1"),
        ("10.0.0.1", [b"1.1.1.1:443"], 1, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], 0, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", [], 0, "fe80::/64"),
        ("::ffff:198.51.100.1", [], 0, "198.51.100.1"),
        ("/run/ideabox.sock", [], 0, "unknown"),
        (None, [], 0, "unknown"),
        (None, [b"198.51.100.1"], 1, "198.51.100.1"),
    ],
)
def test_the_address_is_the_one_that_can_be_believed(
    peer: str | None, forwarded: list[bytes], proxies: int, address: str
) -> None:
    scope = {
        "client": (peer, 1) if peer else None,
        "headers": [(b"x-forwarded-for", value) for value in forwarded],
    }
    assert addresses.client_address(scope, trusted_proxies=proxies) == address
