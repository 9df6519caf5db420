"""gatherings: hosts, sign-ups, attendance, ideas captured in the room, calendar feeds."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.String(24)


def _of(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    """Bring the schema up."""
    _make_gatherings()
    _make_people()
    _make_captures()


def _make_gatherings() -> None:
    table = "gatherings"
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(250), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("place", sa.String(300), nullable=True),
        sa.Column("link", sa.String(1000), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("walk_ins", sa.Boolean(), nullable=False),
        sa.Column("entity_id", _ID, nullable=True),
        sa.Column("campaign_id", _ID, nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.String(1000), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_gatherings_times"),
        sa.CheckConstraint("places IS NULL OR places > 0", name="ck_gatherings_places"),
        _of(table, "entity_id", "entities.id"),
        _of(table, "campaign_id", "campaigns.id"),
        sa.PrimaryKeyConstraint("id", name="pk_gatherings"),
    )
    op.create_index("ix_gatherings_starts_at_id", table, ["starts_at", "id"])
    op.create_index("ix_gatherings_ends_at", table, ["ends_at"])
    op.create_index("ix_gatherings_campaign_id", table, ["campaign_id"])
    op.create_table(
        "gathering_hosts",
        sa.Column("gathering_id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        _of("gathering_hosts", "gathering_id", "gatherings.id", cascade=True),
        _of("gathering_hosts", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("gathering_id", "employee_id", name="pk_gathering_hosts"),
    )
    op.create_index("ix_gathering_hosts_employee_id", "gathering_hosts", ["employee_id"])


def _make_people() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("gathering_id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("signed_up_at", UtcDateTime(), nullable=False),
        sa.Column("seated_at", UtcDateTime(), nullable=True),
        _of("sign_ups", "gathering_id", "gatherings.id", cascade=True),
        _of("sign_ups", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ups"),
    )
    op.create_index("uq_sign_ups_person", "sign_ups", ["gathering_id", "employee_id"], unique=True)
    op.create_index("uq_sign_ups_number", "sign_ups", ["gathering_id", "number"], unique=True)
    op.create_index("ix_sign_ups_gathering_id_state_number", "sign_ups", ["gathering_id", "state", "number"])
    op.create_index("ix_sign_ups_employee_id", "sign_ups", ["employee_id"])
    op.create_table(
        "attendances",
        sa.Column("id", _ID, nullable=False),
        sa.Column("gathering_id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("noted_by_id", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of("attendances", "gathering_id", "gatherings.id", cascade=True),
        _of("attendances", "employee_id", "employees.id"),
        _of("attendances", "noted_by_id", "employees.id"),
        sa.PrimaryKeyConstraint("id", name="pk_attendances"),
    )
    op.create_index("uq_attendances_person", "attendances", ["gathering_id", "employee_id"], unique=True)
    op.create_index("ix_attendances_employee_id", "attendances", ["employee_id"])
    op.create_table(
        "calendar_feeds",
        sa.Column("id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of("calendar_feeds", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
    )
    op.create_index("uq_calendar_feeds_person", "calendar_feeds", ["employee_id"], unique=True)


def _make_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("gathering_id", _ID, nullable=False),
        sa.Column("captured_by_id", _ID, nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        _of("captures", "idea_id", "ideas.id", cascade=True),
        _of("captures", "gathering_id", "gatherings.id"),
        _of("captures", "captured_by_id", "employees.id"),
        sa.PrimaryKeyConstraint("idea_id", name="pk_captures"),
    )
    op.create_index("ix_captures_gathering_id_captured_at", "captures", ["gathering_id", "captured_at"])


def downgrade() -> None:
    """Take the schema down."""
    for table in (
        "captures",
        "calendar_feeds",
        "attendances",
        "sign_ups",
        "gathering_hosts",
        "gatherings",
    ):
        op.drop_table(table)
