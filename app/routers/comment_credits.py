"""Credits for comments over HTTP."""

from fastapi import APIRouter, Response

from app.queries import comments as reading
from app.routers import answers
from app.routers.dependencies import Now, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.comments import CommentThread
from app.services import comment_credits

router = APIRouter(tags=["comments"], route_class=Route)


@router.put(
    "/comments/{comment_id}/credit",
    response_model=CommentThread,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def credit_comment(actor: Who, session: Writing, now: Now, comment_id: str) -> Response:
    """Say as an author of the idea that a comment changed it; the answer is the comment without its replies."""
    authors = await comment_credits.give(session, actor, comment_id, now=now)
    comment = await reading.get_comment(session, actor, comment_id, authors=authors)
    return answers.done(comment, version=comment.version)


@router.delete(
    "/comments/{comment_id}/credit", status_code=204, responses=list_responses(401, 403, 404, 422, 429, 503)
)
async def take_credit_back(actor: Who, session: Writing, now: Now, comment_id: str) -> Response:
    """Take back that a comment changed the idea."""
    await comment_credits.take_back(session, actor, comment_id, now=now)
    return Response(status_code=204)
