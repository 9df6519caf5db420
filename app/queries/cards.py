"""Cards: an idea as it stands in a list, for the one who reads it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Select, String, and_, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import abilities, entries
from app.domain.actors import Actor
from app.domain.pipeline import OPEN_STAGES
from app.domain.votings import Counting
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.functions import Function
from app.models.ideas import Idea, Tally
from app.models.themes import Theme
from app.models.votes import Vote
from app.queries import conflicts
from app.schemas.ideas import IdeaCard
from app.schemas.shapes import Named

_first = aliased(Authorship)
_author = aliased(Employee)
_holder = aliased(Employee)
OWN = aliased(Authorship)
_own_vote = aliased(Vote)

COLUMNS: tuple[Any, ...] = (
    col(Idea.id).label("id"),
    col(Idea.title).label("title"),
    col(Idea.stage).label("stage"),
    col(Idea.clarification).label("clarification"),
    col(Idea.on_hold).label("on_hold"),
    col(Idea.declined_at).label("declined_at"),
    col(Idea.appealed_at).label("appealed_at"),
    col(Idea.anonymous).label("anonymous"),
    col(Idea.hidden_code).label("hidden_code"),
    col(Idea.restriction).label("restriction"),
    col(Idea.holder_id).label("holder_id"),
    col(Idea.function_id).label("function_id"),
    col(Idea.theme_id).label("theme_id"),
    col(Idea.campaign_id).label("campaign_id"),
    col(Idea.created_at).label("created_at"),
    col(Idea.submitted_at).label("submitted_at"),
    col(Tally.votes).label("votes"),
    col(Tally.comments).label("comments"),
    col(Tally.counting).label("counting"),
    col(Function.name).label("function_name"),
    col(Theme.name).label("theme_name"),
    col(Campaign.name).label("campaign_name"),
    col(Campaign.collects_until).label("collects_until"),
    col(Campaign.edits_until).label("edits_until"),
    col(_holder.name).label("holder_name"),
    col(_author.id).label("author_id"),
    col(_author.name).label("author_name"),
    col(OWN.state).label("own_state"),
    col(_own_vote.id).label("own_vote"),
)


class CardRow(NamedTuple):
    """A row of `select_cards` with the key it is sorted by, field by field."""

    id: str
    title: str
    stage: str
    clarification: bool
    on_hold: bool
    declined_at: str | None
    appealed_at: datetime | None
    anonymous: bool
    hidden_code: str | None
    restriction: str | None
    holder_id: str | None
    function_id: str | None
    theme_id: str
    campaign_id: str
    created_at: datetime
    submitted_at: datetime | None
    votes: int
    comments: int
    counting: str
    function_name: str | None
    theme_name: str
    campaign_name: str
    collects_until: datetime | None
    edits_until: datetime | None
    holder_name: str | None
    author_id: str | None
    author_name: str | None
    own_state: str | None
    own_vote: str | None
    sort_key: Any


def select_cards(*extra: Any, page: Any = None) -> Select[Any]:
    """Return the statement of cards for the reader bound as `reader`, with extra columns if wanted.

    Of a `page` of keys it begins: PostgreSQL keeps to the order of so many joins, and would join all ideas first.
    """
    reader = bindparam("reader", type_=String())
    statement = select(*COLUMNS, *extra)
    if page is not None:
        statement = statement.select_from(page).join(Idea, col(Idea.id) == page.c.idea_id)
    return (
        statement.join(Tally, col(Tally.idea_id) == col(Idea.id))
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
        .outerjoin(OWN, and_(col(OWN.idea_id) == col(Idea.id), col(OWN.employee_id) == reader))
        .outerjoin(
            _own_vote,
            and_(
                col(_own_vote.idea_id) == col(Idea.id),
                col(_own_vote.voter_id) == reader,
                col(_own_vote.withdrawn_at).is_(None),
            ),
        )
    )


async def shape_cards(
    session: ReadSession, actor: Actor, rows: Sequence[Any], *, now: datetime
) -> list[IdeaCard]:
    """Turn rows of `select_cards` into cards, with what this reader may do with each."""
    close = await find_close(session, actor, rows)
    return [
        IdeaCard.model_construct(**shape_card(actor, row, conflicted=row.id in close, now=now))
        for row in rows
    ]


async def find_close(session: ReadSession, actor: Actor, rows: Sequence[Any]) -> set[str]:
    """Return the ideas for which the reader's acts are barred; asked only of readers who hold a role."""
    if not actor.grants:
        held = [row.id for row in rows if row.holder_id == actor.id or row.own_state == "invited"]
        return await conflicts.find_conflicted(session, actor, held)
    return await conflicts.find_conflicted(session, actor, [row.id for row in rows])


def shape_card(actor: Actor, row: Any, *, conflicted: bool, now: datetime) -> dict[str, Any]:
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
        "votes_hidden": row.counting == Counting.SEALED,
        "comments": row.comments,
        "voted": row.own_vote is not None,
        "anonymous": row.anonymous,
        "hidden": row.hidden_code,
        "restriction": row.restriction,
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
            actor,
            row,
            is_author=is_author,
            conflicted=conflicted,
            invited=row.own_state == "invited",
            counting=row.counting,
            openings=entries.see_openings(row.collects_until, row.edits_until, now),
        ),
    }


NOBODY = Actor(id="")
"""A reader without roles and without a part in any idea."""

_NOT_VOTED, _VOTED = b'"voted":false', b'"voted":true'


def encode(shape: BaseModel) -> bytes:
    """Return a wire shape as JSON."""
    return shape.__pydantic_serializer__.to_json(shape)


def split(card: bytes) -> tuple[bytes, bytes]:
    """Cut the JSON of a card at the mark of its reader; in texts quotes are escaped, so that it can't stand there."""
    before, _, after = card.partition(_NOT_VOTED)
    return before, after


def join(parts: tuple[bytes, bytes], *, voted: bool) -> bytes:
    """Put the mark of a reader between the parts of a card."""
    before, after = parts
    return before + (_VOTED if voted else _NOT_VOTED) + after
