"""Reading what is known of prizes and places that events are about, in a few statements however many events."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.badge_events import BadgeAwarded
from app.domain.notifications import Kind
from app.domain.occasions import Award, Honour, Occasions, Place
from app.domain.permissions import ROLE_PERMISSIONS, Permission
from app.domain.prizes import Way
from app.models.awards import PrizeAward, PrizeRecipient, PrizeSeat
from app.models.badges import BadgeAward
from app.models.employees import Employee
from app.models.events import Event
from app.models.gatherings import SignUp
from app.models.ideas import Idea
from app.models.notifications import Notification
from app.models.prizes import Prize, PrizeJuror
from app.models.roles import RoleGrant
from app.queries import conflicts

_GIVERS = [role.value for role, able in ROLE_PERMISSIONS.items() if Permission.PRIZES_GIVE in able]

People = Mapping[str, str | None]
"""Entities by person."""


async def read_occasions(session: ReadSession, events: Sequence[Event]) -> Occasions:
    """Return what the rules on who is told need to know of these events."""
    subjects = {event.subject for event in events}
    edited = {event.subject for event in events if event.payload.get("ceremony")}
    places = await session.execute(
        select(col(SignUp.id), col(SignUp.gathering_id), col(SignUp.employee_id)).where(
            col(SignUp.id).in_(subjects)
        )
    )
    rows = (
        await session.execute(
            select(PrizeAward, col(Prize.way), col(Idea.anonymous))
            .join(Prize, col(Prize.id) == col(PrizeAward.prize_id))
            .outerjoin(Idea, col(Idea.id) == col(PrizeAward.idea_id))
            .where(or_(col(PrizeAward.id).in_(subjects), col(PrizeAward.prize_id).in_(edited)))
        )
    ).all()
    deciders = await _list_deciders(session, [(row[0], row[1], bool(row[2])) for row in rows])
    award_ids = [row[0].id for row in rows]
    receivers = await _list_receivers(session, award_ids)
    asked = await _list_asked(session, award_ids)
    return Occasions(
        awards={
            award.id: Award(
                award.id,
                award.prize_id,
                award.state,
                award.employee_id,
                award.proposed_by_id,
                award.first_id,
                deciders[award.id],
                frozenset(asked.get(award.id, ())),
                tuple(receivers.get(award.id, ())),
            )
            for award, *_ in rows
        },
        places={sign_up: Place(gathering, person) for sign_up, gathering, person in places},
        honours=await _read_honours(
            session, {each.subject for each in events if each.kind == BadgeAwarded.kind}
        ),
    )


async def _read_honours(session: ReadSession, award_ids: Collection[str]) -> dict[str, Honour]:
    """Return badges that are still there; two statements, none where there is none."""
    if not award_ids:
        return {}
    awards = (await session.scalars(select(BadgeAward).where(col(BadgeAward.id).in_(award_ids)))).all()
    heard = await session.execute(
        select(col(Notification.employee_id), col(Notification.facts)).where(
            col(Notification.employee_id).in_({award.employee_id for award in awards}),
            col(Notification.kind) == Kind.BADGE_AWARDED.value,
        )
    )
    told = {(person, facts["badge"], facts["tier"]) for person, facts in heard}
    return {
        each.id: Honour(each.id, each.employee_id, (each.employee_id, each.badge, each.tier) in told)
        for each in awards
    }


async def _list_deciders(
    session: ReadSession, rows: Sequence[tuple[PrizeAward, str, bool]]
) -> dict[str, frozenset[str]]:
    """Return who may decide on each award: by role or as juror, of an anonymous idea whom was drawn; nobody close."""
    if not rows:
        return {}
    givers = await _read_givers(session)
    jurors: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    seats: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for found, table, key in ((jurors, PrizeJuror, "prize_id"), (seats, PrizeSeat, "idea_id")):
        wanted = {getattr(award, key) for award, *_ in rows} - {None}
        for subject, person, entity in await session.execute(
            select(getattr(table, key), col(Employee.id), col(Employee.entity_id))
            .join(Employee, col(Employee.id) == col(table.employee_id))
            .where(getattr(table, key).in_(wanted), col(Employee.active).is_(True))
        ):
            found[subject][person] = entity
    ideas = sorted({award.idea_id for award, *_ in rows if award.idea_id is not None})
    people = sorted({award.employee_id for award, *_ in rows if award.employee_id is not None})
    circles = await conflicts.list_circles(session, ideas) if ideas else {}
    lines = await conflicts.list_conflicts_of(session, people) if people else {}
    deciders = {}
    for award, way, anonymous in rows:
        able: People = seats[award.idea_id] if anonymous and award.idea_id else givers
        if not anonymous and way == Way.JURY:
            able = {**givers, **jurors[award.prize_id]}
        close = circles[award.idea_id].conflicts if award.idea_id else lines[award.employee_id or ""]
        deciders[award.id] = frozenset(
            person for person, entity in able.items() if not close.bars(person, entity)
        )
    return deciders


async def _read_givers(session: ReadSession) -> dict[str, str | None]:
    rows = await session.execute(
        select(col(Employee.id), col(Employee.entity_id))
        .join(RoleGrant, col(RoleGrant.employee_id) == col(Employee.id))
        .where(
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role).in_(_GIVERS),
            col(Employee.active).is_(True),
        )
    )
    return {person: entity_id for person, entity_id in rows}  # noqa: C416  a row is no pair for the types


async def _list_receivers(session: ReadSession, award_ids: Collection[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for award_id, person in await session.execute(
        select(col(PrizeRecipient.award_id), col(PrizeRecipient.employee_id))
        .where(col(PrizeRecipient.award_id).in_(award_ids))
        .order_by(col(PrizeRecipient.employee_id))
    ):
        found[award_id].append(person)
    return found


async def _list_asked(session: ReadSession, award_ids: Collection[str]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for award_id, person in await session.execute(
        select(col(Notification.subject_id), col(Notification.employee_id)).where(
            col(Notification.subject_id).in_(award_ids),
            col(Notification.kind) == Kind.AWARD_WAITING.value,
            col(Notification.asks).is_(True),
            col(Notification.resolved_at).is_(None),
        )
    ):
        found[award_id].add(person)
    return found
