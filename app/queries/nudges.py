"""Reading nudges: for those who write them with numbers alone, and each for whom it went to."""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Select, exists, select, tuple_
from sqlalchemy.orm import defer
from sqlmodel import col

from app.core import clock, ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.markdown import render
from app.domain import nudge_words, nudges, permissions
from app.domain.actors import Actor
from app.domain.nudges import NoSuchNudge, NudgeState
from app.domain.permissions import Permission
from app.domain.subjects import SubjectKind
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.functions import Function
from app.models.gatherings import Gathering
from app.models.ideas import Idea
from app.models.notifications import Notification
from app.models.nudges import Nudge as Row
from app.queries import news_audiences, nudge_groups
from app.queries.profiles import read_locale
from app.schemas.nudges import Nudge, NudgeCard, NudgeDifference, NudgeEffect, ReceivedNudge
from app.schemas.shapes import Named


async def get_managed(session: ReadSession, actor: Actor, nudge_id: str, *, lock: bool = False) -> Row:
    """Return a nudge of a group that the actor writes to; with `lock` it is held until the end of the transaction.

    Raises: RoleMissing, NoSuchNudge.
    """
    permissions.check(actor, Permission.NUDGES_WRITE)
    statement = select(Row).where(col(Row.id) == nudge_id).execution_options(populate_existing=True)
    if lock:
        statement = statement.with_for_update(of=Row)
    found: Row | None = await session.scalar(statement) if ids.is_valid(nudge_id) else None
    if found is None or not nudges.manages(actor, found, await find_within(session, actor)):
        raise NoSuchNudge
    return found


async def get_nudge(session: ReadSession, actor: Actor, nudge_id: str) -> Nudge:
    """Return a nudge as those see it who write to its group.

    Raises: RoleMissing, NoSuchNudge.
    """
    nudge = await get_managed(session, actor, nudge_id)
    names = (await session.execute(_select_named().where(col(Row.id) == nudge.id))).one()
    sent = nudge.sent_at is not None
    people = nudge.told + nudge.held_out if sent else await nudge_groups.count_group(session, nudge)
    kept = "id title body segment send_at sent_at version updated_at".split()
    return Nudge(
        **{name: getattr(nudge, name) for name in kept},
        body_html=render(nudge.body),
        entity=_name(nudge.entity_id, names.entity),
        function=_name(nudge.function_id, names.function),
        idea=_name(nudge.idea_id, names.idea),
        campaign=_name(nudge.campaign_id, names.campaign),
        gathering=_name(nudge.gathering_id, names.gathering),
        author=Named(id=nudge.author_id, name=names.author),
        state=nudges.tell_state(nudge).value,
        people=nudges.round_people(people),
        compared=nudges.compares(people),
        effect=_show_effect(nudge, session.zone, await read_locale(session, actor)),
        can=nudges.list_abilities(nudge),
    )


