"""News over HTTP: what is published for the reader, and the desk of those who write it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries import news as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Version, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.news import EditNews, NewsCard, NewsPost, WriteNews
from app.schemas.shapes import Page
from app.services import news

router = APIRouter(tags=["news"], route_class=Route)
_ACT = list_responses(401, 403, 404, 409, 422, 429, 503)


@router.get("/news", response_model=Page[NewsCard], responses=list_responses(401, 403, 422, 429, 503))
async def list_news(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    now: Now,
    managed: Annotated[
        bool, Query(description="All there is, drafts too: for those who write news.")
    ] = False,
) -> Response:
    """Return a page of what is published and for the reader, the latest first."""
    items, place = await reading.list_news(
        session, actor, managed=managed, after=page.after, limit=page.limit, now=now
    )
    return answers.show(request, Page[NewsCard](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/news",
    status_code=201,
    response_model=NewsPost,
    responses=list_responses(401, 403, 409, 413, 415, 422, 429, 503),
)
async def write_news(actor: Who, session: Writing, now: Now, values: WriteNews) -> Response:
    """Write a news post: a draft, or one that is published by the clock."""
    post = await news.write(session, actor, values, now=now)
    shown = await reading.get_post(session, actor, post.id, now=now)
    return answers.done(shown, status=201, version=shown.version)


@router.get("/news/{news_id}", response_model=NewsPost, responses=list_responses(401, 404, 422, 429, 503))
async def read_news(request: Request, actor: Who, session: Reading, now: Now, news_id: str) -> Response:
    """Return a news post."""
    shown = await reading.get_post(session, actor, news_id, now=now)
    return answers.show(request, shown, version=shown.version)


@router.patch(
    "/news/{news_id}",
    response_model=NewsPost,
    responses=list_responses(401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
)
async def edit_news(
    actor: Who, session: Writing, now: Now, version: Version, news_id: str, values: EditNews
) -> Response:
    """Change a news post, once it is published its words alone; `If-Match` is required."""
    await news.edit(session, actor, news_id, values, version=version, now=now)
    shown = await reading.get_post(session, actor, news_id, now=now)
    return answers.done(shown, version=shown.version)


@router.post("/news/{news_id}/publication", status_code=201, response_model=NewsPost, responses=_ACT)
async def publish_news(actor: Who, session: Writing, now: Now, news_id: str) -> Response:
    """Publish a news post at once."""
    await news.publish(session, actor, news_id, now=now)
    shown = await reading.get_post(session, actor, news_id, now=now)
    return answers.done(shown, status=201, version=shown.version)


@router.post("/news/{news_id}/withdrawal", status_code=201, response_model=NewsPost, responses=_ACT)
async def withdraw_news(actor: Who, session: Writing, now: Now, news_id: str) -> Response:
    """Withdraw a news post, published or not."""
    await news.withdraw(session, actor, news_id, now=now)
    shown = await reading.get_post(session, actor, news_id, now=now)
    return answers.done(shown, status=201, version=shown.version)
