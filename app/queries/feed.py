"""The feed: which ideas stand on a page, in one statement, whatever the sort and the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Float, Integer, Select, String, bindparam, literal_column, select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.lanes import Fetching, SessionLane
from app.core.prepared import Prepared, Row
from app.core.types import UtcDateTime
from app.domain.actors import Actor
from app.models.authorships import Authorship
from app.models.ideas import Idea, Tally
from app.queries import cards, fields, search
from app.queries.cards import CardRow
from app.queries.fresh import stamp
from app.schemas.ideas import IdeaCard, Sort


@dataclass(frozen=True, slots=True)
class Filters:
    """What the feed is narrowed to; None means not narrowed. `fields` are keys and answers, in a campaign."""

    stage: str | None = None
    theme: str | None = None
    function: str | None = None
    campaign: str | None = None
    entity: str | None = None
    mine: bool = False
    q: str | None = None
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def given(self) -> tuple[str, ...]:
        """The filters that stand in the statement, by name."""
        return tuple(name for name in _COLUMNS if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the feed as it is asked for: everything that decides which ideas stand on it, but the reader."""

    filters: Filters
    sort: Sort
    after: tuple[Any, ...] | None
    limit: int

    @property
    def order(self) -> str:
        """What it is sorted by; one's own ideas, drafts among them, have no moment of submission."""
        return "mine" if self.filters.mine and self.sort == "new" else self.sort


@dataclass(frozen=True, slots=True)
class _Order:
    column: Any
    kind: Any
    descending: bool = True


_ORDERS: dict[str, _Order] = {
    "new": _Order(col(Idea.submitted_at), UtcDateTime()),
    "mine": _Order(col(Idea.created_at), UtcDateTime()),
    "hot": _Order(col(Tally.hot), Float()),
    "top": _Order(col(Tally.votes), Integer()),
    "discussed": _Order(col(Tally.comments), Integer()),
    "needs_eyes": _Order(col(Tally.attention), Integer(), descending=False),
}
_COLUMNS = {
    "stage": "stage",
    "theme": "theme_id",
    "function": "function_id",
    "campaign": "campaign_id",
    "entity": "origin_id",
}
_SIZES = (20, 50, 100)
"""Pages that are read, cut to what was asked for: each size is a statement of its own.

A bound limit would make one statement of them, but PostgreSQL takes it for a tenth of all ideas and plans anew for each
request: 3.3 ms where a kept plan takes 0.3.
"""
_SHOWN: Any = literal_column("tallies.stage <> 'draft'")
"""As the indexes say it, word by word: a bound value would not tell the planner that they fit."""


async def list_feed(
    session: ReadSession, actor: Actor, listing: Listing, *, now: datetime
) -> tuple[list[IdeaCard], Place | None]:
    """Return a page of cards and the place where the next page begins, None at the end.

    One statement for the page (two or more before it when words are searched, two after it when the reader holds
    a role whose acts depend on conflicts), whatever the size of the page.
    """
    rows = await read_rows(session, actor, listing)
    return await cards.shape_cards(session, actor, rows[: listing.limit], now=now), find_next(rows, listing)


async def read_rows(session: ReadSession, actor: Actor, listing: Listing) -> list[CardRow]:
    """Return the rows of a page, one more than it has when there is a next one, in a session."""
    given = await fetch_rows(session, SessionLane(session), actor, listing)
    return [CardRow._make(row[:-1]) for row in given]


async def fetch_rows(
    session: ReadSession | None, lane: Fetching, actor: Actor, listing: Listing
) -> Sequence[Row]:
    """Return the rows of a page as they are, with the stamp last, and one more when there is a next page.

    The words of a search need the session.
    """
    values = list_values(actor, listing)
    if listing.filters.q is None or session is None:
        return (await lane.fetch(prepare(get_shape(listing)), values))[: listing.limit + 1]
    matching = await search.find_matching(session, listing.filters.q)
    if matching is None:
        return ()
    statement = prepare(get_shape(listing), wide=matching.wide)
    return (await lane.fetch(statement, values | {"search": matching.question}))[: listing.limit + 1]


