"""Innovators over HTTP: one's own choice, and those who chose to be found by the reader."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.domain.skills import LONGEST, fold
from app.queries import innovators as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.innovators import Innovator, InnovatorProfile, SetInnovatorProfile
from app.schemas.shapes import Page
from app.services import innovators

router = APIRouter(tags=["innovators"], route_class=Route)


@router.get("/innovators", response_model=Page[Innovator], responses=list_responses(401, 403, 422, 429, 503))
async def list_innovators(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    q: Annotated[
        str | None, Query(description="Beginnings of words of the name.", min_length=1, max_length=100)
    ] = None,
    skill: Annotated[
        str | None, Query(description="A skill that they show.", max_length=LONGEST, min_length=1)
    ] = None,
    function: Annotated[
        str | None, Query(description="A function for which they had an idea.", min_length=1, max_length=64)
    ] = None,
) -> Response:
    """Return a page of people who chose to be found by a role of the reader, by name."""
    sought = fold([skill]) if skill is not None else [None]
    items, place = await reading.list_innovators(
        session,
        actor,
        words=q,
        skill=sought[0] if sought else "",
        function_id=function,
        after=page.after,
        limit=page.limit,
    )
    return answers.show(request, Page[Innovator](items=items, next_cursor=page.write_cursor(place)))


@router.get(
    "/me/innovator-profile", response_model=InnovatorProfile, responses=list_responses(401, 422, 429, 503)
)
async def read_innovator_profile(request: Request, actor: Who, session: Reading) -> Response:
    """Return whether one is found as an innovator, by whom, and exactly what they see."""
    return answers.show(request, await reading.get_own(session, actor))


@router.put(
    "/me/innovator-profile",
    response_model=InnovatorProfile,
    responses=list_responses(401, 409, 413, 415, 422, 429, 503),
)
async def set_innovator_profile(
    actor: Who, session: Writing, now: Now, values: SetInnovatorProfile
) -> Response:
    """Choose whether one is found, by the holders of which roles and with what; from the next request on."""
    await innovators.choose(session, actor, values, now=now)
    return answers.done(await reading.get_own(session, actor))
