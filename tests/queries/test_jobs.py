"""What waits for each drain, as an operator sees it."""

from datetime import timedelta
from typing import Any

import pytest

from app.cli.jobs import describe
from app.core.db import Database
from app.core.meters import Backlog
from app.models.deliveries import Delivery
from app.models.events import Event
from app.models.jobs import JobRecord
from app.models.webhooks import Webhook, WebhookDelivery
from app.queries import jobs
from app.queries.jobs import MAX_ATTEMPTS
from tests.support.world import START, Cast

NOW = START + timedelta(days=30)


async def measure(database: Database) -> dict[str, Backlog]:
    async with database.reader() as session:
        return await jobs.measure_backlogs(session, now=NOW)


async def test_events_wait_until_they_are_worked_off_or_given_up(database: Database) -> None:
    async with database.writer() as session:
        for age, attempts in ((3, 0), (2, MAX_ATTEMPTS - 1), (9, MAX_ATTEMPTS)):
            session.add(
                Event(kind="ideas.edited", subject="x", at=NOW - timedelta(hours=age), attempts=attempts)
            )
        session.add(Event(kind="ideas.edited", subject="x", at=NOW, worked_off_at=NOW))
    assert (await measure(database))["events.drain"] == Backlog(2, NOW - timedelta(hours=3), 1)


async def test_messages_wait_by_channel_once_they_are_due(database: Database, cast: Cast) -> None:
    ago, later = NOW - timedelta(hours=4), NOW + timedelta(hours=4)
    rows: tuple[dict[str, Any], ...] = (
        # tried in vain and put off: still due since then
        {"channel": "email", "due_at": ago, "next_attempt_at": later, "attempts": 3},
        {"channel": "email", "due_at": later, "next_attempt_at": later, "form": "digest"},
        {"channel": "email", "due_at": ago, "next_attempt_at": ago, "state": "sent"},
        {"channel": "push", "due_at": ago, "next_attempt_at": ago, "state": "given_up"},
    )
    async with database.writer() as session:
        for row in rows:
            session.add(Delivery(employee_id=cast["Alice"].id, created_at=ago, **{"form": "single", **row}))
    found = await measure(database)
    assert found["messages.email"] == Backlog(1, ago, 0)
    assert found["messages.push"] == Backlog(0, None, 1)
    assert found["messages.slack"] == Backlog()


async def test_webhooks_wait_too(database: Database, cast: Cast) -> None:
    ago, later = NOW - timedelta(hours=4), NOW + timedelta(hours=4)
    async with database.writer() as session:
        webhook = Webhook(
            owner_id=cast["Alice"].id, url="https://x", secret="s", created_at=ago, updated_at=ago
        )
        session.add(webhook)
        await session.flush()
        for state, attempts in (("waiting", 2), ("waiting", 0), ("given_up", 10), ("sent", 1)):
            session.add(
                WebhookDelivery(
                    webhook_id=webhook.id,
                    kind="ideas.edited",
                    state=state,
                    attempts=attempts,
                    happened_at=ago,
                    created_at=ago,
                    next_attempt_at=later,
                )
            )
    assert (await measure(database))["webhooks.send"] == Backlog(1, ago, 1)


@pytest.mark.parametrize(
    ("record", "backlog", "line"),
    [
        (None, Backlog(), "test.job: no runs yet; 0 wait; 0 given up"),
        (
            JobRecord(
                job="test.job",
                runs=4,
                failures=1,
                handled=9,
                seconds=2,
                succeeded_at=NOW - timedelta(minutes=5),
                failed_at=NOW - timedelta(days=3),
                failure="OSError",
            ),
            Backlog(2, NOW - timedelta(seconds=100), 3),
            (
                "test.job: 4 runs, 1 failed, 9 rows, 0.500 s each, last success 5 min ago, "
                "last failure 3 d ago (OSError); 2 wait, the oldest for 100 s; 3 given up"
            ),
        ),
    ],
)
def test_a_job_is_a_line(record: JobRecord | None, backlog: Backlog, line: str) -> None:
    assert describe([record] if record else [], {"test.job": backlog}, now=NOW) == [line]