def list_values(actor: Actor, listing: Listing) -> dict[str, Any]:
    """Return what the statement of a page binds."""
    values: dict[str, Any] = {"reader": actor.id}
    values |= {f"by_{name}": getattr(listing.filters, name) for name in listing.filters.given}
    values |= fields.list_values(listing.filters.fields)
    if listing.after is not None:
        key, identifier = listing.after
        is_time = isinstance(_ORDERS[listing.order].kind, UtcDateTime)
        values |= {"last_key": datetime.fromisoformat(key) if is_time else key, "last_id": identifier}
    return values


def find_next(rows: Any, listing: Listing) -> Place | None:
    """Return where the page after these rows begins; there is one row more than a page has."""
    if len(rows) <= listing.limit:
        return None
    last = rows[listing.limit - 1]
    return keysets.write(last.sort_key, last.id)


def get_shape(listing: Listing) -> Listing:
    """Return what decides the text of a page's statement, without the values that it binds."""
    given = dict.fromkeys(listing.filters.given, "")
    searched = None if listing.filters.q is None else ""
    after = ("", "") if listing.after is not None else None
    asked = (("", ""),) * len(listing.filters.fields)
    filters = Filters(**given, mine=listing.filters.mine, q=searched, fields=asked)
    size = next((size for size in _SIZES if size >= listing.limit), listing.limit)
    return Listing(filters, listing.sort, after, size)


@lru_cache(maxsize=1024)
def prepare(shape: Listing, *, wide: bool = False) -> Prepared:
    """Return the statement of a page; `wide` tells how words are searched, see `search.Matching`."""
    return Prepared(lambda engine: stamp(_write(shape, engine, wide=wide), engine))


def _write(shape: Listing, engine: str, *, wide: bool) -> Select[Any]:
    """Write the statement: first the keys of the page, a range of one index, then what its cards show."""
    by = _ORDERS[shape.order]
    page = _select_keys(shape, engine, wide=wide).subquery("page")
    order = [key.desc() if by.descending else key.asc() for key in (page.c.sort_key, page.c.idea_id)]
    return cards.select_cards(page.c.sort_key, page=page).order_by(*order)


def _select_keys(listing: Listing, engine: str, *, wide: bool) -> Select[Any]:
    filters, by = listing.filters, _ORDERS[listing.order]
    table: Any = by.column.class_
    identifier = col(Idea.id) if table is Idea else col(Tally.idea_id)
    statement = select(identifier.label("idea_id"), by.column.label("sort_key"))
    if filters.mine:
        own = col(Authorship.employee_id) == bindparam("reader", type_=String())
        statement = statement.join(Authorship, col(Authorship.idea_id) == identifier)
        statement = statement.where(own, col(Authorship.state) == "accepted")
    else:
        statement = statement.where(col(Idea.submitted_at).is_not(None) if table is Idea else _SHOWN)
    for name in filters.given:
        statement = statement.where(getattr(table, _COLUMNS[name]) == bindparam(f"by_{name}", type_=String()))
    if filters.entity is not None and table is Idea:
        # Where an anonymous idea comes from is nobody's business.
        statement = statement.where(col(Idea.anonymous).is_(False))
    for number in range(len(filters.fields)):
        statement = statement.where(fields.match(identifier, number))
    if filters.q is not None:
        identified = "ideas.id" if table is Idea else "tallies.idea_id"
        statement = statement.where(search.match(identified, engine, wide=wide))
    if listing.after is not None:
        # A row comparison stays an index range; the same condition with OR does not.
        here = tuple_(by.column, identifier)
        there = tuple_(bindparam("last_key", type_=by.kind), bindparam("last_id", type_=String()))
        statement = statement.where(here < there if by.descending else here > there)
    keys = (by.column, identifier)
    return statement.order_by(*(key.desc() if by.descending else key.asc() for key in keys)).limit(
        literal_column(str(listing.limit + 1), Integer())
    )
