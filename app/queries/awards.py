"""Reading awards: for those who decide on them, oversee them or receive them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import awards, permissions
from app.domain.actors import Actor
from app.domain.awards import NoSuchAward, Stance
from app.domain.permissions import Permission
from app.domain.prizes import Way
from app.models.awards import PrizeAward, PrizeRecipient, PrizeSeat
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.prizes import Prize, PrizeJuror
from app.queries import conflicts
from app.schemas.awards import Award, AwardedIdea, AwardStateName
from app.schemas.shapes import Named

_PEOPLE = {name: aliased(Employee) for name in ("employee", "proposed_by", "first", "second", "refused_by")}
_own = aliased(PrizeRecipient)


@dataclass(frozen=True, slots=True)
class Seen:
    """An award, what it is of and for, and how the reader stands to it."""

    award: PrizeAward
    prize: Prize
    idea: Idea | None
    stance: Stance
    recipient: PrizeRecipient | None
    names: dict[str, Named | None]


async def get_visible(session: ReadSession, actor: Actor, award_id: str, *, lock: bool = False) -> Seen:
    """Return an award that a person may know of; with `lock` it is held, with its idea, until the transaction ends.

    Raises: NoSuchAward.
    """
    if not ids.is_valid(award_id):
        raise NoSuchAward
    if lock:
        await _lock(session, award_id)
    rows = (await session.execute(_select(actor).where(col(PrizeAward.id) == award_id))).all()
    if not rows:
        raise NoSuchAward
    return (await _see(session, actor, rows))[0]


async def get_award(session: ReadSession, actor: Actor, award_id: str) -> Award:
    """Return an award as a reader sees it.

    Raises: NoSuchAward.
    """
    return shape(actor, await get_visible(session, actor, award_id))


async def list_awards(
    session: ReadSession,
    actor: Actor,
    *,
    state: AwardStateName | None = None,
    prize_id: str | None = None,
    own: bool = False,
    after: Place | None,
    limit: int,
) -> tuple[list[Award], Place | None]:
    """Return a page of the awards that one may know of, the latest first; `own` are those one claims or receives."""
    order = (col(PrizeAward.created_at), col(PrizeAward.id))
    statement = _select(actor)
    if own:
        statement = statement.where(_is_own(actor))
    if state is not None:
        statement = statement.where(col(PrizeAward.state) == state)
    if prize_id is not None:
        statement = statement.where(col(PrizeAward.prize_id) == prize_id)
    if after is not None:
        statement = statement.where(tuple_(*order) < keysets.read_time(after))
    descending = [column.desc() for column in order]
    rows = (await session.execute(statement.order_by(*descending).limit(limit + 1))).all()
    seen = await _see(session, actor, rows[:limit])
    last = seen[-1].award if len(rows) > limit else None
    place = keysets.write(last.created_at, last.id) if last is not None else None
    return [shape(actor, each) for each in seen], place


def shape(actor: Actor, seen: Seen) -> Award:
    """Return an award as somebody sees it; of an anonymous idea nothing that its recipients did is shown to others."""
    award, stance = seen.award, seen.stance
    hands_over = stance.receives or permissions.may(actor, Permission.PRIZES_GIVE)
    private = stance.anonymous and not stance.receives
    return Award.model_validate(
        {
            **{name: getattr(award, name) for name in ("id", "state", "points", "reason", "refusal")},
            "prize": Named(id=seen.prize.id, name=seen.prize.name),
            "idea": None if seen.idea is None else AwardedIdea(id=seen.idea.id, title=seen.idea.title),
            **seen.names,
            "created_at": award.created_at,
            "decided_at": award.decided_at,
            "receipt_number": award.receipt_number if hands_over else None,
            "received_at": None if private else award.received_at,
            "shown": None if seen.recipient is None else seen.recipient.shown,
            "can": awards.list_abilities(actor, award, stance),
        }
    )


async def _lock(session: ReadSession, award_id: str) -> None:
    """Hold an award, then its idea: who writes that must not change before it is said who receives it."""
    statement = select(PrizeAward).where(col(PrizeAward.id) == award_id).with_for_update(key_share=True)
    award = await session.scalar(statement.execution_options(populate_existing=True))
    if award is not None and award.idea_id is not None:
        idea = select(Idea).where(col(Idea.id) == award.idea_id).with_for_update(key_share=True)
        await session.execute(idea.execution_options(populate_existing=True))


def _select(actor: Actor) -> Any:
    """Return the statement of awards that a person may know of."""
    juror = exists().where(
        col(PrizeJuror.prize_id) == col(Prize.id),
        col(PrizeJuror.employee_id) == actor.id,
        literal(Way.JURY.value) == col(Prize.way),
    )
    seat = exists().where(
        col(PrizeSeat.idea_id) == col(PrizeAward.idea_id), col(PrizeSeat.employee_id) == actor.id
    )
    names = [column for person in _PEOPLE.values() for column in (col(person.id), col(person.name))]
    statement: Any = (
        select(PrizeAward, Prize, Idea, _own, juror.label("juror"), seat.label("seat"), *names)
        .join(Prize, col(Prize.id) == col(PrizeAward.prize_id))
        .outerjoin(Idea, col(Idea.id) == col(PrizeAward.idea_id))
        .outerjoin(_own, and_(col(_own.award_id) == col(PrizeAward.id), col(_own.employee_id) == actor.id))
    )
    for name, person in _PEOPLE.items():
        statement = statement.outerjoin(person, col(person.id) == getattr(PrizeAward, f"{name}_id"))
    if permissions.may(actor, Permission.PRIZES_GIVE):
        return statement
    return statement.where(or_(juror, seat, col(PrizeAward.proposed_by_id) == actor.id, _is_own(actor)))


def _is_own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that somebody claims an award or receives it; of what a jury only proposes nobody hears."""
    claimed = and_(col(PrizeAward.employee_id) == actor.id, col(PrizeAward.points).is_not(None))
    return or_(claimed, col(_own.employee_id).is_not(None))


