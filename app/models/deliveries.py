"""Deliveries: what is on its way to people by channels outside the product."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core import ids
from app.models.columns import key, moment, optional_moment, reference

UNDER_WAY = text("state IN ('waiting', 'claimed')")
GIVEN_UP = text("state = 'given_up'")
GATHERING = text("state = 'waiting' AND attempts = 0 AND form <> 'single'")


class Delivery(SQLModel, table=True):
    """One message to one person by one channel.

    `channel` is `email`, `push`, `slack` or `teams`; `address_id` is the push subscription, else empty. `form` is
    `single` for what goes at once, `digest`, or `put_off` for what quiet hours or the ceiling of a day hold back;
    the last two gather what comes until they are claimed. `state` is `waiting`, `claimed`, `sent`, `given_up`, or
    `dropped` when nothing was left to say. `next_attempt_at` is when somebody may take it up: the moment it is due,
    that of the next attempt, or the end of a claim.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "uq_deliveries_gathering",
            "employee_id",
            "channel",
            "address_id",
            "form",
            unique=True,
            sqlite_where=GATHERING,
            postgresql_where=GATHERING,
        ),
        Index(
            "ix_deliveries_under_way",
            "channel",
            "next_attempt_at",
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        Index("ix_deliveries_given_up", "channel", sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP),
        Index("ix_deliveries_employee_id_due_at", "employee_id", "due_at"),
    )

    id: str = key()
    employee_id: str = reference("employees.id")
    channel: str = Field(max_length=10)
    address_id: str = Field(default="", max_length=ids.LENGTH)
    form: str = Field(max_length=10)
    state: str = Field(default="waiting", max_length=10)
    due_at: datetime = moment()
    next_attempt_at: datetime = moment()
    attempts: int = 0
    created_at: datetime = moment()
    sent_at: datetime | None = optional_moment()
    failure: str | None = Field(default=None, max_length=100)


class DeliveryItem(SQLModel, table=True):
    """That a delivery carries a notification."""

    __tablename__ = "delivery_items"

    delivery_id: str = reference("deliveries.id", primary_key=True, cascade=True)
    notification_id: str = reference("inbox.id", primary_key=True, index=True, cascade=True)
