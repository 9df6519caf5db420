"""nudges: messages to a group, and whom they went to until they are measured."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None

_DUE = sa.text("sent_at IS NULL AND cancelled_at IS NULL")
_WATCHED = sa.text("sent_at IS NOT NULL AND measured_at IS NULL")
_ABOUT = (
    "(idea_id IS NULL OR campaign_id IS NULL) AND (idea_id IS NULL OR gathering_id IS NULL)"
    " AND (campaign_id IS NULL OR gathering_id IS NULL)"
)


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "nudges",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("title", sa.String(250), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("segment", sa.String(20), nullable=True),
        *(sa.Column(name, sa.String(24), nullable=True) for name in ("entity_id", "function_id")),
        *(
            sa.Column(name, sa.String(24), nullable=True)
            for name in ("idea_id", "campaign_id", "gathering_id")
        ),
        sa.Column("author_id", sa.String(24), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("send_at", "sent_at", "cancelled_at")),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("told", "held_out", "opened", "acted", "held_acted")
        ),
        sa.Column("measured_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(_ABOUT, name=op.f("ck_nudges_about")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_nudges_entity_id")),
        sa.ForeignKeyConstraint(["function_id"], ["functions.id"], name=op.f("fk_nudges_function_id")),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_nudges_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_nudges_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name=op.f("fk_nudges_gathering_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["employees.id"], name=op.f("fk_nudges_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudges")),
    )
    op.create_index("ix_nudges_created_at_id", "nudges", ["created_at", "id"])
    op.create_index("ix_nudges_due", "nudges", ["send_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    op.create_index(
        "ix_nudges_watched", "nudges", ["sent_at"], sqlite_where=_WATCHED, postgresql_where=_WATCHED
    )
    for name in ("idea_id", "campaign_id", "gathering_id"):
        op.create_index(op.f(f"ix_nudges_{name}"), "nudges", [name])
    op.create_table(
        "nudge_recipients",
        sa.Column("nudge_id", sa.String(24), nullable=False),
        sa.Column("employee_id", sa.String(24), nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nudge_id"], ["nudges.id"], name=op.f("fk_nudge_recipients_nudge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_nudge_recipients_employee_id")
        ),
        sa.PrimaryKeyConstraint("nudge_id", "employee_id", name=op.f("pk_nudge_recipients")),
    )
    op.create_index(op.f("ix_nudge_recipients_employee_id"), "nudge_recipients", ["employee_id"])


def downgrade() -> None:
    """Take the schema back; the nudges are lost."""
    op.drop_table("nudge_recipients")
    op.drop_table("nudges")
