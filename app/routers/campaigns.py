"""Campaigns over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import campaign_lists as reading
from app.queries import campaign_pages
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Version, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.campaigns import (
    CampaignCard,
    CampaignDetail,
    EditCampaign,
    PlanCampaign,
    SetCorrespondents,
    WriteReport,
)
from app.schemas.shapes import Page
from app.services import campaign_reports, campaign_staff, campaigns

router = APIRouter(tags=["campaigns"], route_class=Route)
_CHANGE = list_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_ACT = list_responses(401, 403, 404, 409, 422, 429, 503)


@router.get("/campaigns", response_model=Page[CampaignCard], responses=list_responses(401, 422, 429, 503))
async def list_campaigns(request: Request, actor: Who, session: Reading, now: Now, page: Asked) -> Response:
    """Return the campaigns, the permanent box first; what was not announced is shown to who makes it ready."""
    items, place = await reading.list_campaigns(session, actor, after=page.after, limit=page.limit, now=now)
    return answers.show(request, Page[CampaignCard](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/campaigns",
    status_code=201,
    response_model=CampaignDetail,
    responses=list_responses(401, 403, 409, 413, 415, 422, 429, 503),
)
async def plan_campaign(actor: Who, session: Writing, now: Now, values: PlanCampaign) -> Response:
    """Begin a campaign, which nobody else sees before it is announced."""
    campaign = await campaigns.plan(session, actor, values, now=now)
    shown = await campaign_pages.get_detail(session, actor, campaign.id, now=now)
    return answers.done(shown, status=201, version=campaign.version)


@router.get(
    "/campaigns/{campaign_id}",
    response_model=CampaignDetail,
    responses=list_responses(401, 404, 422, 429, 503),
)
async def read_campaign(
    request: Request, actor: Who, session: Reading, now: Now, campaign_id: str
) -> Response:
    """Return a campaign: what it asks, who is behind it, where it stands and what came of it."""
    shown = await campaign_pages.get_detail(session, actor, campaign_id, now=now)
    return answers.show(request, shown, version=shown.version)


@router.patch(
    "/campaigns/{campaign_id}",
    response_model=CampaignDetail,
    responses=list_responses(401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
)
async def edit_campaign(
    actor: Who, session: Writing, now: Now, version: Version, campaign_id: str, values: EditCampaign
) -> Response:
    """Change a campaign; once it is announced, only what has not happened yet. `If-Match` is required."""
    campaign = await campaigns.edit(session, actor, campaign_id, values, version=version, now=now)
    shown = await campaign_pages.get_detail(session, actor, campaign_id, now=now)
    return answers.done(shown, version=campaign.version)


@router.post(
    "/campaigns/{campaign_id}/announcement",
    status_code=201,
    response_model=CampaignDetail,
    responses=_ACT,
)
async def announce_campaign(actor: Who, session: Writing, now: Now, campaign_id: str) -> Response:
    """Announce a campaign: everybody sees it, and its phases go by the clock."""
    campaign = await campaigns.publish(session, actor, campaign_id, now=now)
    shown = await campaign_pages.get_detail(session, actor, campaign_id, now=now)
    return answers.done(shown, status=201, version=campaign.version)


@router.put("/campaigns/{campaign_id}/correspondents", response_model=CampaignDetail, responses=_CHANGE)
async def set_correspondents(
    actor: Who, session: Writing, now: Now, campaign_id: str, values: SetCorrespondents
) -> Response:
    """Say who answers for the ideas of a campaign, before the correspondents of functions."""
    await campaign_staff.set_correspondents(session, actor, campaign_id, values, now=now)
    shown = await campaign_pages.get_detail(session, actor, campaign_id, now=now)
    return answers.done(shown, version=shown.version)


@router.put("/campaigns/{campaign_id}/report", response_model=CampaignDetail, responses=_CHANGE)
async def write_report(
    actor: Who, session: Writing, now: Now, campaign_id: str, values: WriteReport
) -> Response:
    """Write what came of a campaign: what was learnt, which ideas go on, and why the others don't."""
    campaign = await campaign_reports.put(session, actor, campaign_id, values, now=now)
    shown = await campaign_pages.get_detail(session, actor, campaign_id, now=now)
    return answers.done(shown, version=campaign.version)


@router.post(
    "/campaigns/{campaign_id}/closing", status_code=201, response_model=CampaignDetail, responses=_ACT
)
async def close_campaign(actor: Who, session: Writing, now: Now, campaign_id: str) -> Response:
    """Close a campaign once its phases are over and its report is written; everybody reads the report then."""
    campaign = await campaigns.close(session, actor, campaign_id, now=now)
    shown = await campaign_pages.get_detail(session, actor, campaign_id, now=now)
    return answers.done(shown, status=201, version=campaign.version)
