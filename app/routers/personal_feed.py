"""The personal feed over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import personal_feed
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.personal_feed import FeedItem
from app.schemas.shapes import Page

router = APIRouter(tags=["follows"], route_class=Route)


@router.get("/me/feed", response_model=Page[FeedItem], responses=list_responses(401, 422, 429, 503))
async def read_feed(request: Request, actor: Who, session: Reading, page: Asked, now: Now) -> Response:
    """Return a page of what happened to what one follows, of one's campaigns and of news, the newest first."""
    items, place = await personal_feed.list_items(session, actor, after=page.after, limit=page.limit, now=now)
    return answers.show(request, Page[FeedItem](items=items, next_cursor=page.write_cursor(place)))
