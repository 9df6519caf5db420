"""Webhooks: who listens where, and each delivery with what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.core import ids
from app.models.columns import key, moment, optional_moment, reference

ACTIVE = text("state = 'active'")
UNDER_WAY = text("state IN ('waiting', 'claimed')")
GIVEN_UP = text("state = 'given_up'")
GATHERING = text("state = 'waiting' AND attempts = 0 AND gathers IS NOT NULL")


class Webhook(SQLModel, table=True):
    """An address that one person has told of what they may read.

    `kinds` are those of `domain/webhooks.py`. The secrets are locked in the safe of the installation; the former one
    goes on signing until `former_until`. `state` is `active`, `off`, `gone`, `failed` or `suspended`. `failing_since`,
    `failed_at` and `failure` say since when every attempt failed, when the last one did, and why.
    """

    __tablename__ = "webhooks"
    __table_args__ = (Index("ix_webhooks_active", "id", sqlite_where=ACTIVE, postgresql_where=ACTIVE),)

    id: str = key()
    owner_id: str = reference("employees.id", index=True)
    url: str = Field(max_length=1000)
    description: str = Field(default="", max_length=200)
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    state: str = Field(default="active", max_length=10)
    secret: str = Field(max_length=200)
    former_secret: str | None = Field(default=None, max_length=200)
    former_until: datetime | None = optional_moment()
    failing_since: datetime | None = optional_moment()
    failed_at: datetime | None = optional_moment()
    failure: str | None = Field(default=None, max_length=20)
    version: int = 1
    created_at: datetime = moment()
    updated_at: datetime = moment()


class WebhookDelivery(SQLModel, table=True):
    """That one webhook is told of one event; the identifier is the `webhook-id`, the same with each attempt.

    `facts` hold identifiers and words of the code: the payload is written when it is sent. `gathers` is the idea whose
    votes it gathers until somebody claims it. `state` is that of `domain/deliveries.py`; `next_attempt_at` when
    somebody may take it up. `tried_before` are the attempts before it was last played again. `status` and
    `failure` say how the last attempt ended.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("uq_webhook_deliveries_once", "webhook_id", "event_sequence", unique=True),
        Index(
            "uq_webhook_deliveries_gathering",
            "webhook_id",
            "gathers",
            unique=True,
            sqlite_where=GATHERING,
            postgresql_where=GATHERING,
        ),
        Index(
            "ix_webhook_deliveries_under_way",
            "webhook_id",
            "next_attempt_at",
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        Index("ix_webhook_deliveries_webhook_id_created_at_id", "webhook_id", "created_at", "id"),
        Index(
            "ix_webhook_deliveries_given_up",
            "webhook_id",
            sqlite_where=GIVEN_UP,
            postgresql_where=GIVEN_UP,
        ),
        Index("ix_webhook_deliveries_created_at", "created_at"),
    )

    id: str = key()
    webhook_id: str = reference("webhooks.id", cascade=True)
    kind: str = Field(max_length=60)
    event_sequence: int | None = Field(default=None, sa_type=BigInteger)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    gathers: str | None = Field(default=None, max_length=ids.LENGTH)
    happened_at: datetime = moment()
    state: str = Field(default="waiting", max_length=10)
    next_attempt_at: datetime = moment()
    attempts: int = 0
    tried_before: int = 0
    created_at: datetime = moment()
    attempted_at: datetime | None = optional_moment()
    sent_at: datetime | None = optional_moment()
    status: int | None = None
    failure: str | None = Field(default=None, max_length=20)
