"""Erasing people who have left, as they wished: their names go, what they gave stays or goes, every total holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import erasures, permissions
from app.domain.actors import Actor
from app.domain.erasures import NotRemovable, Remains
from app.domain.permissions import Permission
from app.domain.register import Entry
from app.domain.rights_events import ErasureWished, PersonErased
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.erasures import Erasure, ErasureChoice, ErasureWish
from app.models.ideas import Idea
from app.queries import erasures as reading
from app.queries.employees import get_visible
from app.queries.erasures import OwnIdea
from app.schemas.erasures import ErasePerson, WishErasure
from app.services import content_removals, events, nameless, own_words, register

_SILENT = {"synchronize_session": False}


class Outcome(NamedTuple):
    """What was done, None when nothing was written, and what of it stands there with a name."""

    made: Erasure | None
    ideas_kept: int
    ideas_removed: int
    comments_kept: int
    comments_removed: int


async def wish(session: WriteSession, actor: Actor, values: WishErasure, *, now: datetime) -> None:
    """Ask to be erased, or say anew what is to become of one's ideas and comments then.

    Raises: NotRemovable.
    """
    removable = {idea.id for idea in await reading.list_own_ideas(session, actor.id) if idea.alone}
    for place, idea_id in enumerate(values.remove):
        if idea_id not in removable:
            raise NotRemovable.at(f"/remove/{place}")
    await _forget_choices(session, actor.id)
    asked = await session.get(ErasureWish, actor.id)
    if asked is None:
        session.add(ErasureWish(employee_id=actor.id, comments=values.comments, asked_at=now))
        events.record(session, ErasureWished(actor.id, {"asked": True}), actor_id=actor.id, now=now)
    else:
        asked.comments = values.comments
    session.add_all(
        ErasureChoice(employee_id=actor.id, idea_id=idea_id) for idea_id in sorted(set(values.remove))
    )
    await session.flush()


async def unwish(session: WriteSession, actor: Actor, *, now: datetime) -> None:
    """Take back that one asked to be erased; who has not asked changes nothing."""
    asked = await session.get(ErasureWish, actor.id)
    if asked is not None:
        await _forget_choices(session, actor.id)
        await session.delete(asked)
        events.record(session, ErasureWished(actor.id, {"asked": False}), actor_id=actor.id, now=now)


async def erase(
    session: WriteSession,
    actor: Actor,
    employee_id: str,
    values: ErasePerson,
    *,
    dry_run: bool,
    now: datetime,
) -> Outcome:
    """Erase somebody who has left, or say what that would do.

    Content that stands there with a name goes at once, that of anonymous ideas at a moment drawn at random; it is
    counted nowhere, because numbers would tell that there is any.

    Raises: NoSuchEmployee, RoleMissing, OwnErasure, AlreadyErased, StillActive, ReasonNames.
    """
    await locks.take(session, locks.ORGANISATION)
    person = await get_visible(session, actor, employee_id)
    permissions.check(actor, Permission.EMPLOYEES_ERASE)
    erasures.check_may_erase(actor, person, erased=person.erased_at is not None)
    erasures.check_reason(values.reason, person)
    # Held, so that nobody writes down anything more about the person before they are gone.
    await session.execute(select(col(Employee.id)).where(col(Employee.id) == person.id).with_for_update())
    everything = values.ideas == "remove"
    gone = await _list_gone(session, person.id, everything=everything)
    outcome = await _count(session, person.id, gone, everything=everything)
    if dry_run:
        return outcome
    traces = erasures.list_traces(person)
    await _delete_drafts(session, person.id)
    await own_words.blot_out(session, person.id, traces)
    await _remove(session, person.id, gone, comments=outcome.comments_removed > 0, now=now)
    new = await nameless.replace(session, person, now=now)
    made = Erasure(made_at=now, former_id=employee_id, nameless_id=new)
    session.add(made)
    facts = {"ideas_kept": outcome.ideas_kept, "ideas_removed": outcome.ideas_removed}
    register.enter(
        session, Entry("erasures.made", made.id, actor.id, text=values.reason, facts=facts), now=now
    )
    events.record(session, PersonErased(made.id), actor_id=actor.id, now=now)
    await session.flush()
    return outcome._replace(made=made)


async def _list_gone(session: WriteSession, employee_id: str, *, everything: bool) -> list[OwnIdea]:
    """Return the ideas whose content goes; what others wrote as well stays."""
    chosen = set(
        await session.scalars(
            select(col(ErasureChoice.idea_id)).where(col(ErasureChoice.employee_id) == employee_id)
        )
    )
    ideas = await reading.list_own_ideas(session, employee_id)
    return [idea for idea in ideas if idea.alone and not idea.draft and (everything or idea.id in chosen)]


async def _count(
    session: WriteSession, employee_id: str, gone: Sequence[OwnIdea], *, everything: bool
) -> Outcome:
    ideas = await reading.list_own_ideas(session, employee_id)
    named = [idea for idea in ideas if not idea.anonymous and not idea.draft]
    removed = sum(not idea.anonymous for idea in gone)
    comments = await reading.count_named_comments(session, employee_id)
    asked = await session.get(ErasureWish, employee_id)
    remove = everything or (asked is not None and asked.comments == Remains.REMOVE)
    return Outcome(None, len(named) - removed, removed, 0 if remove else comments, comments if remove else 0)


async def _delete_drafts(session: WriteSession, employee_id: str) -> None:
    """Delete the drafts that nobody else writes."""
    drafts = [
        idea.id for idea in await reading.list_own_ideas(session, employee_id) if idea.alone and idea.draft
    ]
    await session.execute(delete(Idea).where(col(Idea.id).in_(drafts)), execution_options=_SILENT)


async def _remove(
    session: WriteSession, employee_id: str, gone: Sequence[OwnIdea], *, comments: bool, now: datetime
) -> None:
    for idea in gone:
        if idea.anonymous:
            await content_removals.put_off(session, idea.id, now=now)
        else:
            await content_removals.remove(session, idea.id, now=now)
    if not comments:
        return
    mine = col(Comment.author_id) == employee_id
    await content_removals.remove_comments(session, mine & col(Comment.unnamed).is_(False))
    late = {idea.id for idea in gone}
    unnamed = await session.scalars(
        select(col(Comment.idea_id)).where(mine, col(Comment.unnamed).is_(True)).distinct()
    )
    for idea_id in sorted(set(unnamed.all()) - late):
        await content_removals.put_off(session, idea_id, scope="comments", now=now)


async def _forget_choices(session: WriteSession, employee_id: str) -> None:
    await session.execute(
        delete(ErasureChoice).where(col(ErasureChoice.employee_id) == employee_id),
        execution_options=_SILENT,
    )
