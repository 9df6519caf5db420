"""Pages of the feed that many people read: what is the same for all is kept until anything changes.

A page is remembered with a stamp of the data that it was read from, and given out again only when the reader's own
part was read from data with the same stamp. So nobody sees another one's marks, and no vote comes late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from app.core.db import Database
from app.core.keysets import Place
from app.core.lanes import SessionLane
from app.domain.actors import Actor
from app.queries import cards, feed
from app.queries.cards import NOBODY, CardRow, encode, join, split
from app.queries.feed import Listing
from app.queries.fresh import Fresh, Own, Together, read_own
from app.schemas.ideas import IdeaCard

KEPT = 64
"""Pages that a process keeps, some 60 kB each: the next change makes them all useless."""


class Shown(NamedTuple):
    """A page as one reader sees it: its cards in JSON, and where the next page begins."""

    cards: list[bytes]
    next_place: Place | None


@dataclass(frozen=True, slots=True)
class _Page:
    """What is the same for every reader; `plain` are cards for somebody without a part in the ideas."""

    rows: Sequence[CardRow]
    plain: Sequence[tuple[bytes, bytes]]
    next_place: Place | None


class Pages:
    """The pages that this process keeps."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: Fresh[Listing, _Page] = Fresh(database, most=KEPT)
        self._readings: Together[Listing, tuple[_Page, Own, int | None]] = Together()

    async def show(self, actor: Actor, listing: Listing, *, now: datetime) -> Shown:
        """Return a page for a reader: one small statement when it is known, else or besides the one of the page.

        Raises: DatabaseAway.
        """
        if actor.grants or listing.filters.mine:
            return await self._show_alone(actor, listing, now=now)
        found = await self._find(actor, listing, now=now) or await self._find(actor, listing, now=now)
        if found is None:
            return await self._show_alone(actor, listing, now=now)
        page, own = found
        for row in page.rows:
            if row.holder_id == actor.id or own.states.get(row.id) == "invited":
                return await self._show_alone(actor, listing, now=now)
        written = [
            _write(actor, row, plain, own, now=now) for row, plain in zip(page.rows, page.plain, strict=True)
        ]
        return Shown(written, page.next_place)

    async def _show_alone(self, actor: Actor, listing: Listing, *, now: datetime) -> Shown:
        """Show a page to somebody whose acts depend on more than the page: on roles and conflicts."""
        async with self._database.reader() as session:
            items, place = await feed.list_feed(session, actor, listing, now=now)
        return Shown([encode(item) for item in items], place)

    async def _find(self, actor: Actor, listing: Listing, *, now: datetime) -> tuple[_Page, Own] | None:
        """Return a page and the reader's own part, both of the same data; None when data changed in between."""
        return await self._recall(actor, listing) or await self._read_together(actor, listing, now=now)

    async def _recall(self, actor: Actor, listing: Listing) -> tuple[_Page, Own] | None:
        kept = self._kept.find(listing)
        if kept is None:
            return None
        async with self._database.reading_lane() as lane:
            own = await read_own(lane, actor, [row.id for row in kept.value.rows])
        return (kept.value, own) if self._kept.is_current(kept, own.stamp) else None

    async def _read_together(
        self, actor: Actor, listing: Listing, *, now: datetime
    ) -> tuple[_Page, Own] | None:
        """Read a page, with others who want it now; where it was their reading, only the own part is missing.

        None when the data changed between the page and that part.
        """
        (page, own, changes), alone = await self._readings.read(
            listing, partial(self._read, actor, listing, now=now)
        )
        if alone:
            return page, own
        async with self._database.reading_lane() as lane:
            mine = await read_own(lane, actor, [row.id for row in page.rows])
        unchanged = mine.stamp == own.stamp and changes is not None and changes == self._database.changes
        return (page, mine) if unchanged else None

    async def _read(self, actor: Actor, listing: Listing, *, now: datetime) -> tuple[_Page, Own, int | None]:
        """Read a page with the reader's own part in one statement, and remember what is the same for all.

        Not of a search: its words were read before the page, and may be older than the page's stamp.
        """
        changes = self._database.changes
        if listing.filters.q is None:
            async with self._database.reading_lane() as lane:
                given = await feed.fetch_rows(None, lane, actor, listing)
        else:
            async with self._database.reader() as session:
                given = await feed.fetch_rows(session, SessionLane(session), actor, listing)
        found = [CardRow._make(row[:-1]) for row in given]
        shown = found[: listing.limit]
        own = Own(
            given[0][-1] if given else None,
            {row.id for row in shown if row.own_vote is not None},
            {row.id: row.own_state for row in shown if row.own_state is not None},
        )
        common = [row._replace(own_state=None, own_vote=None) for row in shown]
        plain = [split(encode(_shape(NOBODY, row, now=now))) for row in common]
        page = _Page(common, plain, feed.find_next(found, listing))
        if listing.filters.q is None:
            self._kept.keep(listing, page, since=changes, stamp=own.stamp)
        return page, own, changes


def _write(actor: Actor, row: CardRow, plain: tuple[bytes, bytes], own: Own, *, now: datetime) -> bytes:
    voted = row.id in own.voted
    if own.states.get(row.id) == "accepted":
        marked = row._replace(own_state="accepted", own_vote="" if voted else None)
        return encode(_shape(actor, marked, now=now))
    return join(plain, voted=voted)


def _shape(actor: Actor, row: CardRow, *, now: datetime) -> IdeaCard:
    return IdeaCard.model_construct(**cards.shape_card(actor, row, conflicted=False, now=now))
