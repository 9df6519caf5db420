"""Segments over HTTP."""

from fastapi import APIRouter, Request, Response

from app.core import clock
from app.queries import segments as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.segments import ChooseSegment, OwnSegment, SegmentCounts, SetThreshold, Threshold
from app.schemas.shapes import Page
from app.services import segments

router = APIRouter(tags=["segments"], route_class=Route)


@router.get("/me/segment", response_model=OwnSegment, responses=list_responses(401, 422, 429, 503))
async def read_own_segment(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now
) -> Response:
    """Return one's own segment, why, and what would change it; nobody else sees it."""
    zone = wiring.database.zone
    window = reading.open_window(clock.day_in(zone, now), zone)
    return answers.show(request, await reading.get_own(session, actor, window))


@router.put(
    "/me/segment",
    status_code=204,
    responses=list_responses(401, 413, 422, 429, 503),
    response_class=Response,
)
async def choose_segment(actor: Who, session: Writing, now: Now, values: ChooseSegment) -> Response:
    """Say whether one wants messages that are meant for one's segment."""
    await segments.choose(session, actor, addressed=values.addressed, now=now)
    return Response(status_code=204)


@router.get("/segments", response_model=SegmentCounts, responses=list_responses(401, 403, 422, 429, 503))
async def count_segments(request: Request, actor: Who, session: Reading) -> Response:
    """Return how many people there are in each segment; who they are is nobody's business."""
    return answers.show(request, await reading.count_members(session, actor))


@router.get(
    "/segment-thresholds", response_model=Page[Threshold], responses=list_responses(401, 422, 429, 503)
)
async def list_segment_thresholds(request: Request, _actor: Who, session: Reading) -> Response:
    """Return the numbers in the rules of the segments: everybody may know them."""
    items = await reading.list_thresholds(session)
    return answers.show(request, Page[Threshold](items=items, next_cursor=None))


@router.put(
    "/segment-thresholds/{name}",
    response_model=Threshold,
    responses=list_responses(401, 403, 404, 413, 422, 429, 503),
)
async def set_segment_threshold(
    actor: Who, session: Writing, now: Now, name: str, values: SetThreshold
) -> Response:
    """Set a number in the rules; segments follow it with the next computation."""
    await segments.set_threshold(session, actor, name, values, now=now)
    shown = next(each for each in await reading.list_thresholds(session) if each.name == name)
    return answers.done(shown)
