"""What the signed-in person wants to be told, over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import preferences as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.preferences import ChoosePreferences, MessageHabits, Preferences, SetMessageHabits
from app.services import preferences

router = APIRouter(tags=["messages"], route_class=Route)
_READ = list_responses(401, 422, 429, 503)
_WRITE = list_responses(401, 413, 415, 422, 429, 503)


@router.get("/me/preferences", response_model=Preferences, responses=_READ)
async def show_preferences(request: Request, actor: Who, session: Reading) -> Response:
    """Return when one is told each kind of message by each channel."""
    return answers.show(request, await reading.get_preferences(session, actor.id))


@router.put("/me/preferences", response_model=Preferences, responses=_WRITE)
async def choose_preferences(actor: Who, session: Writing, values: ChoosePreferences) -> Response:
    """Choose when to be told what; what is not named goes back to the default."""
    await preferences.choose(session, actor.id, values)
    return answers.done(await reading.get_preferences(session, actor.id))


@router.get("/me/message-settings", response_model=MessageHabits, responses=_READ)
async def show_message_settings(request: Request, actor: Who, session: Reading) -> Response:
    """Return when one wants messages."""
    return answers.show(request, await reading.get_habits(session, actor.id))


@router.put("/me/message-settings", response_model=MessageHabits, responses=_WRITE)
async def set_message_settings(actor: Who, session: Writing, now: Now, values: SetMessageHabits) -> Response:
    """Say when one wants messages: the hour of the digest, quiet hours, how many in a day."""
    await preferences.set_habits(session, actor.id, values, now=now)
    return answers.done(await reading.get_habits(session, actor.id))
