"""innovators: who chose to be found, and by whom."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "innovator_profiles",
        sa.Column("employee_id", sa.String(24), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("skills", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_innovator_profiles_employee_id")
        ),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_innovator_profiles")),
    )
    op.create_table(
        "innovator_readers",
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("employee_id", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_innovator_readers_employee_id")
        ),
        sa.PrimaryKeyConstraint("role", "employee_id", name=op.f("pk_innovator_readers")),
    )
    op.create_index(op.f("ix_innovator_readers_employee_id"), "innovator_readers", ["employee_id"])


def downgrade() -> None:
    """Take the schema back; who chose to be found is lost."""
    op.drop_table("innovator_readers")
    op.drop_table("innovator_profiles")
