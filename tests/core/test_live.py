"""Live connections: bounded buffers of the newest states, and sequences with gaps."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from app.core.live import MOST_PENDING, PATIENCE, Listener, Topics, Trail


async def test_only_the_newest_state_waits_and_order_is_kept() -> None:
    listener = Listener()
    for frame in (b"a1 ", b"a2 "):
        listener.say(frame, about="a")
    listener.say(b"plain ")
    listener.say(b"b1 ", about="b")
    listener.say(b"a3 ", about="a")
    assert await listener.take() == b"plain b1 a3 "
    waiting = asyncio.create_task(listener.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    listener.say(b"c")
    assert await waiting == b"c"


async def test_who_takes_nothing_is_ended_and_keeps_nothing() -> None:
    listener = Listener()
    for _ in range(10 * MOST_PENDING):
        listener.say(b"state", about="an idea")
    assert not listener.ended
    for number in range(MOST_PENDING):
        listener.say(b"%d" % number)
    assert listener.ended
    listener.say(b"more")
    assert await listener.take() == b""


async def test_the_end_wakes_who_waits() -> None:
    listener = Listener()
    waiting = asyncio.create_task(listener.take())
    await asyncio.sleep(0)
    listener.end()
    assert await waiting == b""


async def test_a_topic_is_gone_with_its_last_listener() -> None:
    topics: Topics[Listener] = Topics()
    one, other = Listener(), Listener()
    topics.add("a", one)
    topics.add("a", other)
    topics.discard("a", one)
    topics.discard("b", one)
    assert topics.get("a") == (other,)
    assert topics.keep_known(["a", "b"]) == {"a"}
    topics.discard("a", other)
    assert topics.keep_known(["a"]) == set()


def test_a_number_that_came_late_is_waited_for_and_one_that_never_came_is_not() -> None:
    trail = Trail([4, 5, 7], now=0)
    assert (trail.last, trail.missing) == (7, [6])
    trail.advance([8, 10], now=1)
    assert (trail.last, trail.missing) == (10, [6, 9])
    trail.advance([6], now=2)
    assert trail.missing == [9]
    trail.advance([], now=2 + PATIENCE)
    assert trail.missing == []


@given(st.permutations(range(1, 30)), st.integers(1, 5))
def test_every_number_is_asked_for_until_it_was_seen(order: list[int], step: int) -> None:
    """Rows become visible in any order: what is beyond the last or missing is read, and nothing twice."""
    trail, visible, seen = Trail([], now=0), set[int](), list[int]()
    for start in range(0, len(order), step):
        visible |= set(order[start : start + step])
        found = sorted(each for each in visible if each > trail.last or each in trail.missing)
        trail.advance(found, now=0)
        seen += found
    assert sorted(seen) == list(range(1, 30))
