"""Prizes: things that are given, for points or by a jury, as long as there are pieces left."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.errors import Conflict, Invalid, NotFound


class Way(StrEnum):
    """How a prize is had: for points, or by the choice of a jury."""

    POINTS = "points"
    JURY = "jury"


class Offered(Protocol):
    """A prize as the rules see it; `pieces_left` is None where pieces don't run out."""

    way: str
    pieces_left: int | None
    starts_at: datetime | None
    ends_at: datetime | None


class NoSuchPrize(NotFound):
    """There is no such prize."""

    code = "prizes.unknown"


class PrizeGone(Conflict):
    """The last piece of this prize is taken."""

    code = "prizes.gone"


class PrizeNotOffered(Conflict):
    """This prize can't be had now: it is too early or too late."""

    code = "prizes.not-offered"


class OtherWay(Conflict):
    """This prize is had in the other way: for points, or by a jury."""

    code = "prizes.other-way"


class StockTooSmall(Conflict):
    """More pieces than that are given or asked for already."""

    code = "prizes.stock-too-small"


class PrizeNotRight(Invalid):
    """A prize for points has its cost and no jury; a prize of a jury has no cost."""

    code = "prizes.not-right"


def check_terms(
    way: str,
    *,
    cost: int | None,
    jury: bool,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> None:
    """Let pass what makes sense as a prize; `jury` tells whether jurors are named.

    Raises: PrizeNotRight.
    """
    if (cost is None) is (way == Way.POINTS):
        raise PrizeNotRight.at("/cost")
    if jury and way == Way.POINTS:
        raise PrizeNotRight.at("/jury")
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise PrizeNotRight.at("/ends_at", "A prize ends after it begins.")


def check_offered(prize: Offered, way: Way, *, now: datetime) -> None:
    """Let pass a prize that is had in this way now, and of which a piece is left.

    Raises: OtherWay, PrizeNotOffered, PrizeGone.
    """
    if prize.way != way:
        raise OtherWay
    if (prize.starts_at is not None and now < prize.starts_at) or (
        prize.ends_at is not None and now >= prize.ends_at
    ):
        raise PrizeNotOffered
    if prize.pieces_left == 0:
        raise PrizeGone


def is_offered(prize: Offered, way: Way, *, now: datetime) -> bool:
    """Tell whether a piece of a prize can be had in this way now."""
    try:
        check_offered(prize, way, now=now)
    except Conflict:
        return False
    return True


def count_left(stock: int | None, standing: int) -> int | None:
    """Return how many pieces are left when so many are given or asked for.

    Raises: StockTooSmall.
    """
    if stock is None:
        return None
    if stock < standing:
        raise StockTooSmall.at("/stock")
    return stock - standing
