"""Pages of the feed that many people read: what is the same for all is kept until anything changes.

A page is remembered with a stamp of the data that it was read from, and given out again only when the reader's own
part was read from data with the same stamp. So nobody sees another one's marks, and no vote comes late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, String, bindparam, cast, func, literal, select, union_all
from sqlmodel import col

from app.core.db import Database
from app.core.keysets import Place
from app.core.lanes import Lane
from app.core.prepared import Prepared, among, pack
from app.core.recall import Recall
from app.domain.actors import Actor
from app.models.authorships import Authorship
from app.models.votes import Vote
from app.queries import cards, feed
from app.queries.cards import CardRow
from app.queries.feed import Listing
from app.schemas.ideas import IdeaCard

REMEMBERED = 512
"""Pages that a process remembers, some 30 kB each."""

_NOBODY = Actor(id="")
_NOT_VOTED, _VOTED = b'"voted":false', b'"voted":true'
_STAMP = cast(func.pg_current_snapshot(), String()).label("stamp")
"""Which transactions a statement of PostgreSQL sees the work of: the same text stands for the same data.

PostgreSQL manual, 9.28, functions for snapshots: what is visible depends on nothing else.
"""


class Shown(NamedTuple):
    """A page as one reader sees it: its cards in JSON, and where the next page begins."""

    cards: list[bytes]
    next_place: Place | None


@dataclass(frozen=True, slots=True)
class _Page:
    """What is the same for every reader; `plain` are cards for somebody without a part in the ideas.

    `changes` and `stamp` say which state of the data it was read from.
    """

    changes: int
    stamp: str | None
    rows: Sequence[CardRow]
    plain: Sequence[tuple[bytes, bytes]]
    next_place: Place | None


class _Own(NamedTuple):
    """What of a page is the reader's own: ideas voted for, and states of authorships by idea."""

    stamp: str | None
    voted: set[str]
    states: Mapping[str, str]


class Pages:
    """The pages that this process remembers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Recall[Listing, _Page] = Recall(REMEMBERED)

    async def show(self, actor: Actor, listing: Listing) -> Shown:
        """Return a page for a reader: one small statement when it is known, else or besides the one of the page.

        Raises: DatabaseAway.
        """
        if actor.grants or listing.filters.mine:
            return await self._show_alone(actor, listing)
        page, own = await self._recall(actor, listing) or await self._read(actor, listing)
        for row in page.rows:
            if row.holder_id == actor.id or own.states.get(row.id) == "invited":
                return await self._show_alone(actor, listing)
        written = [_write(actor, row, plain, own) for row, plain in zip(page.rows, page.plain, strict=True)]
        return Shown(written, page.next_place)

    async def _show_alone(self, actor: Actor, listing: Listing) -> Shown:
        """Show a page to somebody whose acts depend on more than the page: on roles and conflicts."""
        async with self._database.reader() as session:
            items, place = await feed.list_feed(session, actor, listing)
        return Shown([_encode(item) for item in items], place)

    async def _recall(self, actor: Actor, listing: Listing) -> tuple[_Page, _Own] | None:
        page = self._known.get(listing)
        if page is None or page.changes != self._database.changes:
            return None
        async with self._database.reading_lane() as lane:
            own = await _read_own(lane, actor, [row.id for row in page.rows])
        if page.changes != self._database.changes or own.stamp != page.stamp:
            return None
        return page, own

    async def _read(self, actor: Actor, listing: Listing) -> tuple[_Page, _Own]:
        """Read a page with the reader's own part in one statement, and remember what is the same for all."""
        values = feed.list_values(actor, listing)
        changes = self._database.changes
        if listing.filters.q is None:
            async with self._database.reading_lane() as lane:
                given: Sequence[Any] = await lane.fetch(_prepare(feed.get_shape(listing)), values)
        else:
            async with self._database.reader() as session:
                statement = _stamped(await feed.find_statement(session, listing), self._database.engine)
                given = (await session.execute(statement, values)).all()
        stamp = given[0][-1] if given else None
        found = [CardRow._make(row[:-1]) for row in given]
        shown = found[: listing.limit]
        own = _Own(
            stamp,
            {row.id for row in shown if row.own_vote is not None},
            {row.id: row.own_state for row in shown if row.own_state is not None},
        )
        common = [row._replace(own_state=None, own_vote=None) for row in shown]
        page = _Page(
            changes if changes is not None else -1,
            stamp,
            common,
            [_split(_encode(_shape(_NOBODY, row))) for row in common],
            feed.find_next(found, listing),
        )
        if given and changes is not None and changes == self._database.changes:
            self._known.put(listing, page)
        return page, own


async def _read_own(lane: Lane, actor: Actor, ideas: list[str]) -> _Own:
    stamp: str | None = None
    voted: set[str] = set()
    states: dict[str, str] = {}
    values = {"reader": actor.id, "ideas": pack(ideas, lane.engine)}
    for kind, value in await lane.fetch(_OWN, values):
        if kind == "vote":
            voted.add(value)
        elif kind == "stamp":
            stamp = value
        else:
            states[value] = kind
    return _Own(stamp, voted, states)


def _select_own(engine: str) -> CompoundSelect[Any]:
    reader = bindparam("reader", type_=String())
    votes = select(literal("vote"), col(Vote.idea_id)).where(
        col(Vote.voter_id) == reader,
        col(Vote.withdrawn_at).is_(None),
        among(col(Vote.idea_id), "ideas", engine),
    )
    parts = select(col(Authorship.state), col(Authorship.idea_id)).where(
        col(Authorship.employee_id) == reader, among(col(Authorship.idea_id), "ideas", engine)
    )
    stamps = [select(literal("stamp"), _STAMP)] if engine == "postgresql" else []
    return union_all(votes, parts, *stamps)


_OWN = Prepared(_select_own)


@lru_cache(maxsize=512)
def _prepare(shape: Listing) -> Prepared:
    return Prepared(lambda engine: _stamped(feed.get_statement(shape), engine))


def _stamped(statement: Select[Any], engine: str) -> Select[Any]:
    return statement.add_columns(_STAMP if engine == "postgresql" else literal(None, String()).label("stamp"))


def _write(actor: Actor, row: CardRow, plain: tuple[bytes, bytes], own: _Own) -> bytes:
    voted = row.id in own.voted
    if own.states.get(row.id) == "accepted":
        return _encode(_shape(actor, row._replace(own_state="accepted", own_vote="" if voted else None)))
    before, after = plain
    return before + (_VOTED if voted else _NOT_VOTED) + after


def _shape(actor: Actor, row: CardRow) -> IdeaCard:
    return IdeaCard.model_construct(**cards.shape_card(actor, row, conflicted=False))


def _encode(card: IdeaCard) -> bytes:
    return card.__pydantic_serializer__.to_json(card)


def _split(card: bytes) -> tuple[bytes, bytes]:
    """Cut a card at the mark of its reader; within a text quotes are escaped, so that it can't stand there."""
    before, _, after = card.partition(_NOT_VOTED)
    return before, after
