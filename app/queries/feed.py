"""The feed: one statement a page, whatever the sort and the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Float,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    false,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.types import UtcDateTime
from app.domain import abilities
from app.domain.actors import Actor
from app.domain.pipeline import OPEN_STAGES
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.functions import Function
from app.models.ideas import Idea, Tally
from app.models.themes import Theme
from app.models.votes import Vote
from app.queries import conflicts, search
from app.schemas.ideas import IdeaCard, Sort
from app.schemas.shapes import Named


@dataclass(frozen=True, slots=True)
class Filters:
    """What the feed is narrowed to; None means not narrowed."""

    stage: str | None = None
    theme: str | None = None
    function: str | None = None
    campaign: str | None = None
    entity: str | None = None
    mine: bool = False
    q: str | None = None


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
_FILTERS: dict[str, Any] = {
    "stage": col(Idea.stage),
    "theme": col(Idea.theme_id),
    "function": col(Idea.function_id),
    "campaign": col(Idea.campaign_id),
    "entity": col(Idea.origin_id),
}

_first = aliased(Authorship)
_author = aliased(Employee)
_holder = aliased(Employee)
_own = aliased(Authorship)
_own_vote = aliased(Vote)

CARD_COLUMNS: tuple[Any, ...] = (
    col(Idea.id).label("id"),
    col(Idea.title).label("title"),
    col(Idea.stage).label("stage"),
    col(Idea.clarification).label("clarification"),
    col(Idea.on_hold).label("on_hold"),
    col(Idea.declined_at).label("declined_at"),
    col(Idea.appealed_at).label("appealed_at"),
    col(Idea.anonymous).label("anonymous"),
    col(Idea.holder_id).label("holder_id"),
    col(Idea.function_id).label("function_id"),
    col(Idea.theme_id).label("theme_id"),
    col(Idea.campaign_id).label("campaign_id"),
    col(Idea.created_at).label("created_at"),
    col(Idea.submitted_at).label("submitted_at"),
    col(Tally.votes).label("votes"),
    col(Tally.comments).label("comments"),
    col(Function.name).label("function_name"),
    col(Theme.name).label("theme_name"),
    col(Campaign.name).label("campaign_name"),
    col(_holder.name).label("holder_name"),
    col(_author.id).label("author_id"),
    col(_author.name).label("author_name"),
    col(_own.state).label("own_state"),
    col(_own_vote.id).label("own_vote"),
)


def select_cards(*extra: Any) -> Select[Any]:
    """Return the statement of cards for the reader bound as `reader`, with extra columns if wanted."""
    reader = bindparam("reader", type_=String())
    return (
        select(*CARD_COLUMNS, *extra)
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .join(Theme, col(Theme.id) == col(Idea.theme_id))
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .outerjoin(Function, col(Function.id) == col(Idea.function_id))
        .outerjoin(_holder, col(_holder.id) == col(Idea.holder_id))
        .outerjoin(
            _first,
            and_(
                col(_first.idea_id) == col(Idea.id),
                col(_first.position) == 0,
                col(_first.state) == "accepted",
                col(Idea.anonymous).is_(False),
            ),
        )
        .outerjoin(_author, col(_author.id) == col(_first.employee_id))
        .outerjoin(_own, and_(col(_own.idea_id) == col(Idea.id), col(_own.employee_id) == reader))
        .outerjoin(
            _own_vote,
            and_(
                col(_own_vote.idea_id) == col(Idea.id),
                col(_own_vote.voter_id) == reader,
                col(_own_vote.withdrawn_at).is_(None),
            ),
        )
    )


async def list_feed(
    session: ReadSession, actor: Actor, filters: Filters, *, sort: Sort, after: Place | None, limit: int
) -> tuple[list[IdeaCard], Place | None]:
    """Return a page of cards and the place where the next page begins, None at the end.

    One statement for the page (two more when words are searched, two when the reader holds a role whose
    acts depend on conflicts), whatever the size of the page.
    """
    order = "mine" if filters.mine and sort == "new" else sort
    given = tuple(name for name in _FILTERS if getattr(filters, name) is not None)
    statement = _page_statement(order, given, limit, mine=filters.mine, resumed=after is not None)
    if filters.q is not None:
        condition = await search.get_condition(session, filters.q)
        statement = statement.where(false() if condition is None else condition)
    values: dict[str, Any] = {"reader": actor.id} | {f"by_{name}": getattr(filters, name) for name in given}
    if after is not None:
        values |= {"last_key": _read_key(order, after[0]), "last_id": after[1]}
    rows = (await session.execute(statement, values)).all()
    shown = rows[:limit]
    place = keysets.write(shown[-1].sort_key, shown[-1].id) if len(rows) > limit else None
    return await shape_cards(session, actor, shown), place


@lru_cache(maxsize=512)
def _page_statement(
    order: str, given: tuple[str, ...], limit: int, *, mine: bool, resumed: bool
) -> Select[Any]:
    by = _ORDERS[order]
    statement = select_cards(by.column.label("sort_key"))
    if mine:
        statement = statement.where(col(_own.state) == "accepted")
    else:
        statement = statement.where(col(Idea.submitted_at).is_not(None))
    for name in given:
        statement = statement.where(_FILTERS[name] == bindparam(f"by_{name}", type_=String()))
    if "entity" in given:
        # Where an anonymous idea comes from is nobody's business.
        statement = statement.where(col(Idea.anonymous).is_(False))
    if resumed:
        # A row comparison stays an index range; the same condition with OR does not.
        here = tuple_(by.column, col(Idea.id))
        there = tuple_(bindparam("last_key", type_=by.kind), bindparam("last_id", type_=String()))
        statement = statement.where(here < there if by.descending else here > there)
    keys = (by.column, col(Idea.id))
    return statement.order_by(*(key.desc() if by.descending else key.asc() for key in keys)).limit(
        literal_column(str(limit + 1), Integer())
    )


async def shape_cards(session: ReadSession, actor: Actor, rows: Sequence[Row[Any]]) -> list[IdeaCard]:
    """Turn rows of `select_cards` into cards, with what this reader may do with each."""
    close = await find_close(session, actor, rows)
    return [IdeaCard.model_construct(**shape_card(actor, row, conflicted=row.id in close)) for row in rows]


async def find_close(session: ReadSession, actor: Actor, rows: Sequence[Row[Any]]) -> set[str]:
    """Return the ideas for which the reader's acts are barred; asked only of readers who hold a role."""
    if not actor.grants:
        held = [row.id for row in rows if row.holder_id == actor.id or row.own_state == "invited"]
        return await conflicts.find_conflicted(session, actor, held)
    return await conflicts.find_conflicted(session, actor, [row.id for row in rows])


