"""point rules with effect from a day, flags on votes that look arranged, and what finds both in the votes."""

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
    op.create_table(
        "vote_flags",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=True),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("reviewed_by", sa.String(24), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reviewed_by"], ["employees.id"], name=op.f("fk_vote_flags_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_flags")),
    )
    op.create_index("ix_vote_flags_found_at_id", "vote_flags", ["found_at", "id"])
    op.create_index("ix_vote_flags_kind_seen_at", "vote_flags", ["kind", "seen_at"])
    op.create_table(
        "vote_flag_ideas",
        sa.Column("flag_id", sa.String(24), nullable=False),
        sa.Column("idea_id", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["vote_flags.id"], name=op.f("fk_vote_flag_ideas_flag_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_vote_flag_ideas_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("flag_id", "idea_id", name=op.f("pk_vote_flag_ideas")),
    )
    op.create_index("ix_vote_flag_ideas_idea_id", "vote_flag_ideas", ["idea_id"])
    op.create_index(
        "ix_votes_withdrawn",
        "votes",
        ["voter_id", "idea_id"],
        sqlite_where=_WITHDRAWN,
        postgresql_where=_WITHDRAWN,
    )
    op.create_index("ix_votes_cast_at", "votes", ["cast_at"], postgresql_using="brin")


def downgrade() -> None:
    """Take the schema down."""
    op.drop_index("ix_votes_cast_at", table_name="votes")
    op.drop_index("ix_votes_withdrawn", table_name="votes")
    op.drop_table("vote_flag_ideas")
    op.drop_table("vote_flags")
    op.drop_table("point_rules")
