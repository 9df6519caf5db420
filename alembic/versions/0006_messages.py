"""messages to people: the inbox, deliveries and what each person chose."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_UNREAD = sa.text("read_at IS NULL")
_ASKING = sa.text("asks AND resolved_at IS NULL")
_UNDER_WAY = sa.text("state IN ('waiting', 'claimed')")
_GATHERING = sa.text("state = 'waiting' AND attempts = 0 AND form <> 'single'")


def _of(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    """Bring the schema up."""
    _make_inbox()
    _make_deliveries()
    _make_choices()
    _make_addresses()


def _make_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        _of("inbox", "employee_id", "employees.id"),
        _of("inbox", "idea_id", "ideas.id", cascade=True),
        sa.PrimaryKeyConstraint("position", name="pk_inbox"),
        sa.UniqueConstraint("id", name="uq_inbox_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_inbox_once", "inbox", ["employee_id", "kind", "event_sequence"], unique=True)
    op.create_index("ix_inbox_idea_id", "inbox", ["idea_id"])
    mine = ["employee_id", "position"]
    op.create_index("ix_inbox_employee_id_position", "inbox", mine)
    op.create_index("ix_inbox_unread", "inbox", mine, sqlite_where=_UNREAD, postgresql_where=_UNREAD)
    op.create_index("ix_inbox_asking", "inbox", mine, sqlite_where=_ASKING, postgresql_where=_ASKING)


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("address_id", _ID, nullable=False),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("failure", sa.String(100), nullable=True),
        _of("deliveries", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index(
        "uq_deliveries_gathering",
        "deliveries",
        ["employee_id", "channel", "address_id", "form"],
        unique=True,
        sqlite_where=_GATHERING,
        postgresql_where=_GATHERING,
    )
    op.create_index(
        "ix_deliveries_under_way",
        "deliveries",
        ["channel", "next_attempt_at"],
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
    op.create_index("ix_deliveries_employee_id_due_at", "deliveries", ["employee_id", "due_at"])
    op.create_table(
        "delivery_items",
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("notification_id", _ID, nullable=False),
        _of("delivery_items", "delivery_id", "deliveries.id", cascade=True),
        _of("delivery_items", "notification_id", "inbox.id", cascade=True),
        sa.PrimaryKeyConstraint("delivery_id", "notification_id", name="pk_delivery_items"),
    )
    op.create_index("ix_delivery_items_notification_id", "delivery_items", ["notification_id"])


def _make_choices() -> None:
    op.create_table(
        "preferences",
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("timing", sa.String(10), nullable=False),
        _of("preferences", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("employee_id", "kind", "channel", name="pk_preferences"),
    )
    op.create_table(
        "message_settings",
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("digest", sa.String(10), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        _of("message_settings", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("employee_id", name="pk_message_settings"),
    )


def _make_addresses() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of("push_subscriptions", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("endpoint", name="uq_push_subscriptions_endpoint"),
    )
    op.create_index("ix_push_subscriptions_employee_id", "push_subscriptions", ["employee_id"])
    op.create_table(
        "chat_addresses",
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of("chat_addresses", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("employee_id", "channel", name="pk_chat_addresses"),
    )


def downgrade() -> None:
    """Take the schema down."""
    for table in (
        "chat_addresses",
        "push_subscriptions",
        "message_settings",
        "preferences",
        "delivery_items",
        "deliveries",
        "inbox",
    ):
        op.drop_table(table)