async def list_nudges(
    session: ReadSession, actor: Actor, *, state: str | None, after: Place | None, limit: int
) -> tuple[list[NudgeCard], Place | None]:
    """Return a page of the nudges of the groups that the actor writes to, the latest first.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.NUDGES_WRITE)
    order = (col(Row.created_at), col(Row.id))
    statement = (
        select(Row, col(Employee.name))
        .join(Employee, col(Employee.id) == col(Row.author_id))
        .options(defer(Row.body))  # type: ignore[arg-type]  # a column
        .order_by(*(column.desc() for column in order))
        .limit(limit + 1)
    )
    scopes = nudges.list_scopes(actor)
    if not any(grant.unscoped for grant in scopes):
        within = await find_within(session, actor)
        functions = [grant.function_id for grant in scopes if grant.function_id]
        statement = statement.where(col(Row.entity_id).in_(within) | col(Row.function_id).in_(functions))
    if state is not None:
        statement = statement.where(_STATES[NudgeState(state)])
    if after is not None:
        statement = statement.where(tuple_(*order) < keysets.read_time(after))
    rows = (await session.execute(statement)).all()
    cards = [
        NudgeCard(
            **{
                name: getattr(row, name)
                for name in "id title segment send_at sent_at version updated_at".split()
            },
            author=Named(id=row.author_id, name=name),
            state=nudges.tell_state(row).value,
            measured=row.measured_at is not None,
        )
        for row, name in rows[:limit]
    ]
    last = rows[limit - 1][0] if len(rows) > limit else None
    return cards, keysets.write(last.created_at, last.id) if last is not None else None


async def get_received(session: ReadSession, actor: Actor, nudge_id: str) -> ReceivedNudge:
    """Return a nudge that was sent to the actor.

    Raises: NoSuchNudge.
    """
    told = exists().where(
        col(Notification.employee_id) == actor.id,
        col(Notification.subject_kind) == SubjectKind.NUDGE.value,
        col(Notification.subject_id) == col(Row.id),
    )
    statement = _select_named().add_columns(Row).where(col(Row.id) == nudge_id, told)
    row = (await session.execute(statement)).one_or_none() if ids.is_valid(nudge_id) else None
    if row is None:
        raise NoSuchNudge
    nudge: Row = row.Nudge
    return ReceivedNudge(
        id=nudge.id,
        title=nudge.title,
        body_html=render(nudge.body),
        sent_at=nudge.sent_at or nudge.created_at,
        idea=_name(nudge.idea_id, row.idea),
        campaign=_name(nudge.campaign_id, row.campaign),
        gathering=_name(nudge.gathering_id, row.gathering),
    )


async def find_within(session: ReadSession, actor: Actor) -> Collection[str]:
    """Return the entities for which the actor's roles let them nudge, with all below; mostly none are named."""
    given = {grant.entity_id for grant in nudges.list_scopes(actor)} - {None}
    return await news_audiences.list_below(session, given) if given else ()


_STATES = {
    NudgeState.DRAFT: col(Row.send_at).is_(None) & col(Row.cancelled_at).is_(None),
    NudgeState.SCHEDULED: col(Row.send_at).is_not(None)
    & col(Row.sent_at).is_(None)
    & col(Row.cancelled_at).is_(None),
    NudgeState.SENT: col(Row.sent_at).is_not(None),
    NudgeState.CANCELLED: col(Row.cancelled_at).is_not(None),
}


def _select_named() -> Select[Any]:
    named: Any = (
        select(
            col(Entity.name).label("entity"),
            col(Function.name).label("function"),
            col(Idea.title).label("idea"),
            col(Campaign.name).label("campaign"),
            col(Gathering.title).label("gathering"),
            col(Employee.name).label("author"),
        )
        .select_from(Row)
        .join(Employee, col(Employee.id) == col(Row.author_id))
        .outerjoin(Entity, col(Entity.id) == col(Row.entity_id))
        .outerjoin(Function, col(Function.id) == col(Row.function_id))
        .outerjoin(Idea, col(Idea.id) == col(Row.idea_id))
        .outerjoin(Campaign, col(Campaign.id) == col(Row.campaign_id))
        .outerjoin(Gathering, col(Gathering.id) == col(Row.gathering_id))
    )
    return cast("Select[Any]", named)


def _show_effect(nudge: Row, zone: str, locale: str) -> NudgeEffect | None:
    if nudge.measured_at is None:
        return None
    effect = nudges.find_effect(nudge.told, nudge.opened, nudge.acted, nudge.held_out, nudge.held_acted)
    known = effect.difference
    return NudgeEffect(
        measured_on=clock.day_in(zone, nudge.measured_at),
        opened=_round(effect.opened),
        acted=_round(effect.acted),
        acted_without=_round(effect.acted_without),
        difference=NudgeDifference(
            points=round(100 * known.estimate), low=round(100 * known.low), high=round(100 * known.high)
        )
        if known is not None
        else None,
        says=nudge_words.say_effect(effect, locale),
    )


def _round(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _name(key: str | None, name: str) -> Named | None:
    return None if key is None else Named(id=key, name=name)
