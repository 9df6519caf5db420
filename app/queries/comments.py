"""Reading a discussion: threads by page, each with its replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, and_, bindparam, literal_column, select, tuple_
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import Database, ReadSession
from app.core.keysets import Place
from app.core.lanes import Fetching, SessionLane
from app.core.markdown import render
from app.core.prepared import Prepared, among, pack
from app.core.types import UtcDateTime
from app.domain.actors import Actor
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea
from app.queries.cards import NOBODY, encode
from app.queries.fresh import Fresh, stamp
from app.queries.ideas import get_visible
from app.queries.unchanged import Unchanged
from app.schemas.comments import CommentThread, Reply
from app.schemas.shapes import Named

KEPT = 32
"""Pages of discussions that a process keeps, some 30 kB each."""


class CommentRow(NamedTuple):
    """A comment with the name of its author; `hidden` when that is nobody's business."""

    id: str
    idea_id: str
    author_id: str
    parent_id: str | None
    body: str
    version: int
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    name: str
    hidden: bool


class Shown(NamedTuple):
    """A page of a discussion as one reader sees it: its threads in JSON, and where the next page begins."""

    threads: list[bytes]
    next_place: Place | None


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of threads with their replies; `plain` is its JSON for who wrote none of them."""

    threads: Sequence[CommentRow]
    replies: Mapping[str, Sequence[CommentRow]]
    writers: frozenset[str]
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
        if actor.id not in page.writers:
            return Shown(page.plain, page.next_place)
        return Shown(_write(actor, page.threads, page.replies), page.next_place)

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
            stage, stamped = await _find_stage(lane, idea_id)
            values: dict[str, Any] = {"idea_id": idea_id}
            if after is not None:
                values |= {"last_at": datetime.fromisoformat(after[0]), "last_id": after[1]}
            rows = [
                CommentRow._make(row)
                for row in await lane.fetch(_prepare(limit, resumed=after is not None), values)
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
            _write(NOBODY, threads, found),
            keysets.write(last.created_at, last.id) if last else None,
        )
        if stage != Stage.DRAFT:
            self._kept.keep(key, page, since=changes, stamp=stamped)
        return page


def shape_new(actor: Actor, row: CommentRow) -> CommentThread:
    """Return a comment that was just written, which has no replies yet."""
    return CommentThread.model_construct(**_shape(actor, row), replies=[])


async def get_comment(session: ReadSession, actor: Actor, comment_id: str) -> CommentThread:
    """Return one comment that was just written or changed, without its replies."""
    (row,) = await SessionLane(session).fetch(ONE, {"comment_id": comment_id})
    return CommentThread(**_shape(actor, CommentRow._make(row)), replies=[])


def _write(
    actor: Actor, threads: Sequence[CommentRow], replies: Mapping[str, Sequence[CommentRow]]
) -> list[bytes]:
    return [
        encode(
            CommentThread.model_construct(
                **_shape(actor, row),
                replies=[Reply.model_construct(**_shape(actor, reply)) for reply in replies.get(row.id, ())],
            )
        )
        for row in threads
    ]


def _shape(actor: Actor, row: CommentRow) -> dict[str, Any]:
    deleted = row.deleted_at is not None
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
        "version": row.version,
        "can": ["edit", "delete"] if row.author_id == actor.id and not deleted else [],
    }


async def _find_stage(lane: Fetching, idea_id: str) -> tuple[str, str | None]:
    rows = await lane.fetch(_STAGE, {"idea_id": idea_id}) if ids.is_valid(idea_id) else ()
    for stage, stamped in rows:
        return stage, stamped
    raise NoSuchIdea


async def _list_replies(lane: Fetching, parents: list[str]) -> dict[str, list[CommentRow]]:
    found: dict[str, list[CommentRow]] = {}
    if parents:
        for row in await lane.fetch(_REPLIES, {"parents": pack(parents, lane.engine)}):
            reply = CommentRow._make(row)
            found.setdefault(reply.parent_id or "", []).append(reply)
    return found


def _select_comments() -> Select[Any]:
    """Comments with their author; what an author wrote under an anonymous idea has no name until it is signed."""
    hidden = and_(col(Comment.unnamed).is_(True), col(Idea.anonymous).is_(True))
    return (
        select(
            *(getattr(Comment, name) for name in CommentRow._fields[:-2]),
            col(Employee.name),
            hidden.label("hidden"),
        )
        .join(Employee, col(Employee.id) == col(Comment.author_id))
        .join(Idea, col(Idea.id) == col(Comment.idea_id))
    )


_IN_ORDER = (col(Comment.created_at), col(Comment.id))
ONE = Prepared(lambda _: _select_comments().where(col(Comment.id) == bindparam("comment_id", type_=String())))
"""One comment, as a `CommentRow`."""

_REPLIES = Prepared(
    lambda engine: (
        _select_comments().where(among(col(Comment.parent_id), "parents", engine)).order_by(*_IN_ORDER)
    )
)
_STAGE = Prepared(
    lambda engine: stamp(
        select(col(Idea.stage)).where(col(Idea.id) == bindparam("idea_id", type_=String())), engine
    )
)


@lru_cache(maxsize=256)
def _prepare(limit: int, *, resumed: bool) -> Prepared:
    statement = _select_comments().where(
        col(Comment.idea_id) == bindparam("idea_id", type_=String()), col(Comment.parent_id).is_(None)
    )
    if resumed:
        here = tuple_(*_IN_ORDER)
        statement = statement.where(
            here > tuple_(bindparam("last_at", type_=UtcDateTime()), bindparam("last_id", type_=String()))
        )
    statement = statement.order_by(*_IN_ORDER).limit(literal_column(str(limit + 1), Integer()))
    return Prepared(lambda _: statement)
