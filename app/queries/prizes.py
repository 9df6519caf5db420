"""Reading prizes: the catalogue, with what each reader may do with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import permissions, prizes
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.prizes import NoSuchPrize, Way
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.prizes import Prize as Row
from app.models.prizes import PrizeJuror
from app.queries import rewards
from app.schemas.prices import Price
from app.schemas.prizes import Prize, WayName
from app.schemas.shapes import Named

_KEPT = (
    "id name description way cost stock starts_at ends_at ceremony_at ceremony_place version "
    "created_at updated_at"
).split()


async def get_visible(session: ReadSession, prize_id: str, *, lock: bool = False) -> Row:
    """Return a prize; everybody may know of all of them. With `lock` it is held until the end of the transaction.

    Raises: NoSuchPrize.
    """
    statement = select(Row).where(col(Row.id) == prize_id).execution_options(populate_existing=True)
    if lock:
        statement = statement.with_for_update(key_share=True)
    row: Row | None = await session.scalar(statement) if ids.is_valid(prize_id) else None
    if row is None:
        raise NoSuchPrize
    return row


async def get_prize(session: ReadSession, actor: Actor, prize_id: str, *, now: datetime) -> Prize:
    """Return a prize as a reader sees it.

    Raises: NoSuchPrize.
    """
    return (await _shape(session, actor, [await get_visible(session, prize_id)], now=now))[0]


async def list_prizes(
    session: ReadSession,
    actor: Actor,
    *,
    way: WayName | None,
    campaign_id: str | None,
    after: Place | None,
    limit: int,
    now: datetime,
) -> tuple[list[Prize], Place | None]:
    """Return a page of the catalogue, the newest first, and where the next page begins."""
    order = (col(Row.created_at), col(Row.id))
    statement = select(Row)
    if way is not None:
        statement = statement.where(col(Row.way) == way)
    if campaign_id is not None:
        statement = statement.where(col(Row.campaign_id) == campaign_id)
    if after is not None:
        statement = statement.where(tuple_(*order) < keysets.read_time(after))
    descending = [column.desc() for column in order]
    rows = (await session.scalars(statement.order_by(*descending).limit(limit + 1))).all()
    shown = rows[:limit]
    place = keysets.write(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None
    return await _shape(session, actor, shown, now=now), place


async def is_juror(session: ReadSession, actor: Actor, prize_id: str) -> bool:
    """Tell whether somebody sits in the jury of a prize."""
    return await session.get(PrizeJuror, (prize_id, actor.id)) is not None


async def _shape(session: ReadSession, actor: Actor, rows: Sequence[Row], *, now: datetime) -> list[Prize]:
    if not rows:
        return []
    juries = await _list_juries(session, [row.id for row in rows])
    named = {row.campaign_id for row in rows} - {None}
    campaigns = dict(
        (
            await session.execute(
                select(col(Campaign.id), col(Campaign.name)).where(col(Campaign.id).in_(named))
            )
        ).all()
    )
    balance = await rewards.get_balance(session, actor.id)
    return [
        Prize.model_validate(
            {
                **{name: getattr(row, name) for name in _KEPT},
                "price": _tell_price(actor, row),
                "left": row.pieces_left,
                "campaign": _name(row.campaign_id, campaigns),
                "jury": juries[row.id],
                "can": _list_acts(actor, row, balance, juries[row.id], now=now),
            }
        )
        for row in rows
    ]


def _tell_price(actor: Actor, row: Row) -> Price | None:
    if row.price is None or not permissions.may(actor, Permission.PRIZES_WRITE):
        return None
    return Price(amount=str(row.price), currency=row.price_currency or "")


def _list_acts(actor: Actor, row: Row, balance: int, jury: list[Named], *, now: datetime) -> list[str]:
    able = ["edit"] if permissions.may(actor, Permission.PRIZES_WRITE) else []
    if prizes.is_offered(row, Way.POINTS, now=now) and balance >= (row.cost or 0):
        able.append("claim")
    gives = permissions.may(actor, Permission.PRIZES_GIVE) or actor.id in {juror.id for juror in jury}
    if gives and prizes.is_offered(row, Way.JURY, now=now):
        able.append("award")
    return able


async def _list_juries(session: ReadSession, prize_ids: list[str]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {prize_id: [] for prize_id in prize_ids}
    rows = await session.execute(
        select(col(PrizeJuror.prize_id), col(Employee.id), col(Employee.name))
        .join(Employee, col(Employee.id) == col(PrizeJuror.employee_id))
        .where(col(PrizeJuror.prize_id).in_(prize_ids), col(Employee.active).is_(True))
        .order_by(col(Employee.folded_name), col(Employee.id))
    )
    for prize_id, person_id, name in rows:
        found[prize_id].append(Named(id=person_id, name=name))
    return found


def _name(key: str | None, names: dict[str, str]) -> Named | None:
    return None if key is None else Named(id=key, name=names[key])
