"""Figures of ideas over HTTP: how far they come, how long they take, where they travel, what they bring."""

from fastapi import APIRouter, Request, Response

from app.queries import benefits, catalogue, funnels, idea_rates, idea_times, loads, profiles, travels
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired
from app.routers.narrowing import Days, Topics
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.figures import Benefits, CampaignFigures, Funnel, Loads, Measure, Rates, Times, Travel
from app.schemas.shapes import Page

router = APIRouter(tags=["statistics"], route_class=Route)
_ERRORS = list_responses(401, 403, 422, 429, 503)


@router.get("/stats/measures", response_model=Page[Measure], responses=_ERRORS)
async def list_measures(request: Request, actor: Who, session: Reading) -> Response:
    """Return what each figure means, in one's own language: what is counted, over what, and as of when."""
    items = catalogue.list_measures(actor, await profiles.read_locale(session, actor))
    return answers.show(request, Page[Measure](items=items, next_cursor=None))


@router.get("/stats/funnel", response_model=Funnel, responses=_ERRORS)
async def show_funnel(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Topics
) -> Response:
    """Return how many ideas reached each stage, and how long those wait that stand there."""
    zone = wiring.settings.company_timezone
    return answers.show(request, await funnels.get_funnel(session, actor, filters, zone=zone, now=now))


@router.get("/stats/times", response_model=Times, responses=_ERRORS)
async def show_times(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Topics
) -> Response:
    """Return how long ideas took to a first answer, to a decision and in each stage, and promises kept."""
    zone = wiring.settings.company_timezone
    return answers.show(request, await idea_times.get_times(session, actor, filters, zone=zone, now=now))


@router.get("/stats/load", response_model=Loads, responses=_ERRORS)
async def show_load(request: Request, actor: Who, session: Reading, now: Now) -> Response:
    """Return what waits for correspondents, in all and by function; never of fewer than five people."""
    return answers.show(request, await loads.get_loads(session, actor, now=now))


@router.get("/stats/travel", response_model=Travel, responses=_ERRORS)
async def show_travel(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Topics
) -> Response:
    """Return which parts of the company answered whose ideas."""
    zone = wiring.settings.company_timezone
    return answers.show(request, await travels.get_travel(session, actor, filters, zone=zone, now=now))


@router.get("/stats/benefits", response_model=Benefits, responses=_ERRORS)
async def show_benefits(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Topics
) -> Response:
    """Return what ideas were expected to bring, and what was measured."""
    zone = wiring.settings.company_timezone
    return answers.show(request, await benefits.get_benefits(session, actor, filters, zone=zone, now=now))


@router.get("/stats/campaigns", response_model=Page[CampaignFigures], responses=_ERRORS)
async def list_campaign_figures(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Topics
) -> Response:
    """Return campaigns beside each other: how many ideas came in, and how far they came."""
    zone = wiring.settings.company_timezone
    items = await idea_rates.list_campaigns(session, actor, filters, zone=zone, now=now)
    return answers.show(request, Page[CampaignFigures](items=items, next_cursor=None))


@router.get("/stats/rates", response_model=Rates, responses=_ERRORS)
async def show_rates(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Days
) -> Response:
    """Return ideas beside people, for the whole company: per head, implemented, with a benefit, selected."""
    zone = wiring.settings.company_timezone
    return answers.show(request, await idea_rates.get_rates(session, actor, filters, zone=zone, now=now))
