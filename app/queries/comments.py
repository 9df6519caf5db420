"""Reading a discussion: threads by page, each with its replies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.core import ids, keysets
from app.core.db import Database, ReadSession
from app.core.keysets import Place
from app.core.lanes import Fetching, SessionLane
from app.core.markdown import render
from app.core.prepared import pack
from app.domain.actors import Actor
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.queries import comment_statements as statements
from app.queries.cards import NOBODY, encode
from app.queries.comment_statements import CommentRow
from app.queries.fresh import Fresh
from app.queries.ideas import get_visible
from app.queries.unchanged import Unchanged
from app.schemas.comments import CommentThread, Reply
from app.schemas.shapes import Named

KEPT = 32
"""Pages of discussions that a process keeps, some 30 kB each."""


class Shown(NamedTuple):
    """A page of a discussion as one reader sees it: its threads in JSON, and where the next page begins."""

    threads: list[bytes]
    next_place: Place | None


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of threads with their replies; `plain` is its JSON for who wrote neither one of them nor the idea."""

    threads: Sequence[CommentRow]
    replies: Mapping[str, Sequence[CommentRow]]
    writers: frozenset[str]
    authors: frozenset[str]
    plain: list[bytes]
    next_place: Place | None


class Discussions:
    """The pages of discussions that this process keeps."""

    def __init__(self, database: Database, unchanged: Unchanged) -> None:
        self._database = database
        self._unchanged = unchanged
        self._kept: Fresh[tuple[Any, ...], _Page] = Fresh(database, most=KEPT)

    async def show(self, actor: Actor, idea_id: str, *, after: Place | None, limit: int) -> Shown:
        """Return a page of an idea's threads, the oldest first; three statements at most.

        Raises: NoSuchIdea, DatabaseAway.
        """
        key = (idea_id, *(after or ()), limit)
        page = await self._recall(key) or await self._read(actor, idea_id, key, after=after, limit=limit)
        if actor.id not in page.writers | page.authors:
            return Shown(page.plain, page.next_place)
        written = _write(actor, page.threads, page.replies, authors=page.authors)
        return Shown(written, page.next_place)

    async def _recall(self, key: tuple[Any, ...]) -> _Page | None:
        kept = self._kept.find(key)
        if kept is None:
            return None
        state = await self._unchanged.look()
        return kept.value if self._kept.is_current(kept, state.stamp) else None

    async def _read(
        self, actor: Actor, idea_id: str, key: tuple[Any, ...], *, after: Place | None, limit: int
    ) -> _Page:
        changes = self._database.changes
        async with self._database.reading_lane() as lane:
            stage, authors, stamped = await _find_idea(lane, idea_id)
            values: dict[str, Any] = {"idea_id": idea_id}
            if after is not None:
                values |= {"last_at": datetime.fromisoformat(after[0]), "last_id": after[1]}
            rows = [
                CommentRow._make(row)
                for row in await lane.fetch(statements.prepare_page(limit, resumed=after is not None), values)
            ]
            threads = rows[:limit]
            found = await _list_replies(lane, [row.id for row in threads])
        if stage == Stage.DRAFT:
            async with self._database.reader() as session:
                await get_visible(session, actor, idea_id)
        last = threads[-1] if len(rows) > limit else None
        page = _Page(
            threads,
            found,
            frozenset(
                row.author_id for row in (*threads, *(reply for each in found.values() for reply in each))
            ),
            authors,
            _write(NOBODY, threads, found, authors=authors),
            keysets.write(last.created_at, last.id) if last else None,
        )
        if stage != Stage.DRAFT:
            self._kept.keep(key, page, since=changes, stamp=stamped)
        return page


def shape_new(actor: Actor, row: CommentRow) -> CommentThread:
    """Return a comment that was just written, which has no replies yet."""
    return CommentThread.model_construct(**_shape(actor, row, authors=frozenset()), replies=[])


async def get_comment(
    session: ReadSession, actor: Actor, comment_id: str, *, authors: frozenset[str] = frozenset()
) -> CommentThread:
    """Return one comment that was just written or changed, without its replies; `authors` wrote the idea."""
    (row,) = await SessionLane(session).fetch(statements.ONE, {"comment_id": comment_id})
    return CommentThread(**_shape(actor, CommentRow._make(row), authors=authors), replies=[])


def _write(
    actor: Actor,
    threads: Sequence[CommentRow],
    replies: Mapping[str, Sequence[CommentRow]],
    *,
    authors: frozenset[str],
) -> list[bytes]:
    return [
        encode(
            CommentThread.model_construct(
                **_shape(actor, row, authors=authors),
                replies=[
                    Reply.model_construct(**_shape(actor, reply, authors=authors))
                    for reply in replies.get(row.id, ())
                ],
            )
        )
        for row in threads
    ]


def _shape(actor: Actor, row: CommentRow, *, authors: frozenset[str]) -> dict[str, Any]:
    deleted = row.deleted_at is not None
    credited = row.credited_at is not None and not deleted
    return {
        "id": row.id,
        "idea": row.idea_id,
        "author": None if deleted or row.hidden else Named.model_construct(id=row.author_id, name=row.name),
        "body": None if deleted else row.body,
        "body_html": None if deleted else render(row.body),
        "reply_to": row.parent_id,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "deleted": deleted,
        "credited": credited,
        "hidden": None if deleted else row.hidden_code,
        "version": row.version,
        "can": [] if deleted else list(_list_abilities(actor, row, authors, credited=credited)),
    }


def _list_abilities(
    actor: Actor, row: CommentRow, authors: frozenset[str], *, credited: bool
) -> Iterator[str]:
    if row.author_id == actor.id:
        if row.hidden_code is None:
            yield "edit"
        yield "delete"
    elif actor.id in authors and row.author_id not in authors:
        yield "take_credit" if credited else "credit"


async def _find_idea(lane: Fetching, idea_id: str) -> tuple[str, frozenset[str], str | None]:
    """Return the stage of an idea, its authors, and the stamp of what was read."""
    rows = await lane.fetch(statements.IDEA, {"idea_id": idea_id}) if ids.is_valid(idea_id) else ()
    for stage, authors, stamped in rows:
        return stage, frozenset(authors or ()), stamped
    raise NoSuchIdea


async def _list_replies(lane: Fetching, parents: list[str]) -> dict[str, list[CommentRow]]:
    found: dict[str, list[CommentRow]] = {}
    if parents:
        for row in await lane.fetch(statements.REPLIES, {"parents": pack(parents, lane.engine)}):
            reply = CommentRow._make(row)
            found.setdefault(reply.parent_id or "", []).append(reply)
    return found
