"""The signed-in person over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import profiles
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.profiles import Profile
from app.schemas.sessions import ChangePassword
from app.services import passwords

router = APIRouter(tags=["me"], route_class=Route)


@router.get("/me", response_model=Profile, responses=list_responses(401, 422, 429, 503))
async def show_me(request: Request, actor: Who, session: Reading) -> Response:
    """Return the signed-in person, with roles and what they allow."""
    return answers.show(request, await profiles.get_profile(session, actor))


@router.put(
    "/me/password",
    status_code=204,
    responses=list_responses(401, 413, 415, 422, 429, 503),
    response_class=Response,
)
async def change_password(actor: Who, wiring: Wired, now: Now, values: ChangePassword) -> Response:
    """Change one's password; every other session ends."""
    await passwords.change(
        wiring.database,
        wiring.vault,
        wiring.seals,
        actor,
        current=values.current,
        new=values.new,
        company=wiring.settings.company_name,
        now=now,
    )
    wiring.authenticator.forget()
    return Response(status_code=204)
