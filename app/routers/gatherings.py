"""Gatherings over HTTP: what is to come, what is over, and what came of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.integrations import calendar_files
from app.queries import calendar_feeds, gathering_details
from app.queries import gatherings as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Version, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.gatherings import (
    AnnounceGathering,
    CancelGathering,
    ChangeGathering,
    GatheringCard,
    GatheringDetail,
    SumUpGathering,
)
from app.schemas.shapes import Page
from app.services import gatherings

router = APIRouter(tags=["gatherings"], route_class=Route)
_READ = list_responses(401, 404, 422, 429, 503)
_CHANGE = list_responses(401, 403, 404, 409, 413, 422, 429, 503)


@router.get("/gatherings", response_model=Page[GatheringCard], responses=list_responses(401, 422, 429, 503))
async def list_gatherings(
    request: Request,
    actor: Who,
    session: Reading,
    now: Now,
    page: Asked,
    past: bool = False,
    mine: bool = False,
    campaign: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
) -> Response:
    """Return what is to come, the next first, or what is over (`past`); or what one hosts or signed up for (`mine`)."""
    items, place = await reading.list_gatherings(
        session,
        actor,
        past=past,
        mine=mine,
        campaign_id=campaign,
        after=page.after,
        limit=page.limit,
        now=now,
    )
    return answers.show(request, Page[GatheringCard](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/gatherings",
    status_code=201,
    response_model=GatheringDetail,
    responses=list_responses(401, 403, 409, 413, 422, 429, 503),
)
async def announce_gathering(actor: Who, session: Writing, now: Now, values: AnnounceGathering) -> Response:
    """Announce a roadshow, workshop or focus group."""
    gathering = await gatherings.announce(session, actor, values, now=now)
    shown = await gathering_details.get_detail(session, actor, gathering.id, now=now)
    return answers.done(shown, status=201, version=shown.version)


@router.get("/gatherings/{gathering_id}", response_model=GatheringDetail, responses=_READ)
async def read_gathering(
    request: Request, actor: Who, session: Reading, now: Now, gathering_id: str
) -> Response:
    """Return a gathering, and what came of it."""
    shown = await gathering_details.get_detail(session, actor, gathering_id, now=now)
    return answers.show(request, shown, version=shown.version)


@router.patch(
    "/gatherings/{gathering_id}",
    response_model=GatheringDetail,
    responses=list_responses(401, 403, 404, 409, 412, 413, 422, 428, 429, 503),
)
async def change_gathering(
    actor: Who, session: Writing, now: Now, version: Version, gathering_id: str, values: ChangeGathering
) -> Response:
    """Change a gathering until it is over; `If-Match` is required. More places go to those who wait."""
    await gatherings.change(session, actor, gathering_id, values, version=version, now=now)
    shown = await gathering_details.get_detail(session, actor, gathering_id, now=now)
    return answers.done(shown, version=shown.version)


@router.post(
    "/gatherings/{gathering_id}/cancellation",
    status_code=201,
    response_model=GatheringDetail,
    responses=_CHANGE,
)
async def cancel_gathering(
    actor: Who, session: Writing, now: Now, gathering_id: str, values: CancelGathering
) -> Response:
    """Cancel a gathering, and say why."""
    await gatherings.cancel(session, actor, gathering_id, reason=values.reason, now=now)
    shown = await gathering_details.get_detail(session, actor, gathering_id, now=now)
    return answers.done(shown, status=201, version=shown.version)


@router.put("/gatherings/{gathering_id}/summary", response_model=GatheringDetail, responses=_CHANGE)
async def sum_up_gathering(
    actor: Who, session: Writing, now: Now, gathering_id: str, values: SumUpGathering
) -> Response:
    """Say what came of a gathering, as a host."""
    await gatherings.sum_up(session, actor, gathering_id, text=values.text, now=now)
    shown = await gathering_details.get_detail(session, actor, gathering_id, now=now)
    return answers.done(shown, version=shown.version)


@router.get(
    "/gatherings/{gathering_id}/calendar",
    status_code=200,
    response_class=Response,
    responses=_READ | {200: {"description": "An iCalendar file.", "content": {"text/calendar": {}}}},
)
async def read_gathering_calendar(
    request: Request, actor: Who, session: Reading, wiring: Wired, gathering_id: str
) -> Response:
    """Return a gathering as a file for one's calendar (`.ics`, RFC 5545)."""
    base_url = wiring.settings.base_url
    entry = await calendar_feeds.get_entry(session, actor, gathering_id, base_url=base_url)
    body = calendar_files.write([entry])
    return answers.show_file(request, body, media_type=calendar_files.MEDIA_TYPE, name="gathering.ics")
