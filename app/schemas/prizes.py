"""Prizes on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.prices import Price, StatedPrice
from app.schemas.shapes import Answer, Filled, Identifier, Moment, Named, Readable, Request, Time

WayName = Literal["points", "jury"]
Name = Annotated[Filled, Field(max_length=200)]
Description = Annotated[Readable, Field(max_length=5_000)]
Place = Annotated[Readable, Field(max_length=200)]
Pieces = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Cost = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Jury = Annotated[list[Identifier], Field(max_length=50)]


class AddPrize(Request):
    """A new prize: for points with its `cost`, or of a jury; without `stock` it does not run out.

    `price` is what a piece costs the company.
    """

    name: Name
    description: Description = ""
    way: WayName
    cost: Cost | None = None
    price: StatedPrice | None = None
    stock: Pieces | None = None
    campaign: Identifier | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    ceremony_at: Moment | None = None
    ceremony_place: Place = ""
    jury: Jury = []


class EditPrize(Request):
    """A change of a prize.

    Fields that are left out stay as they are. What was claimed before keeps its cost,
    and what was granted before keeps its price.
    """

    name: Name = ""
    description: Description = ""
    cost: Cost | None = None
    price: StatedPrice | None = None
    stock: Pieces | None = None
    campaign: Identifier | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    ceremony_at: Moment | None = None
    ceremony_place: Place = ""
    jury: Jury = []


class Prize(Answer):
    """A prize; `left` is the stock without what is given or asked for, null where pieces don't run out.

    `price` is told to those who keep the catalogue.
    """

    id: str
    name: str
    description: str
    way: WayName
    cost: int | None
    price: Price | None
    stock: int | None
    left: int | None
    campaign: Named | None
    starts_at: Time | None
    ends_at: Time | None
    ceremony_at: Time | None
    ceremony_place: str
    jury: list[Named]
    version: int
    created_at: Time
    updated_at: Time
    can: list[str]
