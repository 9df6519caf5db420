"""Awards: pieces of prizes, from the wish to the receipt."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, optional_reference, reference

_PRICED = text("price IS NOT NULL")


class PrizeAward(SQLModel, table=True):
    """A piece of a prize that a person or the authors of an idea are to receive; `state` is that of `domain/awards.py`.

    A claim has `points`, the cost when it was made; `price` is what the piece cost the company when it was granted.
    `first_id` and `second_id` said yes; `refused_by_id` is empty where nobody did, as when the claimant left.
    `receipt_number` is what the recipient shows when it is handed over.
    """

    __tablename__ = "prize_awards"
    __table_args__ = (
        CheckConstraint("first_id <> second_id", name="two_people"),
        CheckConstraint("points IS NULL OR points > 0", name="points"),
        CheckConstraint("employee_id IS NULL OR idea_id IS NULL", name="one_recipient"),
        Index("ix_prize_awards_prize_id_state_decided_at_id", "prize_id", "state", "decided_at", "id"),
        Index("ix_prize_awards_created_at_id", "created_at", "id"),
        Index(
            "ix_prize_awards_priced",
            "price_currency",
            "decided_at",
            "price",
            sqlite_where=_PRICED,
            postgresql_where=_PRICED,
        ),
    )

    id: str = key()
    prize_id: str = reference("prizes.id")
    employee_id: str | None = optional_reference("employees.id", index=True)
    idea_id: str | None = optional_reference("ideas.id", index=True)
    points: int | None = None
    reason: str = ""
    state: str = Field(default="waiting", max_length=10)
    proposed_by_id: str = reference("employees.id", index=True)
    first_id: str | None = optional_reference("employees.id")
    second_id: str | None = optional_reference("employees.id")
    refused_by_id: str | None = optional_reference("employees.id")
    refusal: str = ""
    created_at: datetime = moment()
    decided_at: datetime | None = optional_moment()
    price: Decimal | None = Field(default=None, sa_type=Numeric(18, 2))
    price_currency: str | None = Field(default=None, max_length=3)
    receipt_number: str | None = Field(default=None, unique=True, max_length=20)
    received_at: datetime | None = optional_moment()


class PrizeSeat(SQLModel, table=True):
    """A person who was drawn to decide on whatever an anonymous idea is to win."""

    __tablename__ = "prize_seats"

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    employee_id: str = reference("employees.id", primary_key=True, index=True)


class PrizeRecipient(SQLModel, table=True):
    """A person to whom an award was granted; `shown` is their consent to be named."""

    __tablename__ = "prize_recipients"

    award_id: str = reference("prize_awards.id", primary_key=True, cascade=True)
    employee_id: str = reference("employees.id", primary_key=True, index=True)
    shown: bool = False
    chosen_at: datetime | None = optional_moment()
