"""Which periodic runs are made, and which are superfluous."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.jobs.rounds import Rounds
from app.jobs.work import Periodic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("catch_up", "delivered", "made"),
    [
        (False, [0, 1, 2], [0, 1, 2]),
        (False, [2, 0, 1, 3], [2, 3]),
        (False, [0, 0], [0]),
        (True, [2, 0, 1, 3], [2, 0, 1, 3]),
    ],
)
async def test_an_overtaken_run_is_left_out(catch_up: bool, delivered: list[int], made: list[int]) -> None:
    dues: list[datetime] = []

    async def run(due_at: datetime) -> None:
        dues.append(due_at)

    rounds = Rounds([Periodic("test.run", "* * * * *", run, catch_up)])
    for minutes in delivered:
        await rounds.make("test.run", NOON + minutes * MINUTE)
    assert dues == [NOON + minutes * MINUTE for minutes in made]


@pytest.mark.parametrize(("catch_up", "made"), [(False, 1), (True, 2)])
async def test_two_of_a_kind_are_never_at_work_together(catch_up: bool, made: int) -> None:
    finish, at_work, ran = asyncio.Event(), [], []

    async def run(due_at: datetime) -> None:
        at_work.append(due_at)
        assert len(at_work) == 1
        await finish.wait()
        ran.append(at_work.pop())

    rounds = Rounds([Periodic("test.run", "* * * * *", run, catch_up)])
    both = asyncio.gather(*(rounds.make("test.run", NOON + minutes * MINUTE) for minutes in range(2)))
    asyncio.get_running_loop().call_soon(finish.set)
    await both
    assert len(ran) == made


async def test_a_run_that_failed_may_be_made_again() -> None:
    attempts: list[datetime] = []

    async def run(due_at: datetime) -> None:
        attempts.append(due_at)
        if len(attempts) == 1:
            message = "poisoned"
            raise RuntimeError(message)

    rounds = Rounds([Periodic("test.run", "* * * * *", run)])
    with pytest.raises(RuntimeError):
        await rounds.make("test.run", NOON)
    await rounds.make("test.run", NOON)
    assert attempts == [NOON, NOON]


async def test_a_run_that_nobody_knows_is_no_error() -> None:
    await Rounds([]).make("test.forgotten", NOON)
