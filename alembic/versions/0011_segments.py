"""segments: memberships, thresholds, and who is not to be addressed."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "memberships",
        sa.Column("employee_id", sa.String(length=24), nullable=False),
        sa.Column("segment", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_memberships_employee_id")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_segment", "memberships", ["segment", "employee_id"])
    op.create_table(
        "segment_thresholds",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_segment_thresholds")),
    )
    op.create_table(
        "unaddressed",
        sa.Column("employee_id", sa.String(length=24), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_unaddressed_employee_id")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_unaddressed")),
    )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("unaddressed")
    op.drop_table("segment_thresholds")
    op.drop_index("ix_memberships_segment", table_name="memberships")
    op.drop_table("memberships")
