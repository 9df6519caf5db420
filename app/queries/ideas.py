"""The only door to an idea: what one may not know of is not found."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.ideas import Idea
from app.queries import conflicts

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


@dataclass(frozen=True, slots=True)
class Visible:
    """An idea that the reader may know of, and how the reader stands to it."""

    idea: Idea
    is_author: bool
    invited: bool


async def get_visible(session: ReadSession, actor: Actor, idea_id: str, *, lock: bool = False) -> Visible:
    """Return an idea if the actor may know of it: submitted ideas are open to all, drafts to their writers.

    Somebody who was invited to a draft and has come into the author's line since does not see it.
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
    visible = Visible(idea, state == AuthorshipState.ACCEPTED, state == AuthorshipState.INVITED)
    hidden = idea.stage == Stage.DRAFT and not visible.is_author
    if hidden and (not visible.invited or await conflicts.is_conflicted(session, actor, idea.id)):
        raise NoSuchIdea
    return visible
