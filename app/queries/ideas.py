"""The only door to an idea: what one may not know of is not found."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import String, and_, bindparam, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession
from app.core.lanes import Fetching, SessionLane
from app.core.prepared import Prepared, among, pack
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.help_requests import HelpState
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.queries import conflicts, restrictions

_SEEN = (
    select(Idea, col(Authorship.state))
    .outerjoin(
        Authorship,
        and_(col(Authorship.idea_id) == col(Idea.id), col(Authorship.employee_id) == bindparam("reader")),
    )
    .where(col(Idea.id) == bindparam("idea"))
    .execution_options(populate_existing=True)
)
# Votes and comments refer to the idea while they hold its tally: a lock on its key would meet theirs head-on.
_LOCKED = _SEEN.with_for_update(of=Idea, key_share=True)

_READER = bindparam("reader", type_=String())
_STANDING = Prepared(
    lambda engine: select(
        col(Idea.id),
        col(Idea.restriction).is_not(None),
        exists().where(
            col(HelpRequest.idea_id) == col(Idea.id),
            col(HelpRequest.helper_id) == _READER,
            col(HelpRequest.state) == HelpState.HELPING.value,
        ),
        restrictions.is_read_by(col(Idea.id), _READER),
    ).where(among(col(Idea.id), "ideas", engine))
)
"""Whether ideas are restricted, and whether somebody helps with them or reads their lane."""


_other = aliased(Idea)
CANONICAL = (
    select(col(_other.id))
    .where(col(_other.id) == col(Idea.canonical_id), col(_other.restriction).is_(None))
    .correlate(Idea)
    .scalar_subquery()
)
"""What an idea was merged into, as long as that is not restricted."""


@dataclass(frozen=True, slots=True)
class Visible:
    """An idea that the reader may know of, and how the reader stands to it."""

    idea: Idea
    is_author: bool
    invited: bool


async def get_visible(session: ReadSession, actor: Actor, idea_id: str, *, lock: bool = False) -> Visible:
    """Return an idea if the actor may know of it.

    Submitted ideas are open to all; drafts, as which restricted ideas stand too, as `list_drafts_seen` says.

    With `lock` the row is held until the end of the transaction.

    Raises: NoSuchIdea.
    """
    if not ids.is_valid(idea_id):
        raise NoSuchIdea
    statement = _LOCKED if lock else _SEEN
    row = (await session.execute(statement, {"idea": idea_id, "reader": actor.id})).one_or_none()
    if row is None:
        raise NoSuchIdea
    idea, state = row
    if idea.stage == Stage.DRAFT:
        await check_draft_seen(SessionLane(session), actor, idea_id, state)
    return Visible(idea, state == AuthorshipState.ACCEPTED, state == AuthorshipState.INVITED)


async def check_draft_seen(lane: Fetching, actor: Actor, idea_id: str, state: str | None) -> None:
    """Let pass who may know of a draft; `state` is how the actor's authorship stands, None without one.

    Raises: NoSuchIdea.
    """
    if not await list_drafts_seen(lane, actor, {idea_id: state}):
        raise NoSuchIdea


async def list_drafts_seen(lane: Fetching, actor: Actor, states: Mapping[str, str | None]) -> set[str]:
    """Return those of some drafts that the actor may know of, given how the actor's authorship of each stands.

    Drafts exist for their authors, for whom these invited, and for who helps with them as long as that lasts.
    Restricted ideas exist for their authors and the readers of their lane alone. Somebody who was let in and has come
    into an author's line since does not see one any more.
    """
    own = {idea_id for idea_id, state in states.items() if state == AuthorshipState.ACCEPTED}
    others = sorted(states.keys() - own)
    let_in = set()
    if others:
        values = {"reader": actor.id, "ideas": pack(others, lane.engine)}
        for idea_id, restricted, helps, reads in await lane.fetch(_STANDING, values):
            invited = states[idea_id] == AuthorshipState.INVITED
            if reads if restricted else (helps or invited):
                let_in.add(idea_id)
    return own | (let_in - await conflicts.find_conflicted_in(lane, actor, sorted(let_in)))


async def list_visible(
    session: ReadSession, actors: Mapping[str, Actor], pairs: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return those pairs of person and idea where `get_visible` lets the person know of the idea.

    One statement, however many pairs, and a few more for each person who asks for drafts.
    """
    rows = await session.execute(
        select(col(Idea.id), col(Idea.stage)).where(col(Idea.id).in_({idea_id for _, idea_id in pairs}))
    )
    stages = {row[0]: row[1] for row in rows}
    known = [pair for pair in pairs if pair[0] in actors and pair[1] in stages]
    seen = {pair for pair in known if stages[pair[1]] != Stage.DRAFT}
    drafts: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for employee_id, idea_id in known:
        if stages[idea_id] == Stage.DRAFT:
            drafts[employee_id][idea_id] = None
    for employee_id, states in drafts.items():
        own = await session.execute(
            select(col(Authorship.idea_id), col(Authorship.state)).where(
                col(Authorship.employee_id) == employee_id, col(Authorship.idea_id).in_(states)
            )
        )
        states.update((idea_id, state) for idea_id, state in own)
        shown = await list_drafts_seen(SessionLane(session), actors[employee_id], states)
        seen |= {(employee_id, idea_id) for idea_id in shown}
    return seen
