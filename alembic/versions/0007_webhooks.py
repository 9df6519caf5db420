"""webhooks: subscriptions and their deliveries."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_ACTIVE = sa.text("state = 'active'")
_UNDER_WAY = sa.text("state IN ('waiting', 'claimed')")
_GATHERING = sa.text("state = 'waiting' AND attempts = 0 AND gathers IS NOT NULL")


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "webhooks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("former_secret", sa.String(200), nullable=True),
        sa.Column("former_until", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["employees.id"], name="fk_webhooks_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_owner_id", "webhooks", ["owner_id"])
    op.create_index("ix_webhooks_active", "webhooks", ["id"], sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)
    _make_deliveries()


def _make_deliveries() -> None:
    table = "webhook_deliveries"
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("webhook_id", _ID, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("gathers", _ID, nullable=True),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_before", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("attempted_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name="fk_webhook_deliveries_webhook_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
    )
    op.create_index("uq_webhook_deliveries_once", table, ["webhook_id", "event_sequence"], unique=True)
    op.create_index(
        "uq_webhook_deliveries_gathering",
        table,
        ["webhook_id", "gathers"],
        unique=True,
        sqlite_where=_GATHERING,
        postgresql_where=_GATHERING,
    )
    op.create_index(
        "ix_webhook_deliveries_under_way",
        table,
        ["webhook_id", "next_attempt_at"],
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
    op.create_index(
        "ix_webhook_deliveries_webhook_id_created_at_id", table, ["webhook_id", "created_at", "id"]
    )
    op.create_index("ix_webhook_deliveries_created_at", table, ["created_at"])


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
