"""releases: figures of parts of the company as they were told at the ends of months."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "releases",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("parents", sa.JSON(), nullable=False),
        sa.Column("inhabited", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_releases")),
    )
    op.create_table(
        "released_figures",
        sa.Column("entity_id", sa.String(24), nullable=False),
        sa.Column("topic", sa.String(24), nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("entity_id", "topic", "measure", "day", name=op.f("pk_released_figures")),
    )
    op.create_index(op.f("ix_released_figures_day"), "released_figures", ["day"])


def downgrade() -> None:
    """Take the schema back; what was released is lost and would be told anew, which may differ."""
    op.drop_table("released_figures")
    op.drop_table("releases")
