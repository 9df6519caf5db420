"""Keeping the catalogue of prizes: adding, changing, and the pieces that are left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import awards, permissions, prizes, register
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.prize_events import PrizeAdded, PrizeEdited
from app.domain.register import Detail, Entry
from app.models.awards import PrizeAward
from app.models.prizes import Prize, PrizeJuror
from app.queries.prizes import get_visible
from app.schemas.prizes import AddPrize, EditPrize
from app.services import events, preconditions, references
from app.services import register as entering

_TERMS = (
    "way",
    "cost",
    "price",
    "price_currency",
    "stock",
    "campaign_id",
    "starts_at",
    "ends_at",
    "ceremony_at",
)
_TEXTS = ("name", "description", "ceremony_place")


async def add(session: WriteSession, actor: Actor, values: AddPrize, *, now: datetime) -> Prize:
    """Put a prize into the catalogue.

    Raises: RoleMissing, PrizeNotRight, UnknownReference.
    """
    permissions.check(actor, Permission.PRIZES_WRITE)
    given = values.model_dump(exclude={"jury", "campaign", "price"})
    prize = Prize(
        **given,
        price=values.price.amount if values.price else None,
        price_currency=values.price.currency if values.price else None,
        campaign_id=values.campaign,
        pieces_left=values.stock,
        created_at=now,
        updated_at=now,
    )
    await _check(session, prize, values.jury)
    session.add(prize)
    await session.flush()
    _seat(session, prize.id, values.jury)
    _enter_jury(session, actor, prize.id, before=[], after=values.jury, now=now)
    detail = Detail(register.compare({}, _read_terms(prize)))
    events.record(session, PrizeAdded(prize.id), actor_id=actor.id, now=now, detail=detail)
    await session.flush()
    return prize


async def edit(
    session: WriteSession,
    actor: Actor,
    prize_id: str,
    values: EditPrize,
    *,
    version: int | None,
    now: datetime,
) -> Prize:
    """Change a prize; what was claimed before keeps its cost, and a smaller stock still has room for what stands.

    Raises: NoSuchPrize, RoleMissing, PreconditionRequired, PreconditionFailed, PrizeNotRight, UnknownReference,
    StockTooSmall.
    """
    prize = await get_visible(session, prize_id, lock=True)
    permissions.check(actor, Permission.PRIZES_WRITE)
    preconditions.check(version, prize.version)
    given = values.model_dump(exclude_unset=True)
    jury = given.pop("jury", None)
    if "campaign" in given:
        given["campaign_id"] = given.pop("campaign")
    if "price" in given:
        price = given.pop("price") or {}
        given |= {"price": price.get("amount"), "price_currency": price.get("currency")}
    former = _read_terms(prize)
    changed = [name for name, value in given.items() if getattr(prize, name) != value]
    for name, value in given.items():
        setattr(prize, name, value)
    ceremony = bool({"ceremony_at", "ceremony_place"} & {*changed}) and prize.ceremony_at is not None
    with session.no_autoflush:
        await _check(session, prize, jury or [])
        if "stock" in given:
            standing = await _count_standing(session, prize.id)
            prize.pieces_left = prizes.count_left(prize.stock, standing)
    if jury is not None:
        await _seat_anew(session, actor, prize.id, jury, now=now)
    prize.version += 1
    prize.updated_at = now
    edited = PrizeEdited(prize.id, {"version": prize.version, "ceremony": ceremony})
    facts = register.compare(former, _read_terms(prize))
    detail = Detail({**facts, "texts": [name for name in changed if name in _TEXTS]})
    events.record(session, edited, actor_id=actor.id, now=now, detail=detail)
    await session.flush()
    return prize


def take(prize: Prize) -> None:
    """Take a piece of a prize that is held, and of which one is left."""
    if prize.pieces_left is not None:
        prize.pieces_left -= 1


async def put_back(session: WriteSession, prize_id: str) -> None:
    """Put a piece back, counted by the database: nobody needs to hold the prize for it."""
    await session.execute(
        update(Prize)
        .where(col(Prize.id) == prize_id)
        .values(pieces_left=col(Prize.pieces_left) + 1)
        .execution_options(synchronize_session=False)
    )


async def _check(session: WriteSession, prize: Prize, jury: Sequence[str]) -> None:
    """Let pass a prize that makes sense and refers to what there is.

    Raises: PrizeNotRight, UnknownReference.
    """
    prizes.check_terms(
        prize.way,
        cost=prize.cost,
        jury=bool(jury),
        starts_at=prize.starts_at,
        ends_at=prize.ends_at,
    )
    if prize.campaign_id is not None:
        await references.check_campaign(session, prize.campaign_id)
    for place, person in enumerate(jury):
        await references.check_employee(session, person, pointer=f"/jury/{place}")


def _seat(session: WriteSession, prize_id: str, jury: Sequence[str]) -> None:
    session.add_all(PrizeJuror(prize_id=prize_id, employee_id=person) for person in dict.fromkeys(jury))


async def _seat_anew(
    session: WriteSession, actor: Actor, prize_id: str, jury: Sequence[str], *, now: datetime
) -> None:
    seated = select(col(PrizeJuror.employee_id)).where(col(PrizeJuror.prize_id) == prize_id)
    before = (await session.scalars(seated)).all()
    await session.execute(delete(PrizeJuror).where(col(PrizeJuror.prize_id) == prize_id))
    _seat(session, prize_id, jury)
    _enter_jury(session, actor, prize_id, before=before, after=jury, now=now)


def _enter_jury(
    session: WriteSession,
    actor: Actor,
    prize_id: str,
    *,
    before: Sequence[str],
    after: Sequence[str],
    now: datetime,
) -> None:
    """Enter who came into the jury of a prize, and who is not in it any more."""
    changes = [("prizes.juror-named", person) for person in sorted({*after} - {*before})]
    changes += [("prizes.juror-ended", person) for person in sorted({*before} - {*after})]
    for act, person in changes:
        entering.enter(session, Entry(act, prize_id, actor.id, person), now=now)


def _read_terms(prize: Prize) -> dict[str, Any]:
    """Return the terms of a prize as facts: identifiers, numbers and moments, none of its texts."""
    return {name: getattr(prize, name) for name in _TERMS}


async def _count_standing(session: WriteSession, prize_id: str) -> int:
    standing = await session.scalar(
        select(func.count()).where(
            col(PrizeAward.prize_id) == prize_id, col(PrizeAward.state).in_(sorted(awards.STANDING))
        )
    )
    return standing or 0