async def _see(session: ReadSession, actor: Actor, rows: Sequence[Any]) -> list[Seen]:
    """Add how the reader stands to each award: three statements at most, however many awards."""
    ideas = list({row[0].idea_id for row in rows} - {None})
    people = list({row[0].employee_id for row in rows} - {None})
    close_ideas = await conflicts.find_conflicted(session, actor, ideas)
    lines = await conflicts.list_conflicts_of(session, people) if people else {}
    close_people = {person for person, line in lines.items() if line.bars(actor.id, actor.entity_id)}
    found = []
    for award, prize, idea, own, juror, seat, *names in rows:
        stance = Stance(
            anonymous=idea is not None and idea.anonymous,
            decides=permissions.may(actor, Permission.PRIZES_GIVE) or bool(juror),
            seated=bool(seat),
            conflicted=award.idea_id in close_ideas or award.employee_id in close_people,
            receives=own is not None,
        )
        people_named = {
            name: Named(id=names[2 * place], name=names[2 * place + 1]) if names[2 * place] else None
            for place, name in enumerate(_PEOPLE)
        }
        found.append(Seen(award, prize, idea, stance, own, people_named))
    return found


async def list_visible(
    session: ReadSession, actors: Mapping[str, Actor], pairs: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return those pairs of person and award where `get_visible` lets the person know of it; a statement a person."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for employee_id, award_id in pairs:
        wanted[employee_id].add(award_id)
    seen: set[tuple[str, str]] = set()
    for employee_id, award_ids in wanted.items():
        statement = _select(actors[employee_id]).with_only_columns(col(PrizeAward.id))
        found = await session.scalars(statement.where(col(PrizeAward.id).in_(award_ids)))
        seen |= {(employee_id, award_id) for award_id in found}
    return seen
