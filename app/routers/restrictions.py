"""Restricted ideas over HTTP: restricting, reading the lane, answering, and setting the lanes."""

from fastapi import APIRouter, Request, Response

from app.queries import restriction_lanes as lanes
from app.queries import restrictions as reading
from app.queries.ideas import get_visible
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.restrictions import (
    AnswerRestriction,
    Lane,
    RestrictIdea,
    Restriction,
    RestrictionSaid,
    SayInLane,
    SetLane,
)
from app.schemas.shapes import Page
from app.services import restriction_lanes, restrictions

router = APIRouter(tags=["restricted lane"], route_class=Route)
_READ = list_responses(401, 404, 422, 429, 503)
_ACT = list_responses(401, 403, 404, 409, 413, 422, 429, 503)


@router.get("/restriction-lanes", response_model=Page[Lane], responses=list_responses(401, 422, 429, 503))
async def list_restriction_lanes(request: Request, actor: Who, session: Reading) -> Response:
    """Return for what an idea is restricted, why, and where else people turn with it."""
    items = await lanes.list_lanes(session, actor)
    return answers.show(request, Page[Lane](items=items, next_cursor=None))


@router.get("/restriction-lanes/{lane}", response_model=Lane, responses=_READ)
async def read_restriction_lane(request: Request, actor: Who, session: Reading, lane: str) -> Response:
    """Return for what an idea is restricted, why, and where else people turn with it, of one kind."""
    return answers.show(request, await lanes.get_lane(session, actor, lane))


@router.put(
    "/restriction-lanes/{lane}",
    response_model=Lane,
    responses=list_responses(401, 403, 404, 413, 422, 429, 503),
)
async def set_restriction_lane(
    actor: Who, session: Writing, now: Now, lane: str, values: SetLane
) -> Response:
    """Set who reads a lane, the contact, and who hears when no reader answers."""
    await restriction_lanes.put(session, actor, lane, values, now=now)
    return answers.done(await lanes.get_lane(session, actor, lane))


@router.get("/restrictions", response_model=Page[Restriction], responses=list_responses(401, 422, 429, 503))
async def list_restrictions(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return the restricted ideas of the lanes that one reads, the longest waiting first."""
    items, place = await reading.list_lane(session, actor, after=page.after, limit=page.limit)
    return answers.show(request, Page[Restriction](items=items, next_cursor=page.write_cursor(place)))


@router.post("/ideas/{idea_id}/restriction", status_code=201, response_model=Restriction, responses=_ACT)
async def restrict_idea(
    actor: Who, session: Writing, now: Now, idea_id: str, values: RestrictIdea
) -> Response:
    """Restrict an idea to its authors and the readers of a lane; whoever restricts it may know of it no more."""
    row = await restrictions.restrict(session, actor, idea_id, values, now=now)
    (shown,) = await reading.shape(session, [row], is_author=row.by_author)
    return answers.done(shown, status=201)


@router.get("/ideas/{idea_id}/restriction", response_model=Restriction, responses=_READ)
async def read_restriction(request: Request, actor: Who, session: Reading, idea_id: str) -> Response:
    """Return why an idea is restricted, where else to turn, and whose turn it is; for its authors and readers."""
    seen = await get_visible(session, actor, idea_id)
    return answers.show(request, await reading.get_shown(session, idea_id, is_author=seen.is_author))


@router.post(
    "/ideas/{idea_id}/restriction/decisions", status_code=201, response_model=Restriction, responses=_ACT
)
async def answer_restriction(
    actor: Who, session: Writing, now: Now, idea_id: str, values: AnswerRestriction
) -> Response:
    """Acknowledge, close or lift as a reader; withdraw as an author."""
    row = await restrictions.answer(session, actor, idea_id, values, now=now)
    (shown,) = await reading.shape(session, [row], is_author=row.answered_by_id != actor.id)
    return answers.done(shown, status=201)


@router.get("/ideas/{idea_id}/restriction/messages", response_model=Page[RestrictionSaid], responses=_READ)
async def list_restriction_messages(
    request: Request, actor: Who, session: Reading, page: Asked, idea_id: str
) -> Response:
    """Return what authors and readers said, the oldest first; it stays theirs when the restriction is lifted."""
    seen = await get_visible(session, actor, idea_id)
    items, place = await reading.list_said(session, actor, seen, after=page.after, limit=page.limit)
    return answers.show(request, Page[RestrictionSaid](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/ideas/{idea_id}/restriction/messages", status_code=201, response_model=RestrictionSaid, responses=_ACT
)
async def write_restriction_message(
    actor: Who, session: Writing, now: Now, idea_id: str, values: SayInLane
) -> Response:
    """Write to the readers as an author, or to the authors as a reader."""
    message = await restrictions.say(session, actor, idea_id, values, now=now)
    return answers.done(await reading.get_said(session, actor, message), status=201)
