"""Reading requests for help: only the two whom one concerns know of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.lanes import SessionLane
from app.core.markdown import render
from app.domain import help_requests
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.help_requests import NoSuchHelpRequest
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.help_requests import HelpRequest as Row
from app.models.ideas import Idea
from app.models.skills import Skill
from app.queries.ideas import list_drafts_seen
from app.schemas.help_requests import HelpRequest, HelpStateName, IdeaHelped
from app.schemas.shapes import Named

Part = Literal["asker", "helper", "either"]

_asker, _helper = aliased(Employee), aliased(Employee)


@dataclass(frozen=True, slots=True)
class Visible:
    """A request that the reader is one of the two of, with its idea."""

    request: Row
    idea: Idea


async def get_visible(session: ReadSession, actor: Actor, request_id: str, *, lock: bool = False) -> Visible:
    """Return a request if the actor asked for help by it, is asked, or helps or helped; roles open nothing here.

    With `lock` the row is held until the end of the transaction.

    Raises: NoSuchHelpRequest.
    """
    if not ids.is_valid(request_id):
        raise NoSuchHelpRequest
    statement = (
        select(Row, Idea)
        .join(Idea, col(Idea.id) == col(Row.idea_id))
        .where(col(Row.id) == request_id, _is_of(actor, "either"))
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Row, key_share=True)
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NoSuchHelpRequest
    return Visible(found[0], found[1])


async def get_request(session: ReadSession, actor: Actor, request_id: str) -> HelpRequest:
    """Return one request.

    Raises: NoSuchHelpRequest.
    """
    if not ids.is_valid(request_id):
        raise NoSuchHelpRequest
    statement = _select_requests(actor, "either").where(col(Row.id) == request_id)
    shown = await _shape(session, actor, (await session.execute(statement)).all())
    if not shown:
        raise NoSuchHelpRequest
    return shown[0]


async def list_requests(
    session: ReadSession,
    actor: Actor,
    *,
    part: Part,
    state: HelpStateName | None,
    after: Place | None,
    limit: int,
) -> tuple[list[HelpRequest], Place | None]:
    """Return a page of the requests that the actor has a part in, the newest first."""
    here = tuple_(col(Row.created_at), col(Row.id))
    statement = _select_requests(actor, part)
    if state is not None:
        statement = statement.where(col(Row.state) == state)
    if after is not None:
        statement = statement.where(here < keysets.read_time(after))
    order = (col(Row.created_at).desc(), col(Row.id).desc())
    rows = (await session.execute(statement.order_by(*order).limit(limit + 1))).all()
    page = rows[:limit]
    last = page[-1][0] if len(rows) > limit else None
    place = keysets.write(last.created_at, last.id) if last else None
    return await _shape(session, actor, page), place


def _is_of(actor: Actor, part: Part) -> Any:
    asks, helps = col(Row.asker_id) == actor.id, col(Row.helper_id) == actor.id
    return {"asker": asks, "helper": helps, "either": or_(asks, helps)}[part]


def _select_requests(actor: Actor, part: Part) -> Any:
    return (
        select(
            Row,
            col(Idea.title),
            col(Idea.stage),
            col(Idea.anonymous),
            col(_asker.name),
            col(_helper.name),
            col(Authorship.state),
        )
        .join(Idea, col(Idea.id) == col(Row.idea_id))
        .join(_asker, col(_asker.id) == col(Row.asker_id))
        .outerjoin(_helper, col(_helper.id) == col(Row.helper_id))
        .outerjoin(
            Authorship,
            and_(col(Authorship.idea_id) == col(Row.idea_id), col(Authorship.employee_id) == actor.id),
        )
        .where(
            _is_of(actor, part),
            or_(col(Idea.restriction).is_(None), col(Authorship.state) == AuthorshipState.ACCEPTED.value),
        )
    )


async def _shape(session: ReadSession, actor: Actor, rows: Sequence[Any]) -> list[HelpRequest]:
    drafts = {row.idea_id: own for row, _, stage, *_, own in rows if stage == Stage.DRAFT}
    hidden = drafts.keys() - await list_drafts_seen(SessionLane(session), actor, drafts)
    skills = await _read_skills(session, {row.helper_id for row, *_ in rows if row.accepted_at is not None})
    return [
        HelpRequest(
            id=row.id,
            idea=IdeaHelped(id=row.idea_id, title=None if row.idea_id in hidden else title, stage=stage),
            asker=None if anonymous and row.asker_id != actor.id else Named(id=row.asker_id, name=asker_name),
            helper=Named(id=row.helper_id, name=helper_name)
            if row.helper_id is not None and (row.accepted_at is not None or row.helper_id == actor.id)
            else None,
            helper_skills=skills.get(row.helper_id or "", []),
            wants=row.wants,
            text=row.text,
            text_html=render(row.text),
            skills=row.words,
            state=row.state,
            created_at=row.created_at,
            due_at=row.due_at,
            accepted_at=row.accepted_at,
            ended_at=row.ended_at,
            thanked_at=row.thanked_at,
            can=list(help_requests.list_abilities(actor.id, row)),
        )
        for row, title, stage, anonymous, asker_name, helper_name, _ in rows
    ]


async def _read_skills(session: ReadSession, people: set[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    if people:
        rows = await session.execute(
            select(col(Skill.employee_id), col(Skill.skill))
            .where(col(Skill.employee_id).in_(people))
            .order_by(col(Skill.position))
        )
        for person, word in rows:
            found[person].append(word)
    return found
