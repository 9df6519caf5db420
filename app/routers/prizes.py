"""Prizes over HTTP: the catalogue, claiming, proposing, and who received what."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries import awards as award_reading
from app.queries import prizes as reading
from app.queries import public_awards
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Version, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.awards import Award, ProposeAward, PublicAwards
from app.schemas.prizes import AddPrize, EditPrize, Prize, WayName
from app.schemas.shapes import Page
from app.services import awards, prizes

router = APIRouter(tags=["prizes"], route_class=Route)
_READ = list_responses(401, 404, 422, 429, 503)

Campaign = Annotated[str | None, Query(min_length=1, max_length=64, description="A campaign.")]


@router.get("/prizes", response_model=Page[Prize], responses=list_responses(401, 422, 429, 503))
async def list_prizes(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    now: Now,
    way: Annotated[WayName | None, Query(description="For points, or of a jury.")] = None,
    campaign: Campaign = None,
) -> Response:
    """Return a page of the prizes, the newest first."""
    items, place = await reading.list_prizes(
        session, actor, way=way, campaign_id=campaign, after=page.after, limit=page.limit, now=now
    )
    return answers.show(request, Page[Prize](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/prizes",
    status_code=201,
    response_model=Prize,
    responses=list_responses(401, 403, 413, 415, 422, 429, 503),
)
async def add_prize(actor: Who, session: Writing, now: Now, values: AddPrize) -> Response:
    """Put a prize into the catalogue: for points, or of a jury."""
    prize = await prizes.add(session, actor, values, now=now)
    shown = await reading.get_prize(session, actor, prize.id, now=now)
    return answers.done(shown, status=201, version=shown.version)


@router.get("/prizes/{prize_id}", response_model=Prize, responses=_READ)
async def read_prize(request: Request, actor: Who, session: Reading, now: Now, prize_id: str) -> Response:
    """Return a prize."""
    prize = await reading.get_prize(session, actor, prize_id, now=now)
    return answers.show(request, prize, version=prize.version)


@router.patch(
    "/prizes/{prize_id}",
    response_model=Prize,
    responses=list_responses(401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
)
async def edit_prize(
    actor: Who, session: Writing, now: Now, version: Version, prize_id: str, values: EditPrize
) -> Response:
    """Change a prize; `If-Match` is required."""
    await prizes.edit(session, actor, prize_id, values, version=version, now=now)
    prize = await reading.get_prize(session, actor, prize_id, now=now)
    return answers.done(prize, version=prize.version)


@router.post(
    "/prizes/{prize_id}/claims",
    status_code=201,
    response_model=Award,
    responses=list_responses(401, 404, 409, 422, 429, 503),
)
async def claim_prize(actor: Who, session: Writing, now: Now, prize_id: str) -> Response:
    """Ask for a prize: a piece and the points are taken now, and come back if it is refused or taken back."""
    award = await awards.claim(session, actor, prize_id, now=now)
    return answers.done(await award_reading.get_award(session, actor, award.id), status=201)


@router.post(
    "/prizes/{prize_id}/awards",
    status_code=201,
    response_model=Award,
    responses=list_responses(401, 403, 404, 409, 413, 415, 422, 429, 503),
)
async def propose_award(
    actor: Who, session: Writing, now: Now, prize_id: str, values: ProposeAward
) -> Response:
    """Propose to give a prize of a jury to a person, or to the authors of an idea; a second person agrees."""
    award = await awards.propose(session, actor, prize_id, values, now=now)
    return answers.done(await award_reading.get_award(session, actor, award.id), status=201)


@router.get("/prizes/{prize_id}/awards", response_model=PublicAwards, responses=_READ)
async def list_public_awards(
    request: Request, _actor: Who, session: Reading, page: Asked, prize_id: str
) -> Response:
    """Return who received a prize and why, as far as they agree to be named, and how many were given."""
    shown, place = await public_awards.list_public(session, prize_id, after=page.after, limit=page.limit)
    return answers.show(request, shown.model_copy(update={"next_cursor": page.write_cursor(place)}))
