"""participation is rolled up: what people have added to it, and triggers that note of whom that may have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_NOTE = "INSERT INTO participation_changes (employee_id)"
_WATCHED = {
    # table: (the column of the person, columns that matter)
    "employments": ("employee_id", ("employee_id", "started_at", "ended_at")),
    "sign_ins": ("employee_id", ("employee_id", "at")),
    "authorships": ("employee_id", ("employee_id", "state", "invited_at", "answered_at")),
    "comments": ("author_id", ("author_id", "created_at", "deleted_at", "source")),
    "votes": ("voter_id", ("voter_id", "idea_id", "cast_at", "withdrawn_at")),
}
_OF_VOTINGS = (
    "SELECT DISTINCT voter_id FROM votes WHERE idea_id IN"
    " (SELECT id FROM ideas WHERE campaign_id = {row}.campaign_id)"
)
_OTHERS = {
    # name: (table, columns that matter, the people whom a change of them concerns)
    "employees_kind": ("employees", ("kind",), "SELECT new.id"),
    "ideas_submitted": (
        "ideas",
        ("submitted_at", "source"),
        "SELECT employee_id FROM authorships WHERE idea_id = new.id",
    ),
    # Votes of a campaign that hides them don't count until its end.
    "ideas_moved": ("ideas", ("campaign_id",), "SELECT voter_id FROM votes WHERE idea_id = new.id"),
    "votings_opened": ("votings", ("hidden", "closed_at"), _OF_VOTINGS.format(row="new")),
}


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "participation_marks",
        sa.Column("employee_id", sa.String(24), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_participation_marks_employee_id")
        ),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_participation_marks")),
    )
    op.create_table(
        "participation_changes",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employee_id", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_participation_changes")),
    )
    for name, table, event, condition, statement in _list_triggers():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {statement}; RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW"
                f"{f' WHEN ({condition})' if condition else ''} EXECUTE FUNCTION {name}()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table}"
                f"{f' WHEN {condition}' if condition else ''} BEGIN {statement}; END"
            )


def _list_triggers() -> list[tuple[str, str, str, str, str]]:
    """Return name, table, event, condition and statement of each trigger."""
    found = []
    for table, (person, columns) in _WATCHED.items():
        name = f"participation_{table}"
        found += [
            (f"{name}_came", table, "INSERT", "", f"{_NOTE} SELECT new.{person}"),
            (f"{name}_went", table, "DELETE", "", f"{_NOTE} SELECT old.{person}"),
            (
                f"{name}_changed",
                table,
                f"UPDATE OF {', '.join(columns)}",
                _differ(columns),
                f"{_NOTE} SELECT new.{person} UNION SELECT old.{person}",
            ),
        ]
    for other, (table, columns, people) in _OTHERS.items():
        event = f"UPDATE OF {', '.join(columns)}"
        found.append((f"participation_{other}", table, event, _differ(columns), f"{_NOTE} {people}"))
    for event, row in (("INSERT", "new"), ("DELETE", "old")):
        people = _OF_VOTINGS.format(row=row)
        found.append((f"participation_votings_{row}", "votings", event, "", f"{_NOTE} {people}"))
    return found


def _differ(columns: tuple[str, ...]) -> str:
    if op.get_bind().dialect.name == "postgresql":
        return " OR ".join(f"old.{column} IS DISTINCT FROM new.{column}" for column in columns)
    return " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)


def downgrade() -> None:
    """Take the schema back; participation is counted from the history again."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in _list_triggers():
        op.execute(f"DROP TRIGGER {name} ON {table}" if on_postgres else f"DROP TRIGGER {name}")
        if on_postgres:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("participation_changes")
    op.drop_table("participation_marks")
    op.execute("DELETE FROM rollups WHERE dimension = 'people'")
    op.execute("DELETE FROM rollup_state WHERE id = 2")
