"""Writing an idea together, over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import authorships as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.authorships import AnswerInvitation, Authors, InviteAuthor
from app.services import authorships

router = APIRouter(tags=["authors"], route_class=Route)
_ACT = list_responses(401, 403, 404, 409, 413, 422, 429, 503)


@router.get(
    "/ideas/{idea_id}/authors", response_model=Authors, responses=list_responses(401, 404, 422, 429, 503)
)
async def list_authors(request: Request, actor: Who, session: Reading, idea_id: str) -> Response:
    """Return who writes an idea."""
    return answers.show(request, await reading.list_authors(session, actor, idea_id))


@router.post("/ideas/{idea_id}/authors", status_code=201, response_model=Authors, responses=_ACT)
async def invite_author(
    actor: Who, session: Writing, now: Now, idea_id: str, values: InviteAuthor
) -> Response:
    """Ask somebody to write the idea together."""
    await authorships.invite(session, actor, idea_id, employee_id=values.employee, now=now)
    return answers.done(await reading.list_authors(session, actor, idea_id), status=201)


@router.put("/ideas/{idea_id}/authors/me", status_code=204, responses=_ACT)
async def answer_invitation(
    actor: Who, session: Writing, now: Now, idea_id: str, values: AnswerInvitation
) -> Response:
    """Accept or refuse to write the idea together."""
    await authorships.answer(session, actor, idea_id, accept=values.answer == "accept", now=now)
    return Response(status_code=204)


@router.delete("/ideas/{idea_id}/authors/{employee_id}", status_code=204, responses=_ACT)
async def end_authorship(actor: Who, session: Writing, now: Now, idea_id: str, employee_id: str) -> Response:
    """Leave an idea (`me`), or take back an invitation."""
    subject = actor.id if employee_id == "me" else employee_id
    await authorships.end(session, actor, idea_id, employee_id=subject, now=now)
    return Response(status_code=204)
