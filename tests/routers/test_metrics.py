"""The metrics over HTTP: off, closed, and what they say."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.core.meters import METERS
from app.main import create_probe
from app.models.events import Event

TOKEN = "monitor-of-the-night"
PATH = "/health/metrics"


@pytest.fixture
def metered(settings: Settings) -> Settings:
    return settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})


@pytest.fixture
async def monitor(app: FastAPI, metered: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    app.state.wiring = replace(app.state.wiring, settings=metered)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://testserver"
    ) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_there_are_none_without_a_token(app: FastAPI) -> None:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://testserver"
    ) as client:
        answer = await client.get(PATH, headers=bearer(""))
    assert (answer.status_code, answer.json()["code"]) == (404, "metrics.off")


@pytest.mark.parametrize(
    "headers", [{}, bearer("another-of-the-night"), {"Authorization": TOKEN}, bearer("")]
)
async def test_nobody_reads_them_without_it(monitor: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    answer = await monitor.get(PATH, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "metrics.closed")


async def test_they_say_what_jobs_did_and_what_waits(monitor: httpx2.AsyncClient, database: Database) -> None:
    async with database.writer() as session:
        session.add(Event(kind="ideas.edited", subject="x", at=clock.now()))
    METERS.add("test.metrics").note(0.3, handled=4, failure=None, at=clock.now())
    answer = await monitor.get(PATH, headers=bearer(TOKEN))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    lines = answer.text.splitlines()
    for line in (
        'ideabox_job_runs_total{job="test.metrics"} 1.0',
        'ideabox_job_failures_total{job="test.metrics"} 0.0',
        'ideabox_job_rows_total{job="test.metrics"} 4.0',
        'ideabox_job_seconds_bucket{job="test.metrics",le="0.1"} 0.0',
        'ideabox_job_seconds_bucket{job="test.metrics",le="0.5"} 1.0',
        'ideabox_job_seconds_bucket{job="test.metrics",le="+Inf"} 1.0',
        'ideabox_job_seconds_sum{job="test.metrics"} 0.3',
        'ideabox_job_waiting_rows{job="events.drain"} 1.0',
        'ideabox_job_dead_rows{job="webhooks.send"} 0.0',
        "ideabox_database_up 1.0",
    ):
        assert line in lines, line


async def test_a_worker_answers_too(metered: Settings, database: Database) -> None:
    probe = create_probe(metered, database)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(probe), base_url="http://testserver"
    ) as client:
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get(PATH)).status_code == 401
        assert "ideabox_database_up 1.0" in (await client.get(PATH, headers=bearer(TOKEN))).text
        assert (await client.get("/api/v1/ideas")).status_code == 404
