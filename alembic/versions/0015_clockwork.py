"""clockwork: what the jobs did, what was given up, and public holidays found beforehand, failing webhooks."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_GIVEN_UP = sa.text("state = 'given_up'")


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "job_records",
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("handled", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("succeeded_at", UtcDateTime(), nullable=True),
        sa.Column("failed_at", UtcDateTime(), nullable=True),
        sa.Column("failure", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_records")),
    )
    op.create_table(
        "holiday_years",
        sa.Column("region", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("region", "year", name=op.f("pk_holiday_years")),
    )
    for name, kind in _FAILING:
        op.add_column("webhooks", sa.Column(name, kind, nullable=True))
    for name, table, column in _INDEXES:
        op.create_index(name, table, [column], sqlite_where=_GIVEN_UP, postgresql_where=_GIVEN_UP)


def downgrade() -> None:
    """Take the schema down."""
    for name, table, _ in _INDEXES:
        op.drop_index(name, table_name=table)
    for name, _ in _FAILING:
        op.drop_column("webhooks", name)
    op.drop_table("holiday_years")
    op.drop_table("job_records")


_FAILING = (
    ("failing_since", UtcDateTime()),
    ("failed_at", UtcDateTime()),
    ("failure", sa.String(length=20)),
)
_INDEXES = (
    ("ix_deliveries_given_up", "deliveries", "channel"),
    ("ix_webhook_deliveries_given_up", "webhook_deliveries", "webhook_id"),
)
