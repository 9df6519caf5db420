"""Following over HTTP: what one follows is known to oneself alone."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.core.db import WriteSession
from app.domain.follows import Followed
from app.queries import follows as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.follows import Follow, FollowedName, Following
from app.schemas.shapes import Page
from app.services import follows

router = APIRouter(tags=["follows"], route_class=Route)
_READ = list_responses(401, 404, 422, 429, 503)
_CHANGE = list_responses(401, 404, 409, 422, 429, 503)


@router.get("/me/follows", response_model=Page[Follow], responses=list_responses(401, 422, 429, 503))
async def list_follows(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    what: Annotated[FollowedName | None, Query(description="Only these.")] = None,
) -> Response:
    """Return a page of what one follows, the latest first."""
    kind = Followed(what) if what else None
    items, place = await reading.list_follows(session, actor, what=kind, after=page.after, limit=page.limit)
    return answers.show(request, Page[Follow](items=items, next_cursor=page.write_cursor(place)))


@router.get("/ideas/{idea_id}/follow", response_model=Following, responses=_READ)
async def read_idea_follow(request: Request, actor: Who, session: Reading, idea_id: str) -> Response:
    """Return whether one follows an idea."""
    return answers.show(request, await reading.get_following(session, actor, Followed.IDEA, idea_id))


@router.put("/ideas/{idea_id}/follow", response_model=Following, responses=_CHANGE)
async def follow_idea(actor: Who, session: Writing, now: Now, idea_id: str) -> Response:
    """Follow an idea; doing it again changes nothing."""
    await follows.follow(session, actor, Followed.IDEA, idea_id, now=now)
    return await _tell(session, actor, Followed.IDEA, idea_id)


@router.delete("/ideas/{idea_id}/follow", status_code=204, responses=_READ)
async def unfollow_idea(actor: Who, session: Writing, now: Now, idea_id: str) -> Response:
    """Follow an idea no more; doing it again changes nothing."""
    await follows.unfollow(session, actor, Followed.IDEA, idea_id, now=now)
    return Response(status_code=204)


@router.get("/employees/{employee_id}/follow", response_model=Following, responses=_READ)
async def read_employee_follow(request: Request, actor: Who, session: Reading, employee_id: str) -> Response:
    """Return whether one follows a person."""
    return answers.show(request, await reading.get_following(session, actor, Followed.EMPLOYEE, employee_id))


@router.put("/employees/{employee_id}/follow", response_model=Following, responses=_CHANGE)
async def follow_employee(actor: Who, session: Writing, now: Now, employee_id: str) -> Response:
    """Follow a person; doing it again changes nothing."""
    await follows.follow(session, actor, Followed.EMPLOYEE, employee_id, now=now)
    return await _tell(session, actor, Followed.EMPLOYEE, employee_id)


@router.delete("/employees/{employee_id}/follow", status_code=204, responses=_READ)
async def unfollow_employee(actor: Who, session: Writing, now: Now, employee_id: str) -> Response:
    """Follow a person no more; doing it again changes nothing."""
    await follows.unfollow(session, actor, Followed.EMPLOYEE, employee_id, now=now)
    return Response(status_code=204)


@router.get("/functions/{function_id}/follow", response_model=Following, responses=_READ)
async def read_function_follow(request: Request, actor: Who, session: Reading, function_id: str) -> Response:
    """Return whether one follows a function."""
    return answers.show(request, await reading.get_following(session, actor, Followed.FUNCTION, function_id))


@router.put("/functions/{function_id}/follow", response_model=Following, responses=_CHANGE)
async def follow_function(actor: Who, session: Writing, now: Now, function_id: str) -> Response:
    """Follow a function; doing it again changes nothing."""
    await follows.follow(session, actor, Followed.FUNCTION, function_id, now=now)
    return await _tell(session, actor, Followed.FUNCTION, function_id)


@router.delete("/functions/{function_id}/follow", status_code=204, responses=_READ)
async def unfollow_function(actor: Who, session: Writing, now: Now, function_id: str) -> Response:
    """Follow a function no more; doing it again changes nothing."""
    await follows.unfollow(session, actor, Followed.FUNCTION, function_id, now=now)
    return Response(status_code=204)


@router.get("/campaigns/{campaign_id}/follow", response_model=Following, responses=_READ)
async def read_campaign_follow(request: Request, actor: Who, session: Reading, campaign_id: str) -> Response:
    """Return whether one follows a campaign."""
    return answers.show(request, await reading.get_following(session, actor, Followed.CAMPAIGN, campaign_id))


@router.put("/campaigns/{campaign_id}/follow", response_model=Following, responses=_CHANGE)
async def follow_campaign(actor: Who, session: Writing, now: Now, campaign_id: str) -> Response:
    """Follow a campaign; doing it again changes nothing."""
    await follows.follow(session, actor, Followed.CAMPAIGN, campaign_id, now=now)
    return await _tell(session, actor, Followed.CAMPAIGN, campaign_id)


@router.delete("/campaigns/{campaign_id}/follow", status_code=204, responses=_READ)
async def unfollow_campaign(actor: Who, session: Writing, now: Now, campaign_id: str) -> Response:
    """Follow a campaign no more; doing it again changes nothing."""
    await follows.unfollow(session, actor, Followed.CAMPAIGN, campaign_id, now=now)
    return Response(status_code=204)


async def _tell(session: WriteSession, actor: Who, what: Followed, subject_id: str) -> Response:
    return answers.done(await reading.get_following(session, actor, what, subject_id))
