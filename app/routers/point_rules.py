"""What contributions are worth, over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import point_previews
from app.queries import point_rules as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.point_rules import PointRule, PointRulePreview, PreviewPointRule, SetPointRule
from app.schemas.shapes import Page
from app.services import point_rules

router = APIRouter(tags=["rewards"], route_class=Route)


@router.get("/point-rules", response_model=Page[PointRule], responses=list_responses(401, 422, 429, 503))
async def list_point_rules(request: Request, _actor: Who, session: Reading, now: Now) -> Response:
    """Return what each contribution is worth today, and every change that was made or is planned."""
    items = await reading.list_rules(session, now=now)
    return answers.show(request, Page[PointRule](items=items, next_cursor=None))


@router.put(
    "/point-rules/{rule}",
    response_model=PointRule,
    responses=list_responses(401, 403, 404, 413, 422, 429, 503),
)
async def set_point_rule(actor: Who, session: Writing, now: Now, rule: str, values: SetPointRule) -> Response:
    """Set what a contribution is worth, from tomorrow at the earliest: what was earned stays as it is."""
    await point_rules.put(session, actor, rule, values, now=now)
    return answers.done(await reading.get_shown(session, rule, now=now))


@router.post(
    "/point-rule-previews",
    status_code=201,
    response_model=PointRulePreview,
    responses=list_responses(401, 403, 409, 413, 422, 429, 503),
)
async def preview_point_rule(actor: Who, wiring: Wired, now: Now, values: PreviewPointRule) -> Response:
    """Return what a rule would have given in the last full month; nothing is written."""
    # It may read for seconds, and must keep nobody from writing meanwhile.
    async with wiring.database.reader() as session:
        preview = await point_previews.preview(session, actor, values, now=now)
    return answers.done(preview, status=201)
