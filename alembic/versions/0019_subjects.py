"""notifications are about more than ideas, and crowds are told in slices."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_OPEN = sa.text("ended_at IS NULL")
_ASKING = sa.text("asks AND resolved_at IS NULL")
_UNREAD = sa.text("read_at IS NULL")
_MINE = ["employee_id", "position"]
_PARTIAL = {"ix_inbox_unread": _UNREAD, "ix_inbox_asking": _ASKING}


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column(
        "inbox", sa.Column("subject_kind", sa.String(20), nullable=False, server_default=sa.text("'idea'"))
    )
    op.add_column("inbox", sa.Column("subject_id", _ID, nullable=True))
    op.execute("UPDATE inbox SET subject_id = idea_id")
    last = _read_last_position()
    _drop_partial_indexes()
    with op.batch_alter_table("inbox", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("subject_kind", existing_type=sa.String(20), server_default=None)
        batch.alter_column("subject_id", existing_type=_ID, nullable=False)
        batch.alter_column("idea_id", existing_type=_ID, nullable=True)
        batch.create_check_constraint(
            op.f("ck_inbox_subject"), "(subject_kind = 'idea') = (idea_id IS NOT NULL)"
        )
    _make_partial_indexes()
    _keep_last_position(last)
    op.create_index("ix_inbox_asked", "inbox", ["subject_id"], sqlite_where=_ASKING, postgresql_where=_ASKING)
    # In place: a rebuilt table would lose its triggers.
    op.add_column("campaign_phases", sa.Column("warned_at", UtcDateTime(), nullable=True))
    _make_broadcasts()


def _make_broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", _ID, nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", _ID, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reached", _ID, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["employees.id"], name=op.f("fk_broadcasts_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index("uq_broadcasts_once", "broadcasts", ["event_sequence", "kind"], unique=True)
    op.create_index(
        "ix_broadcasts_open",
        "broadcasts",
        ["event_sequence"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _read_last_position() -> int | None:
    """Return the highest position ever given, where a rebuilt table would forget it."""
    if not _is_sqlite():
        return None
    found = op.get_bind().execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'inbox'"))
    last: int | None = found.scalar()
    return last


def _keep_last_position(last: int | None) -> None:
    if last is not None:
        here = op.get_bind()
        here.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'inbox'"))
        here.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', :last)"), {"last": last}
        )


def _drop_partial_indexes() -> None:
    # Reflected for a rebuild, they would come back without their conditions.
    if _is_sqlite():
        for name in _PARTIAL:
            op.drop_index(name, table_name="inbox")


def _make_partial_indexes() -> None:
    if _is_sqlite():
        for name, where in _PARTIAL.items():
            op.create_index(name, "inbox", _MINE, sqlite_where=where)


def downgrade() -> None:
    """Take the schema down: what was told about anything but ideas goes."""
    op.drop_table("broadcasts")
    op.drop_column("campaign_phases", "warned_at")
    op.drop_index("ix_inbox_asked", table_name="inbox")
    op.execute(
        "DELETE FROM delivery_items WHERE notification_id IN (SELECT id FROM inbox WHERE idea_id IS NULL)"
    )
    op.execute("DELETE FROM inbox WHERE idea_id IS NULL")
    last = _read_last_position()
    _drop_partial_indexes()
    with op.batch_alter_table("inbox", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f("ck_inbox_subject"), type_="check")
        batch.alter_column("idea_id", existing_type=_ID, nullable=False)
        batch.drop_column("subject_id")
        batch.drop_column("subject_kind")
    _make_partial_indexes()
    _keep_last_position(last)
