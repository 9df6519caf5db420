"""Comments over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import comments as reading
from app.routers import answers
from app.routers.busy import BusyRoute, BusyWrite
from app.routers.dependencies import Asked, Now, Version, Who, Wired, Writing, WritingLane
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.comments import CommentThread, EditComment, WriteComment
from app.schemas.shapes import Page
from app.services import comments

router = APIRouter(tags=["comments"], route_class=Route)
busy = APIRouter(tags=["comments"], route_class=BusyRoute)
writes = APIRouter(tags=["comments"], route_class=BusyWrite)


@busy.get(
    "/ideas/{idea_id}/comments",
    response_model=Page[CommentThread],
    responses=list_responses(401, 404, 422, 429, 503),
)
async def list_comments(request: Request, actor: Who, wiring: Wired, page: Asked, idea_id: str) -> Response:
    """Return a page of the discussion, the oldest thread first."""
    shown = await wiring.discussions.show(actor, idea_id, after=page.after, limit=page.limit)
    return answers.show_page(request, shown.threads, page.write_cursor(shown.next_place))


@writes.post(
    "/ideas/{idea_id}/comments",
    status_code=201,
    response_model=CommentThread,
    responses=list_responses(401, 404, 409, 413, 422, 429, 503),
)
async def write_comment(
    actor: Who, lane: WritingLane, now: Now, idea_id: str, values: WriteComment
) -> Response:
    """Comment on an idea, or reply to a comment."""
    written = await comments.write(lane, actor, idea_id, values, now=now)
    return answers.done(reading.shape_new(actor, written), status=201, version=written.version)


@router.patch(
    "/comments/{comment_id}",
    response_model=CommentThread,
    responses=list_responses(401, 403, 404, 409, 412, 413, 422, 428, 429, 503),
)
async def edit_comment(
    actor: Who, session: Writing, now: Now, version: Version, comment_id: str, values: EditComment
) -> Response:
    """Change one's comment; `If-Match` is required."""
    comment = await comments.edit(session, actor, comment_id, values, version=version, now=now)
    return answers.done(await reading.get_comment(session, actor, comment.id), version=comment.version)


@router.delete(
    "/comments/{comment_id}",
    status_code=204,
    responses=list_responses(401, 403, 404, 409, 412, 422, 428, 429, 503),
)
async def delete_comment(
    actor: Who, session: Writing, now: Now, version: Version, comment_id: str
) -> Response:
    """Take one's comment back; `If-Match` is required."""
    await comments.delete(session, actor, comment_id, version=version, now=now)
    return Response(status_code=204)
