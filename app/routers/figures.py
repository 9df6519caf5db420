"""Figures of ideas over HTTP: how far they come, how long they take, where they travel, what they bring."""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.queries import benefits, catalogue, funnels, idea_rates, idea_times, loads, profiles, travels
from app.queries.statistics import Filters
from app.routers import answers
from app.routers.dependencies import Reading, Who
from app.routers.figure_answers import Asked
from app.routers.narrowing import Days, Topics
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.figures import Benefits, CampaignFigures, Funnel, Loads, Measure, Rates, Times, Travel
from app.schemas.shapes import Page

router = APIRouter(tags=["statistics"], route_class=Route)
_ERRORS = list_responses(401, 403, 422, 429, 503)
_ALL = Filters()


@router.get("/stats/measures", response_model=Page[Measure], responses=_ERRORS)
async def list_measures(request: Request, actor: Who, session: Reading) -> Response:
    """Return what each figure means, in one's own language: what is counted, over what, and as of when."""
    items = catalogue.list_measures(actor, await profiles.read_locale(session, actor))
    return answers.show(request, Page[Measure](items=items, next_cursor=None))


@router.get("/stats/funnel", response_model=Funnel, responses=_ERRORS)
async def show_funnel(asked: Asked, filters: Topics) -> Response:
    """Return how many ideas reached each stage, and how long those wait that stand there."""
    return await asked.show("funnel", funnels.get_funnel, filters)


@router.get("/stats/times", response_model=Times, responses=_ERRORS)
async def show_times(asked: Asked, filters: Topics) -> Response:
    """Return how long ideas took to a first answer, to a decision and in each stage, and promises kept."""
    return await asked.show("times", idea_times.get_times, filters)


@router.get("/stats/load", response_model=Loads, responses=_ERRORS)
async def show_load(asked: Asked) -> Response:
    """Return what waits for correspondents, in all and by function; never of fewer than five people."""
    return await asked.show("load", _read_loads, _ALL)


@router.get("/stats/travel", response_model=Travel, responses=_ERRORS)
async def show_travel(asked: Asked, filters: Topics) -> Response:
    """Return which parts of the company answered whose ideas."""
    return await asked.show("travel", travels.get_travel, filters)


@router.get("/stats/benefits", response_model=Benefits, responses=_ERRORS)
async def show_benefits(asked: Asked, filters: Topics) -> Response:
    """Return what ideas were expected to bring, and what was measured."""
    return await asked.show("benefits", benefits.get_benefits, filters)


@router.get("/stats/campaigns", response_model=Page[CampaignFigures], responses=_ERRORS)
async def list_campaign_figures(asked: Asked, filters: Topics) -> Response:
    """Return campaigns beside each other: how many ideas came in, and how far they came."""
    return await asked.show("campaigns", _read_campaigns, filters)


@router.get("/stats/rates", response_model=Rates, responses=_ERRORS)
async def show_rates(asked: Asked, filters: Days) -> Response:
    """Return ideas beside people, for the whole company: per head, implemented, with a benefit, selected."""
    return await asked.show("rates", idea_rates.get_rates, filters)


async def _read_loads(
    session: ReadSession, actor: Actor, _filters: Filters, *, now: datetime, **_given: str
) -> Loads:
    return await loads.get_loads(session, actor, now=now)


async def _read_campaigns(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Page[CampaignFigures]:
    items = await idea_rates.list_campaigns(session, actor, filters, zone=zone, now=now)
    return Page[CampaignFigures](items=items, next_cursor=None)
