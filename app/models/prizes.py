"""Prizes: the catalogue of what is given, and the juries."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference


class Prize(SQLModel, table=True):
    """Something that is given; `way` is `points` (it has a cost) or `jury`. `price` is what a piece costs the company.

    `pieces_left` is the stock without every award that stands; both are empty where pieces don't run out.
    """

    __tablename__ = "prizes"
    __table_args__ = (
        CheckConstraint("pieces_left >= 0 AND pieces_left <= stock", name="pieces"),
        CheckConstraint("(stock IS NULL) = (pieces_left IS NULL)", name="unlimited"),
        CheckConstraint("(way = 'points') = (cost IS NOT NULL)", name="cost"),
        Index("ix_prizes_created_at_id", "created_at", "id"),
    )

    id: str = key()
    name: str = Field(max_length=200)
    description: str = ""
    way: str = Field(max_length=10)
    cost: int | None = None
    price: Decimal | None = Field(default=None, sa_type=Numeric(18, 2))
    price_currency: str | None = Field(default=None, max_length=3)
    stock: int | None = None
    pieces_left: int | None = None
    campaign_id: str | None = optional_reference("campaigns.id", index=True)
    starts_at: datetime | None = optional_moment()
    ends_at: datetime | None = optional_moment()
    ceremony_at: datetime | None = optional_moment()
    ceremony_place: str = Field(default="", max_length=200)
    version: int = 1
    created_at: datetime = moment()
    updated_at: datetime = moment()


class PrizeJuror(SQLModel, table=True):
    """A person in the jury of a prize."""

    __tablename__ = "prize_jurors"

    prize_id: str = reference("prizes.id", primary_key=True)
    employee_id: str = reference("employees.id", primary_key=True, index=True)
