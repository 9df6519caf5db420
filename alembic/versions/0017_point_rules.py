"""point rules with effect from a day, and what finds an earlier vote for the same idea."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WITHDRAWN = sa.text("withdrawn_at IS NOT NULL")


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "point_rules",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.String(24), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_point_rules_not_negative")),
        sa.CheckConstraint("per_day IS NULL OR per_day > 0", name=op.f("ck_point_rules_slots")),
        sa.ForeignKeyConstraint(["changed_by"], ["employees.id"], name=op.f("fk_point_rules_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_rules")),
    )
    op.create_index("ix_point_rules_rule_starts_on", "point_rules", ["rule", "starts_on"])
    op.create_index(
        "ix_votes_withdrawn",
        "votes",
        ["voter_id", "idea_id"],
        sqlite_where=_WITHDRAWN,
        postgresql_where=_WITHDRAWN,
    )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_index("ix_votes_withdrawn", table_name="votes")
    op.drop_table("point_rules")
