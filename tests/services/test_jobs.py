"""What jobs did, written down by several processes: each adds what it knows, none overwrites another."""

from datetime import timedelta

from app.core.db import Database
from app.core.meters import Meters
from app.queries import jobs as reading
from app.services.jobs import Sums
from tests.support.world import START


async def test_processes_add_up(database: Database) -> None:
    here, there = Meters(), Meters()
    sums = [Sums(meters) for meters in (here, there)]
    here.add("test.job").note(2, handled=5, failure=None, at=START)
    there.add("test.job").note(1, handled=0, failure="ValueError", at=START + timedelta(hours=1))
    assert [await each.write_down(database) for each in sums] == [1, 1]
    here.of["test.job"].note(1, handled=1, failure=None, at=START + timedelta(hours=2))
    assert [await each.write_down(database) for each in sums] == [1, 0]
    async with database.reader() as session:
        (record,) = await reading.list_records(session)
    assert (record.job, record.runs, record.failures, record.handled) == ("test.job", 3, 1, 6)
    assert record.seconds == 4
    assert record.succeeded_at == START + timedelta(hours=2)
    assert (record.failed_at, record.failure) == (START + timedelta(hours=1), "ValueError")


async def test_what_was_there_when_the_ledger_was_opened_is_not_written_twice(database: Database) -> None:
    meters = Meters()
    meters.add("test.job").note(2, handled=5, failure=None, at=START)
    assert await Sums(meters).write_down(database) == 0
