"""Short forms: huge requests at a server, an older database whose migration is killed, texts that are slow to read."""

import time

import pytest

from app.core.config import Settings
from tests.chaos import huge, migrations, patterns, sockets
from tests.chaos.huge_requests import HUGE
from tests.chaos.installation import Installation
from tests.chaos.pattern_texts import PATTERNS, Pattern, repeat
from tests.chaos.trials import Outcome

HEAVY = {
    request.name for request in HUGE if any(word in request.name for word in ("100 MB", "30 MB", "bomb"))
}
TOLERANCE = 4
"""How many times its limit a text may take here, where each is read once and other tests run beside it."""


@pytest.fixture
def installation(settings: Settings) -> Installation:
    """An installation on the database of the test."""
    engine = "sqlite" if settings.on_sqlite else "postgresql"
    return Installation(engine, settings.database_url, settings.data_dir)


@pytest.mark.on_sqlite("refused before anything is read")
async def test_huge_requests_are_refused_with_problem_documents(installation: Installation) -> None:
    await installation.furnish(employees=20, ideas=10)
    outcome = Outcome()
    async with installation.serving() as server:
        admin, employee = await huge.choose(installation, server)
        for request in HUGE:
            if request.name not in HEAVY:
                await huge.refuse(outcome, server, request, admin if request.as_admin else employee)
    assert not [fault for fault in outcome.faults if " took " not in fault], "time is judged by `make chaos`"


async def test_a_killed_migration_is_done_by_the_next_one(installation: Installation) -> None:
    outcome = await migrations.kill_migrations(installation, 1, kills=1, copies=100, oldest=-2)
    assert not outcome.faults
    assert outcome.counts["databases compared"]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_no_text_takes_long(pattern: Pattern) -> None:
    text = pattern.build(pattern.limit)
    begin = time.process_time()
    pattern.read(text)
    assert time.process_time() - begin < TOLERANCE * patterns.MOST_SECONDS


async def test_a_reader_that_takes_quadratic_time_is_seen() -> None:
    async def read(text: str) -> object:
        return [text.count("b", place) for place in range(0, len(text), 8)]

    outcome = Outcome()
    await patterns.examine(outcome, "planted", repeat("a"), read, 60_000)
    assert outcome.faults


def test_an_answer_in_plain_text_is_no_problem_document() -> None:
    plain = sockets.Answer(400, {"content-type": "text/plain; charset=utf-8"}, b"Invalid HTTP request.", 0.1)
    assert plain.problem is None
