"""the register for the works council, chained by hash, with people apart from the chain."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0025"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_HASH = sa.String(64)
_GENESIS = "0" * 64


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "register_names",
        sa.Column("ref", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name="fk_register_names_employee_id"),
        sa.PrimaryKeyConstraint("ref", name="pk_register_names"),
    )
    op.create_index("ix_register_names_employee_id", "register_names", ["employee_id"])
    op.create_table(
        "register_entries",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("actor_ref", _ID, nullable=True),
        sa.Column("about_ref", _ID, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("salt", _HASH, nullable=True),
        sa.Column("commitment", _HASH, nullable=False),
        sa.Column("previous", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.ForeignKeyConstraint(["actor_ref"], ["register_names.ref"], name="fk_register_entries_actor_ref"),
        sa.ForeignKeyConstraint(["about_ref"], ["register_names.ref"], name="fk_register_entries_about_ref"),
        sa.PrimaryKeyConstraint("position", name="pk_register_entries"),
    )
    op.create_index("ix_register_entries_kind_position", "register_entries", ["kind", "position"])
    op.create_index("ix_register_entries_at", "register_entries", ["at"])
    op.create_index("ix_register_entries_subject", "register_entries", ["subject"])
    heads = op.create_table(
        "register_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("anchored_position", sa.Integer(), nullable=False),
        sa.Column("anchored_hash", _HASH, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_register_heads_one"),
        sa.PrimaryKeyConstraint("id", name="pk_register_heads"),
    )
    op.bulk_insert(
        heads, [{"id": 1, "position": 0, "hash": _GENESIS, "anchored_position": 0, "anchored_hash": ""}]
    )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("register_heads")
    op.drop_table("register_entries")
    op.drop_table("register_names")
