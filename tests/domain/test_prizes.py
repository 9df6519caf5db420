"""What makes sense as a prize, and when a piece of it can be had."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain import prizes
from app.domain.prizes import OtherWay, PrizeGone, PrizeNotOffered, PrizeNotRight, StockTooSmall, Way

NOW = datetime(2027, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Prize:
    way: str = "points"
    pieces_left: int | None = 1
    starts_at: datetime | None = None
    ends_at: datetime | None = None


TERMS: dict[str, Any] = {"cost": 10, "jury": False, "starts_at": None, "ends_at": None}


@pytest.mark.parametrize(
    ("way", "changes", "pointer"),
    [
        ("points", {}, None),
        ("points", {"cost": None}, "/cost"),
        ("points", {"jury": True}, "/jury"),
        ("jury", {}, "/cost"),
        ("jury", {"cost": None}, None),
        ("jury", {"cost": None, "jury": True}, None),
        ("points", {"starts_at": NOW, "ends_at": NOW}, "/ends_at"),
        ("points", {"starts_at": NOW, "ends_at": NOW + HOUR}, None),
        ("points", {"ends_at": NOW}, None),
    ],
)
def test_the_terms_of_a_prize_fit_its_way(way: str, changes: dict[str, Any], pointer: str | None) -> None:
    if pointer is None:
        prizes.check_terms(way, **TERMS | changes)
        return
    with pytest.raises(PrizeNotRight) as refused:
        prizes.check_terms(way, **TERMS | changes)
    assert [problem.pointer for problem in refused.value.errors] == [pointer]


@pytest.mark.parametrize(
    ("prize", "way", "refusal"),
    [
        (Prize(), Way.POINTS, None),
        (Prize(pieces_left=None), Way.POINTS, None),
        (Prize(pieces_left=0), Way.POINTS, PrizeGone),
        (Prize(), Way.JURY, OtherWay),
        (Prize(way="jury"), Way.JURY, None),
        (Prize(starts_at=NOW), Way.POINTS, None),
        (Prize(starts_at=NOW + HOUR), Way.POINTS, PrizeNotOffered),
        (Prize(ends_at=NOW), Way.POINTS, PrizeNotOffered),
        (Prize(ends_at=NOW + HOUR), Way.POINTS, None),
    ],
)
def test_a_piece_is_had_in_its_way_in_its_time_while_one_is_left(
    prize: Prize, way: Way, refusal: type[Exception] | None
) -> None:
    assert prizes.is_offered(prize, way, now=NOW) is (refusal is None)
    if refusal is not None:
        with pytest.raises(refusal):
            prizes.check_offered(prize, way, now=NOW)


@pytest.mark.parametrize(("stock", "standing", "left"), [(None, 7, None), (7, 7, 0), (7, 2, 5)])
def test_a_new_stock_has_room_for_what_stands(stock: int | None, standing: int, left: int | None) -> None:
    assert prizes.count_left(stock, standing) == left


def test_a_stock_that_has_no_room_is_refused() -> None:
    with pytest.raises(StockTooSmall):
        prizes.count_left(1, 2)
