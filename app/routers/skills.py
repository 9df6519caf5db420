"""One's own skills over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import skills as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.skills import SetSkills, Skills
from app.services import skills

router = APIRouter(tags=["help"], route_class=Route)


@router.get("/me/skills", response_model=Skills, responses=list_responses(401, 422, 429, 503))
async def show_skills(request: Request, actor: Who, session: Reading) -> Response:
    """Return what one said one can help with; it is shown to nobody but those whom one helps."""
    return answers.show(request, await reading.get_own(session, actor))


@router.put("/me/skills", response_model=Skills, responses=list_responses(401, 413, 422, 429, 503))
async def set_skills(actor: Who, session: Writing, now: Now, values: SetSkills) -> Response:
    """Say what one can help with, and how many open requests for help one takes."""
    await skills.put(session, actor, values, now=now)
    return answers.done(await reading.get_own(session, actor))
