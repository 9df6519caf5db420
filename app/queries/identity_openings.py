"""Reading requests to open an identity: each is between two people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import identity_openings
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.identity_openings import NoSuchOpening
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.identity_openings import IdentityOpening as OpeningRow
from app.schemas.identity_openings import IdentityOpening, OpeningIdea
from app.schemas.shapes import Named

_asking, _second = aliased(Employee), aliased(Employee)
_OPENINGS: Any = (
    select(OpeningRow, col(Idea.title), col(_asking.name), col(_second.name))
    .join(Idea, col(Idea.id) == col(OpeningRow.idea_id))
    .join(_asking, col(_asking.id) == col(OpeningRow.asked_by_id))
    .outerjoin(_second, col(_second.id) == col(OpeningRow.second_id))
)


async def get_visible(
    session: ReadSession, actor: Actor, opening_id: str, *, lock: bool = False
) -> OpeningRow:
    """Return a request that the actor made, or that was put to them; with `lock` it is held.

    Raises: NoSuchOpening.
    """
    if not ids.is_valid(opening_id):
        raise NoSuchOpening
    statement = select(OpeningRow).where(col(OpeningRow.id) == opening_id)
    if lock:
        statement = statement.with_for_update()
    found = await session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NoSuchOpening
    identity_openings.check_known(found, actor.id)
    return found


async def get_opening(
    session: ReadSession, actor: Actor, opening_id: str, *, now: datetime
) -> IdentityOpening:
    """Return a request; while it is open the two see who wrote the idea.

    Raises: NoSuchOpening.
    """
    found = await get_visible(session, actor, opening_id)
    rows = (await session.execute(_OPENINGS.where(col(OpeningRow.id) == found.id))).all()
    return (await _shape(session, actor, rows, now=now))[0]


async def list_openings(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int, now: datetime
) -> tuple[list[IdentityOpening], Place | None]:
    """Return a page of the actor's requests and of those put to them, the latest first."""
    mine = or_(col(OpeningRow.asked_by_id) == actor.id, col(OpeningRow.second_id) == actor.id)
    place = tuple_(col(OpeningRow.asked_at), col(OpeningRow.id))
    statement = _OPENINGS.where(mine)
    if after is not None:
        statement = statement.where(place < keysets.read_time(after))
    order = (col(OpeningRow.asked_at).desc(), col(OpeningRow.id).desc())
    rows = (await session.execute(statement.order_by(*order).limit(limit + 1))).all()
    items = await _shape(session, actor, rows[:limit], now=now)
    more = len(rows) > limit
    return items, keysets.write(items[-1].asked_at, items[-1].id) if more else None


async def _shape(
    session: ReadSession, actor: Actor, rows: Sequence[Any], *, now: datetime
) -> list[IdentityOpening]:
    shown = [row[0].idea_id for row in rows if identity_openings.is_shown(row[0], now)]
    authors = await _list_authors(session, shown)
    return [_shape_one(actor, *row, authors=authors, now=now) for row in rows]


def _shape_one(
    actor: Actor,
    opening: OpeningRow,
    title: str,
    asking: str,
    second: str | None,
    *,
    authors: dict[str, list[Named]],
    now: datetime,
) -> IdentityOpening:
    # Whoever asked does not know who was drawn, nor whether anybody was: the request of somebody from the author's line
    # looks like one that nobody answers.
    answered = opening.ended_at is not None and opening.state in {"opened", "refused"}
    knows = answered or actor.id == opening.second_id
    return IdentityOpening(
        id=opening.id,
        idea=OpeningIdea(id=opening.idea_id, title=title),
        state=identity_openings.get_state(opening, now).value,
        reason=opening.reason,
        refusal=opening.refusal,
        asked_by=Named(id=opening.asked_by_id, name=asking),
        asked_at=opening.asked_at,
        due_at=opening.due_at,
        second=Named(id=opening.second_id, name=second) if knows and opening.second_id and second else None,
        ended_at=opening.ended_at,
        shown_until=opening.shown_until,
        authors=authors.get(opening.idea_id) if identity_openings.is_shown(opening, now) else None,
        can=identity_openings.list_abilities(opening, actor.id, now),
    )


async def _list_authors(session: ReadSession, idea_ids: Sequence[str]) -> dict[str, list[Named]]:
    if not idea_ids:
        return {}
    rows = await session.execute(
        select(col(Authorship.idea_id), col(Employee.id), col(Employee.name))
        .join(Employee, col(Employee.id) == col(Authorship.employee_id))
        .where(col(Authorship.idea_id).in_(idea_ids), col(Authorship.state) == AuthorshipState.ACCEPTED)
        .order_by(col(Authorship.position), col(Employee.id))
    )
    authors: dict[str, list[Named]] = {idea_id: [] for idea_id in idea_ids}
    for idea_id, person_id, name in rows:
        authors[idea_id].append(Named(id=person_id, name=name))
    return authors