def shape_card(actor: Actor, row: Row[Any], *, conflicted: bool) -> dict[str, Any]:
    """Return the fields of a card, checked by the wire shape's types rather than at run time."""
    is_author = row.own_state == "accepted"
    open_now = row.stage in OPEN_STAGES
    return {
        "id": row.id,
        "title": row.title,
        "stage": row.stage,
        "clarification": row.clarification,
        "on_hold": row.on_hold,
        "votes": row.votes,
        "comments": row.comments,
        "voted": row.own_vote is not None,
        "anonymous": row.anonymous,
        "author": Named.model_construct(id=row.author_id, name=row.author_name) if row.author_id else None,
        "function": Named.model_construct(id=row.function_id, name=row.function_name)
        if row.function_id
        else None,
        "theme": Named.model_construct(id=row.theme_id, name=row.theme_name),
        "campaign": Named.model_construct(id=row.campaign_id, name=row.campaign_name),
        "holder": Named.model_construct(id=row.holder_id, name=row.holder_name)
        if row.holder_id and open_now
        else None,
        "created_at": row.submitted_at or row.created_at,
        "can": abilities.list_abilities(
            actor, row, is_author=is_author, conflicted=conflicted, invited=row.own_state == "invited"
        ),
    }


def _read_key(order: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(_ORDERS[order].kind, UtcDateTime) else value
