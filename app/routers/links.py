"""One-time links over HTTP, made by admins."""

from fastapi import APIRouter, Response

from app.routers import answers
from app.routers.dependencies import Now, Who, Wired
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.sessions import IssuedLink, IssueLink
from app.services import links

router = APIRouter(tags=["directory"], route_class=Route)


@router.post(
    "/employees/{employee_id}/links",
    status_code=201,
    response_model=IssuedLink,
    responses=list_responses(401, 403, 404, 409, 413, 415, 422, 429, 503),
)
async def issue_link(actor: Who, wiring: Wired, now: Now, employee_id: str, values: IssueLink) -> Response:
    """Make a one-time link by which a person sets a password; earlier ones are cancelled.

    Takes no idempotency key: the answer holds a secret, which is stored nowhere, and a retry replaces it.
    """
    async with wiring.database.writer() as session:
        issued = await links.issue_as(session, actor, employee_id, purpose=values.purpose, now=now)
    address = f"{wiring.settings.base_url}/welcome#{issued.secret}"
    response = answers.done(
        IssuedLink(link=address, purpose=issued.purpose.value, expires_at=issued.expires_at), status=201
    )
    response.headers["Cache-Control"] = "no-store"
    return response
