"""One's own calendar over HTTP: the secret link, and what calendar applications read under it."""

from fastapi import APIRouter, Request, Response

from app.integrations import calendar_files
from app.queries import calendar_feeds as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import OpenRoute, Route
from app.schemas.calendar_feeds import CalendarLink
from app.services import calendar_feeds

router = APIRouter(tags=["gatherings"], route_class=Route)
opened = APIRouter(tags=["gatherings"], route_class=OpenRoute)
_OWN = list_responses(401, 422, 429, 503)


@router.get("/me/calendar-feed", response_model=CalendarLink, responses=_OWN)
async def show_calendar_link(request: Request, actor: Who, session: Reading, wiring: Wired) -> Response:
    """Return the secret link to one's own gatherings, if there is one."""
    base_url = wiring.settings.base_url
    return answers.show(
        request, await reading.find_link(session, actor, seals=wiring.seals, base_url=base_url)
    )


@router.put("/me/calendar-feed", response_model=CalendarLink, responses=_OWN)
async def make_calendar_link(actor: Who, session: Writing, wiring: Wired, now: Now) -> Response:
    """Make the secret link, or return the one that is there; whoever has it reads one's own gatherings."""
    feed = await calendar_feeds.make(session, actor, now=now)
    shown = reading.shape_link(feed, seals=wiring.seals, base_url=wiring.settings.base_url)
    return answers.done(shown)


@router.delete("/me/calendar-feed", status_code=204, responses=_OWN)
async def revoke_calendar_link(actor: Who, session: Writing, now: Now) -> Response:
    """Make the secret link useless; the next one is another."""
    await calendar_feeds.revoke(session, actor, now=now)
    return Response(status_code=204)


@opened.get(
    "/calendar-feeds/{secret}",
    status_code=200,
    response_class=Response,
    responses=list_responses(404, 422, 429, 503)
    | {200: {"description": "An iCalendar file.", "content": {"text/calendar": {}}}},
)
async def read_calendar_feed(
    request: Request, session: Reading, wiring: Wired, now: Now, secret: str
) -> Response:
    """Return a person's own gatherings to a calendar application that has their secret link."""
    entries = await reading.list_own(
        session, secret, seals=wiring.seals, base_url=wiring.settings.base_url, now=now
    )
    body = calendar_files.write(entries, name="Ideabox")
    return answers.show_file(request, body, media_type=calendar_files.MEDIA_TYPE)
