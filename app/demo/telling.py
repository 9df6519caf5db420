"""What is told in the made-up world: news of a community manager, and who wants to be compared by name."""

from datetime import datetime, timedelta
from random import Random

from app.core.db import Database
from app.demo.organisation import Organisation
from app.demo.people import Troupe
from app.demo.staffing import CAST
from app.demo.topics import list_words
from app.schemas.news import WriteNews
from app.services import leaderboards, news

_APART = timedelta(days=3)
_CONTENDERS = 0.04


async def publish(database: Database, company: Organisation, troupe: Troupe, *, now: datetime) -> None:
    """Publish some news, the newest on the last day."""
    manager = company.list_with("community_manager")[0].external_id
    lines = list_words("animation")["nouvelles"]
    for number, line in enumerate(lines):
        title, _, body = line.partition(" | ")
        at = now - (len(lines) - 1 - number) * _APART
        async with database.writer() as session:
            actor = await troupe.person(session, manager)
            post = await news.write(session, actor, WriteNews(title=title, body=body), now=at)
            await news.publish(session, actor, post.id, now=at)


async def compare(
    database: Database, company: Organisation, troupe: Troupe, rng: Random, *, now: datetime
) -> None:
    """Let the first of the cast and some others be compared by name."""
    others = [person.external_id for person in company.employees[len(CAST) :]]
    chosen = rng.sample(others, round(_CONTENDERS * len(others)))
    async with database.writer() as session:
        for one in [company.employees[0].external_id, *chosen]:
            await leaderboards.choose(session, await troupe.person(session, one), shown=True, now=now)
