"""the register for the works council, chained by hash, with people apart from the chain; opening identities."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0025"
down_revision = "0021"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_HASH = sa.String(64)
_ASKED = sa.text("state = 'asked'")
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
    op.create_table(
        "identity_openings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("asked_by_id", _ID, nullable=False),
        sa.Column("second_id", _ID, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("shown_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name="fk_identity_openings_idea_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["employees.id"], name="fk_identity_openings_asked_by_id"),
        sa.ForeignKeyConstraint(["second_id"], ["employees.id"], name="fk_identity_openings_second_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_openings"),
    )
    op.create_index(
        "uq_identity_openings_asked",
        "identity_openings",
        ["idea_id", "asked_by_id"],
        unique=True,
        sqlite_where=_ASKED,
        postgresql_where=_ASKED,
    )
    for column in ("asked_by_id", "second_id"):
        name = f"ix_identity_openings_{column}_asked_at"
        op.create_index(name, "identity_openings", [column, "asked_at"])
    op.create_index(
        "ix_identity_openings_due_at",
        "identity_openings",
        ["due_at"],
        sqlite_where=_ASKED,
        postgresql_where=_ASKED,
    )
    op.bulk_insert(
        heads, [{"id": 1, "position": 0, "hash": _GENESIS, "anchored_position": 0, "anchored_hash": ""}]
    )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("identity_openings")
    op.drop_table("register_heads")
    op.drop_table("register_entries")
    op.drop_table("register_names")
