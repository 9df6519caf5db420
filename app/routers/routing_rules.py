"""The rule table of the routing over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import routing_rules as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.routing_rules import AddRule, RoutingRule
from app.schemas.shapes import Page
from app.services import routing_rules

router = APIRouter(tags=["routing"], route_class=Route)


@router.get(
    "/routing-rules", response_model=Page[RoutingRule], responses=list_responses(401, 403, 422, 429, 503)
)
async def list_routing_rules(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return the rules by which an idea finds its function, in the order in which they are asked."""
    items, place = await reading.list_rules(session, actor, after=page.after, limit=page.limit)
    return answers.show(request, Page[RoutingRule](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/routing-rules",
    status_code=201,
    response_model=RoutingRule,
    responses=list_responses(401, 403, 409, 413, 422, 429, 503),
)
async def add_routing_rule(actor: Who, session: Writing, now: Now, values: AddRule) -> Response:
    """Add a rule; it holds for ideas that are submitted from now on."""
    rule = await routing_rules.add(session, actor, values, now=now)
    return answers.done(await reading.get_rule(session, actor, rule.id), status=201)


@router.delete(
    "/routing-rules/{rule_id}", status_code=204, responses=list_responses(401, 403, 404, 422, 429, 503)
)
async def delete_routing_rule(actor: Who, session: Writing, now: Now, rule_id: str) -> Response:
    """Take a rule out; ideas that it has routed stay where they are."""
    await routing_rules.delete(session, actor, rule_id, now=now)
    return Response(status_code=204)
