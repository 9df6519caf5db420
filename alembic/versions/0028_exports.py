"""exports: what left the application as a file."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_UNDER_WAY = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "export_records",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("employee_id", sa.String(24), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("streamed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("data_checksum", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("kept_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_export_records_employee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_records")),
    )
    op.create_index("ix_export_records_created_at_id", "export_records", ["created_at", "id"])
    op.create_index(
        "ix_export_records_employee_id_created_at_id", "export_records", ["employee_id", "created_at", "id"]
    )
    op.create_index(
        "ix_export_records_under_way",
        "export_records",
        ["told_at"],
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )


def downgrade() -> None:
    """Take the schema back; the log of exports is lost."""
    op.drop_table("export_records")
