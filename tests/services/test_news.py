"""News by the clock: each post is told of once by however many workers, and read from its second on."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core.config import Settings
from app.core.db import Database
from app.domain.news import AlreadyPublished
from app.models.events import Event
from app.queries import news as reading
from app.schemas.news import EditNews, WriteNews
from app.services import news
from tests.support.world import START, Cast

SECOND = timedelta(seconds=1)
SOON = START + timedelta(hours=1)


async def schedule(database: Database, cast: Cast, number: int = 0) -> str:
    async with database.writer() as session:
        values = WriteNews(title=f"News {number}", body="*So* it is.", publish_at=SOON)
        return (await news.write(session, await cast.actor(session, "Mia"), values, now=START)).id


async def list_told(database: Database) -> list[str]:
    async with database.reader() as session:
        return list(
            await session.scalars(select(col(Event.subject)).where(col(Event.kind) == "news.published"))
        )


async def list_read(database: Database, cast: Cast, seconds: int) -> list[str]:
    async with database.writer() as session:
        actor = await cast.actor(session, "Max")
        items, _ = await reading.list_news(
            session, actor, managed=False, after=None, limit=100, now=SOON + seconds * SECOND
        )
    return [each.id for each in items]


async def test_two_workers_tell_of_each_post_once(database: Database, settings: Settings, cast: Cast) -> None:
    made = [await schedule(database, cast, number) for number in range(5)]
    other = database if settings.on_sqlite else Database(settings)
    assert await news.publish_due(database, now=SOON - SECOND) == 0
    counted = await asyncio.gather(*(news.publish_due(each, now=SOON) for each in [database, other] * 3))
    assert sum(counted) == len(made)
    assert sorted(await list_told(database)) == sorted(made)
    assert await news.publish_due(database, now=SOON + SECOND) == 0
    if other is not database:
        await other.close()


async def test_a_post_is_read_from_its_second_on_whenever_the_clock_looks(
    database: Database, cast: Cast
) -> None:
    made = await schedule(database, cast)
    assert await list_read(database, cast, -1) == []
    assert await list_read(database, cast, 0) == [made]
    await news.publish_due(database, now=SOON + 40 * SECOND)
    assert await list_read(database, cast, 0) == [made]
    assert await list_told(database) == [made]


async def test_what_is_withdrawn_before_its_moment_is_never_told_of(database: Database, cast: Cast) -> None:
    made = await schedule(database, cast)
    async with database.writer() as session:
        await news.withdraw(session, await cast.actor(session, "Mia"), made, now=SOON - SECOND)
    assert await news.publish_due(database, now=SOON) == 0
    assert await list_read(database, cast, 1) == []


async def test_who_asked_before_the_clock_and_came_after_it_publishes_nothing_twice(
    database: Database, cast: Cast
) -> None:
    """A request that began before the moment waits for the row, and finds that the clock was there."""
    made = await schedule(database, cast)
    await news.publish_due(database, now=SOON)
    async with database.writer() as session:
        mia = await cast.actor(session, "Mia")
        with pytest.raises(AlreadyPublished):
            await news.publish(session, mia, made, now=SOON - SECOND)
        with pytest.raises(AlreadyPublished):
            await news.edit(session, mia, made, EditNews(publish_at=None), version=1, now=SOON - SECOND)
    assert await list_told(database) == [made]


async def test_the_clock_and_a_person_publish_once_together(database: Database, cast: Cast) -> None:
    made = [await schedule(database, cast, number) for number in range(6)]

    async def publish(post_id: str) -> None:
        try:
            async with database.writer() as session:
                await news.publish(session, await cast.actor(session, "Mia"), post_id, now=SOON - SECOND)
        except AlreadyPublished:
            pass

    await asyncio.gather(*map(publish, made), *(news.publish_due(database, now=SOON) for _ in range(3)))
    assert sorted(await list_told(database)) == sorted(made)
