"""erasing people, what they wish for then, and what they want corrected."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ID = sa.String(24)


def _of(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE" if cascade else None
    )


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("employees", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.create_table(
        "erasure_wishes",
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("comments", sa.String(10), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        _of("erasure_wishes", "employee_id", "employees"),
        sa.PrimaryKeyConstraint("employee_id", name="pk_erasure_wishes"),
    )
    op.create_table(
        "erasure_choices",
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("idea_id", _ID, nullable=False),
        _of("erasure_choices", "employee_id", "employees"),
        _of("erasure_choices", "idea_id", "ideas", cascade=True),
        sa.PrimaryKeyConstraint("employee_id", "idea_id", name="pk_erasure_choices"),
    )
    op.create_table(
        "erasures",
        sa.Column("id", _ID, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("former_id", _ID, nullable=True),
        sa.Column("nameless_id", _ID, nullable=True),
        sa.Column("swept_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    unswept = sa.text("swept_at IS NULL")
    op.create_index(
        "ix_erasures_unswept", "erasures", ["made_at"], sqlite_where=unswept, postgresql_where=unswept
    )
    op.create_table(
        "content_removals",
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        _of("content_removals", "idea_id", "ideas", cascade=True),
        sa.PrimaryKeyConstraint("idea_id", name="pk_content_removals"),
    )
    op.create_index("ix_content_removals_due_at", "content_removals", ["due_at"])
    op.create_table(
        "corrections",
        sa.Column("id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", _ID, nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        _of("corrections", "employee_id", "employees"),
        _of("corrections", "settled_by", "employees"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
    )
    op.create_index(
        "ix_corrections_employee_id_asked_at_id", "corrections", ["employee_id", "asked_at", "id"]
    )
    op.create_index("ix_corrections_asked_at_id", "corrections", ["asked_at", "id"])


def downgrade() -> None:
    """Take the schema down."""
    for table in ("corrections", "content_removals", "erasures", "erasure_choices", "erasure_wishes"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        # In place: a rebuilt table would take what refers to it along.
        op.execute("ALTER TABLE employees DROP COLUMN erased_at")
    else:
        op.drop_column("employees", "erased_at")
