"""Badges over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.core import clock
from app.domain.badge_catalogue import get_badge
from app.domain.badges import NoSuchBadge, Tier
from app.integrations import badge_icons
from app.queries import badges as reading
from app.queries import profiles
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import OpenRoute, Route
from app.schemas.badges import CatalogueBadge, ChooseDisplay, OwnBadges, ShownBadges
from app.schemas.shapes import Page
from app.services import badges

router = APIRouter(tags=["rewards"], route_class=Route)
opened = APIRouter(tags=["rewards"], route_class=OpenRoute)

_KEPT = "public, max-age=86400"
"""An icon is the same for everybody; a day later a browser asks again."""


@router.get("/badges", response_model=Page[CatalogueBadge], responses=list_responses(401, 422, 429, 503))
async def list_badges(request: Request, actor: Who, session: Reading) -> Response:
    """Return the catalogue of badges in one's own language: what they are called, and what they take."""
    items = reading.list_catalogue(await profiles.read_locale(session, actor))
    return answers.show(request, Page[CatalogueBadge](items=items, next_cursor=None))


@opened.get(
    "/badges/{badge}/icon",
    status_code=200,
    response_class=Response,
    responses=list_responses(404, 422, 429, 503)
    | {200: {"description": "A picture.", "content": {badge_icons.MEDIA_TYPE: {}}}},
)
async def show_badge_icon(
    request: Request,
    badge: str,
    tier: Annotated[
        Literal["bronze", "silver", "gold"] | None, Query(description="Which of its tiers.")
    ] = None,
) -> Response:
    """Return the picture of a badge, or of one of its tiers; the same for everybody, and to be kept for a day."""
    found, wanted = get_badge(badge), None if tier is None else Tier(tier)
    if wanted not in {each for each, _ in found.tiers}:
        # Without a tier it is the first one.
        if wanted is not None:
            raise NoSuchBadge
        wanted = found.tiers[0][0]
    drawn = badge_icons.draw(found.key, wanted).encode()
    shown = answers.show_file(request, drawn, media_type=badge_icons.MEDIA_TYPE)
    shown.headers["Cache-Control"] = _KEPT
    del shown.headers["Vary"]
    return shown


@router.get("/me/badges", response_model=OwnBadges, responses=list_responses(401, 422, 429, 503))
async def read_own_badges(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now
) -> Response:
    """Return one's own badges with when and why, how far the next ones are, and what others see."""
    today = clock.day_in(wiring.database.zone, now)
    return answers.show(request, await reading.get_own(session, actor, today=today))


@router.put(
    "/me/badges/display",
    status_code=204,
    responses=list_responses(401, 413, 422, 429, 503),
    response_class=Response,
)
async def choose_badge_display(actor: Who, session: Writing, now: Now, values: ChooseDisplay) -> Response:
    """Say what others see of one's badges and one's level; nothing, until one says so."""
    await badges.choose(session, actor, values, now=now)
    return Response(status_code=204)


@router.get(
    "/employees/{employee_id}/badges",
    response_model=ShownBadges,
    responses=list_responses(401, 404, 422, 429, 503),
)
async def show_badges(request: Request, actor: Who, session: Reading, employee_id: str) -> Response:
    """Return the badges and the level that a person shows: what they did under their name, and nothing else."""
    return answers.show(request, await reading.get_shown(session, actor, employee_id))
