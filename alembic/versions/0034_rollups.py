"""roll-ups: sums of figures beside the history, and triggers that note which ideas they lag behind."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_WATCHED = ("stage", "submitted_at", "theme_id", "function_id", "campaign_id", "anonymous", "origin_id")
_NOTE = "INSERT INTO rollup_changes (subject) VALUES ({subject});"
_TRIGGERS = (
    # (name, table, when it fires, whose idea changed, on what condition)
    ("rollups_ideas_counted", "ideas", "INSERT", "new.id", "new.submitted_at IS NOT NULL"),
    ("rollups_ideas_removed", "ideas", "DELETE", "old.id", "old.submitted_at IS NOT NULL"),
    ("rollups_entries_counted", "itinerary_entries", "INSERT", "new.idea_id", ""),
    ("rollups_gates_counted", "gates", "INSERT", "new.idea_id", "new.amount IS NOT NULL"),
    ("rollups_reviews_counted", "reviews", "INSERT", "new.idea_id", "new.first_answer_due_at IS NOT NULL"),
)
_CHANGES = (
    # (name, table, columns, whose idea changed)
    ("rollups_ideas_changed", "ideas", _WATCHED, "new.id"),
    ("rollups_gates_changed", "gates", ("stage", "at", "amount", "currency", "per"), "new.idea_id"),
    (
        "rollups_reviews_changed",
        "reviews",
        ("kind", "first_answer_due_at", "acknowledged_at", "closed_at"),
        "new.idea_id",
    ),
)


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "rollups",
        sa.Column("dimension", sa.String(10), nullable=False),
        sa.Column("value", sa.String(24), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("sums", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("dimension", "value", "month", "part", name=op.f("pk_rollups")),
    )
    op.create_table(
        "rollup_marks",
        sa.Column("subject", sa.String(24), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_rollup_marks")),
    )
    op.create_table(
        "rollup_changes",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_rollup_changes")),
    )
    op.create_table(
        "rollup_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(100), nullable=False),
        sa.Column("tree", sa.String(64), nullable=False),
        sa.Column("parents", sa.String(), nullable=False),
        sa.Column("building", sa.BigInteger(), nullable=False),
        sa.Column("regrouping", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_state")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _watch_on_postgresql()
    else:
        _watch_on_sqlite()


def _watch_on_sqlite() -> None:
    for name, table, event, subject, condition in _TRIGGERS:
        when = f"WHEN {condition}" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN {_NOTE.format(subject=subject)} END"
        )
    for name, table, columns, subject in _CHANGES:
        differs = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
        op.execute(
            f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(columns)} ON {table}"
            f" WHEN {differs} BEGIN {_NOTE.format(subject=subject)} END"
        )


def _watch_on_postgresql() -> None:
    for name, subject in (("id", "id"), ("idea", "idea_id")):
        op.execute(
            f"CREATE FUNCTION note_{name}_for_rollups() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" {_NOTE.format(subject=f'coalesce(new.{subject}, old.{subject})')} RETURN NULL; END $$"
        )
    for name, table, event, subject, condition in _TRIGGERS:
        when = f"WHEN ({condition})" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
            f" EXECUTE FUNCTION {_get_function(subject)}()"
        )
    for name, table, columns, subject in _CHANGES:
        old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
        op.execute(
            f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW"
            f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION {_get_function(subject)}()"
        )


def _get_function(subject: str) -> str:
    return "note_id_for_rollups" if subject.endswith(".id") else "note_idea_for_rollups"


def downgrade() -> None:
    """Take the schema back; figures are counted from the history again."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in (*_TRIGGERS, *_CHANGES):
        op.execute(f"DROP TRIGGER {name} ON {table}" if on_postgres else f"DROP TRIGGER {name}")
    if on_postgres:
        op.execute("DROP FUNCTION note_id_for_rollups()")
        op.execute("DROP FUNCTION note_idea_for_rollups()")
    op.drop_table("rollup_state")
    op.drop_table("rollup_changes")
    op.drop_table("rollup_marks")
    op.drop_table("rollups")
