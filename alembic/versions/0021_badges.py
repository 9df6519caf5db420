"""badges: awards, whose are to be looked at again, by which rules everybody was, and who shows theirs."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "badge_awards",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("employee_id", sa.String(length=24), nullable=False),
        sa.Column("badge", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_badge_awards_employee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_awards")),
    )
    op.create_index(
        "uq_badge_awards_once", "badge_awards", ["employee_id", "shown", "badge", "tier"], unique=True
    )
    op.create_table(
        "badge_changes",
        sa.Column("employee_id", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_badge_changes_employee_id")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_badge_changes")),
    )
    op.create_table(
        "badge_catalogues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_catalogues")),
    )
    op.create_table(
        "badge_displays",
        sa.Column("employee_id", sa.String(length=24), nullable=False),
        sa.Column("badges", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_badge_displays_employee_id")
        ),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_badge_displays")),
    )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("badge_displays")
    op.drop_table("badge_catalogues")
    op.drop_table("badge_changes")
    op.drop_index("uq_badge_awards_once", table_name="badge_awards")
    op.drop_table("badge_awards")
