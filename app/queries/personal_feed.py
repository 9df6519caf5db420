"""The personal feed: keys of the page from all sources in one statement, then what each kind of story shows."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union_all

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain.actors import Actor
from app.domain.personal_feed import Story, read_marks
from app.queries import stories
from app.queries.feed_sources import Stretch, list_sources, read_interests
from app.queries.stories import Told
from app.schemas.personal_feed import FeedItem


async def list_items(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int, now: datetime
) -> tuple[list[FeedItem], Place | None]:
    """Return a page of what happened to what the actor follows, the newest first; seven statements at most.

    What is found by several ways is told once, with all of them.
    """
    interests = await read_interests(session, actor)
    found = union_all(*list_sources(actor, interests, Stretch(after, now, limit + 1))).subquery("found")
    at, story, key = found.c.at, found.c.story, found.c.key
    statement = select(at, story, key, func.sum(found.c.mark).label("marks"))
    statement = statement.group_by(at, story, key).order_by(at.desc(), key.desc()).limit(limit + 1)
    rows = (await session.execute(statement)).all()
    told = await _tell(session, actor, rows[:limit])
    items = [
        FeedItem(
            at=row.at,
            story=row.story,
            because=[kind.value for kind in read_marks(int(row.marks))],
            **told[row.story, row.key],
        )
        for row in rows[:limit]
        if (row.story, row.key) in told
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return items, keysets.write(last.at, last.key) if last is not None else None


async def _tell(
    session: ReadSession, actor: Actor, rows: Sequence[Any]
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what stories show by kind and key; what is gone by now is left out."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        keys[row.story].append(row.key)
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for story, tell in _TELLING.items():
        if story in keys:
            found = await tell(session, actor, keys[story])
            told |= {(story, key): shown for key, shown in found.items()}
    return told


_TELLING: dict[Story, Callable[[ReadSession, Actor, list[str]], Awaitable[Told]]] = {
    Story.SUBMITTED: stories.tell_submitted,
    Story.MOVED: stories.tell_moved,
    Story.COMMENTED: stories.tell_commented,
    Story.PHASE: stories.tell_phases,
    Story.CLOSED: stories.tell_closed,
    Story.NEWS: stories.tell_news,
}
