"""Metrics over HTTP, for a monitor that has the token."""

import hmac

from fastapi import APIRouter, Request, Response

from app.core import clock
from app.core.db import DatabaseAway
from app.core.meters import METERS, Backlog
from app.domain.errors import NotFound, Unauthenticated
from app.integrations import prometheus
from app.queries import jobs
from app.routers.wiring import get_wiring

router = APIRouter(tags=["health"])


class MetricsOff(NotFound):
    """There are no metrics here: the setting IDEABOX_METRICS_TOKEN turns them on."""

    code = "metrics.off"


class MetricsClosed(Unauthenticated):
    """Send the token of the setting IDEABOX_METRICS_TOKEN as `Authorization: Bearer`."""

    code = "metrics.closed"


@router.get("/health/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Return what the jobs of this process did, and what waits in the database, as Prometheus reads it.

    Without a database the counters are shown all the same.
    """
    wiring = get_wiring(request)
    expected = wiring.settings.metrics_token
    if expected is None:
        raise MetricsOff
    given = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {expected.get_secret_value()}".encode()):
        raise MetricsClosed
    now = clock.now()
    backlogs: dict[str, Backlog] | None = None
    try:
        async with wiring.database.reader() as session:
            backlogs = await jobs.measure_backlogs(session, now=now)
    except DatabaseAway:
        pass
    text = prometheus.write(METERS.of, backlogs, now=now)
    return Response(text, media_type=prometheus.CONTENT_TYPE, headers={"Cache-Control": "no-store"})
