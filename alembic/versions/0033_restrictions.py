"""restrictions: ideas for their authors and the readers of a lane alone."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_STANDING = sa.text("lifted_at IS NULL")
_RUNNING = sa.text("state = 'open' AND step_due_at IS NOT NULL")


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("ideas", sa.Column("restriction", sa.String(30), nullable=True))
    op.create_table(
        "restriction_lanes",
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("escalation_id", sa.String(24), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["employees.id"], name=op.f("fk_restriction_lanes_escalation_id")
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_restriction_lanes")),
    )
    op.create_index(op.f("ix_restriction_lanes_escalation_id"), "restriction_lanes", ["escalation_id"])
    op.create_table(
        "restriction_readers",
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("employee_id", sa.String(24), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_restriction_readers_employee_id")
        ),
        sa.PrimaryKeyConstraint("kind", "employee_id", name=op.f("pk_restriction_readers")),
    )
    op.create_index(op.f("ix_restriction_readers_employee_id"), "restriction_readers", ["employee_id"])
    _create_restrictions()
    op.create_table(
        "restriction_messages",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("restriction_id", sa.String(24), nullable=False),
        sa.Column("author_id", sa.String(24), nullable=False),
        sa.Column("by_author", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["employees.id"], name=op.f("fk_restriction_messages_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["restriction_id"],
            ["restrictions.id"],
            name=op.f("fk_restriction_messages_restriction_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction_messages")),
    )
    op.create_index(
        "ix_restriction_messages_restriction_id_at", "restriction_messages", ["restriction_id", "at", "id"]
    )
    op.create_index("ix_restriction_messages_author_id", "restriction_messages", ["author_id"])


def _create_restrictions() -> None:
    people = ("actor_id", "reader_id", "answered_by_id")
    op.create_table(
        "restrictions",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("idea_id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_author", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.String(24), nullable=True),
        sa.Column("former_stage", sa.String(20), nullable=False),
        sa.Column("former_submitted_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("reader_id", sa.String(24), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("decision_due_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("step", sa.String(20), nullable=True),
        sa.Column("step_due_at", UtcDateTime(), nullable=True),
        sa.Column("reassigned", sa.Boolean(), nullable=False),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.String(24), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_restrictions_idea_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint([person], ["employees.id"], name=op.f(f"fk_restrictions_{person}"))
            for person in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restrictions")),
    )
    for person in people:
        op.create_index(op.f(f"ix_restrictions_{person}"), "restrictions", [person])
    op.create_index(
        "uq_restrictions_standing",
        "restrictions",
        ["idea_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_index("ix_restrictions_kind_opened_at", "restrictions", ["kind", "opened_at", "id"])
    op.create_index(
        "ix_restrictions_step_due_at",
        "restrictions",
        ["step_due_at", "id"],
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )


def downgrade() -> None:
    """Take the schema back; restricted ideas stay drafts of their authors, which nobody else finds."""
    op.drop_table("restriction_messages")
    op.drop_table("restrictions")
    op.drop_table("restriction_readers")
    op.drop_table("restriction_lanes")
    op.drop_column("ideas", "restriction")
