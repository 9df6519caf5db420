"""Leaderboards over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.core import clock
from app.domain import leaderboards as rules
from app.domain.leaderboards import Board, NotOfPeople
from app.queries import leaderboards as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.leaderboards import BoardName, ChooseLeaderboard, Leaderboard, LeaderboardChoice
from app.schemas.shapes import Identifier
from app.services import leaderboards

router = APIRouter(tags=["rewards"], route_class=Route)


class Wanted:
    """The board that is asked for."""

    def __init__(
        self,
        by: Annotated[BoardName, Query(description="What is compared.")] = "entity",
        season: Annotated[
            str | None,
            Query(min_length=1, max_length=10, description="`2027-Q1` or `all`; the running one by default."),
        ] = None,
        campaign: Annotated[Identifier | None, Query(description="Only points of its ideas.")] = None,
        entity: Annotated[Identifier | None, Query(description="Only units below this one.")] = None,
    ) -> None:
        """Read the parameters."""
        self.by, self.season, self.campaign, self.entity = by, season, campaign, entity


@router.get("/leaderboards", response_model=Leaderboard, responses=list_responses(401, 422, 429, 503))
async def read_leaderboard(
    request: Request,
    actor: Who,
    session: Reading,
    now: Now,
    page: Asked,
    wanted: Annotated[Wanted, Depends()],
) -> Response:
    """Return a page of a board: units by points a head, or people who chose to be compared.

    It is that of last night. What was done anonymously counts nowhere.
    """
    board = Board(wanted.by)
    scope = rules.name_scope(wanted.season, wanted.campaign, today=clock.day_in(session.zone, now))
    if board is Board.PERSON and wanted.entity is not None:
        raise NotOfPeople.at("query/entity")
    about = await reading.find_named(session, entity=wanted.entity, campaign=wanted.campaign)
    if board is Board.PERSON:
        items, place = await reading.list_people(session, scope, after=page.after, limit=page.limit)
    else:
        items, place = await reading.list_units(
            session, scope, board, below=wanted.entity, after=page.after, limit=page.limit
        )
    shown = Leaderboard(
        by=wanted.by,
        season=None if about else scope,
        campaign=about,
        computed_at=await reading.get_computed_at(session, scope),
        me=await reading.get_own(session, actor, scope) if board is Board.PERSON else None,
        items=items,
        next_cursor=page.write_cursor(place),
    )
    return answers.show(request, shown)


@router.get("/me/leaderboard", response_model=LeaderboardChoice, responses=list_responses(401, 422, 429, 503))
async def show_leaderboard_choice(request: Request, actor: Who, session: Reading) -> Response:
    """Return whether one is compared with others by name."""
    return answers.show(request, LeaderboardChoice(shown=await reading.is_contender(session, actor)))


@router.put(
    "/me/leaderboard",
    status_code=204,
    responses=list_responses(401, 413, 422, 429, 503),
    response_class=Response,
)
async def choose_leaderboard(actor: Who, session: Writing, now: Now, values: ChooseLeaderboard) -> Response:
    """Say whether one is compared with others by name; withdrawing counts at once."""
    await leaderboards.choose(session, actor, shown=values.shown, now=now)
    return Response(status_code=204)
