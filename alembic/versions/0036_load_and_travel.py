"""load and travel are rolled up: triggers that note which turns, answers and moves they hang on."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ANSWERS = "('acknowledge', 'clarify', 'decline', 'forward', 'recommend')"
_FIRST_AUTHOR = "SELECT employee_id FROM authorships WHERE position = 0 AND idea_id = {row}.idea_id"
_ANSWERED = (
    "SELECT employee_id FROM authorships WHERE position = 0 AND idea_id IN"
    " (SELECT idea_id FROM itinerary_actors WHERE employee_id = {row}.employee_id)"
)
_NOTE_IDEA = "INSERT INTO rollup_changes (subject) VALUES (new.idea_id)"
_NOTE_PEOPLE = "INSERT INTO participation_changes (employee_id)"
_TURN = ("kind", "function_id", "reviewer_id", "opened_at", "due_at", "paused_at", "closed_at")
_FORMER = (
    # name, event, condition: what the triggers on reviews were before
    ("rollups_reviews_counted", "INSERT", "new.first_answer_due_at IS NOT NULL"),
    (
        "rollups_reviews_changed",
        "UPDATE OF kind, first_answer_due_at, acknowledged_at, closed_at",
        ("kind", "first_answer_due_at", "acknowledged_at", "closed_at"),
    ),
)
_PRESENT = (
    ("rollups_reviews_counted", "INSERT", ""),
    (
        "rollups_reviews_changed",
        f"UPDATE OF {', '.join((*_TURN, 'first_answer_due_at', 'acknowledged_at'))}",
        (*_TURN, "first_answer_due_at", "acknowledged_at"),
    ),
)
_SPANS = ("employee_id", "entity_id", "started_at", "ended_at")
_TRAVELS = (
    # name, table, event, condition or the columns that have to differ, the people whom it concerns
    (
        "answered",
        "itinerary_entries",
        "INSERT",
        f"new.act IN {_ANSWERS}",
        _FIRST_AUTHOR.format(row="new"),
    ),
    (
        "actors_changed",
        "itinerary_actors",
        "UPDATE OF employee_id",
        ("employee_id",),
        _FIRST_AUTHOR.format(row="new"),
    ),
    (
        "ideas_signed",
        "ideas",
        "UPDATE OF anonymous, origin_id",
        ("anonymous", "origin_id"),
        "SELECT employee_id FROM authorships WHERE position = 0 AND idea_id = new.id",
    ),
    (
        "first_author",
        "authorships",
        "UPDATE OF position",
        ("position",),
        "SELECT new.employee_id",
    ),
    ("answerer_came", "employments", "INSERT", "", _ANSWERED.format(row="new")),
    ("answerer_went", "employments", "DELETE", "", _ANSWERED.format(row="old")),
    (
        "answerer_moved",
        "employments",
        f"UPDATE OF {', '.join(_SPANS)}",
        _SPANS,
        f"{_ANSWERED.format(row='new')} UNION {_ANSWERED.format(row='old')}",
    ),
)


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(
        "ix_reviews_carriers",
        "reviews",
        ["function_id", "reviewer_id", "closed_at"],
        sqlite_where=sa.text("kind = 'review'"),
        postgresql_where=sa.text("kind = 'review'"),
    )
    _watch_reviews(_PRESENT)
    for name, table, event, condition, people in _TRAVELS:
        _watch(f"participation_{name}", table, event, condition, f"{_NOTE_PEOPLE} {people}")


def _watch_reviews(triggers: tuple[tuple[str, str, str | tuple[str, ...]], ...]) -> None:
    """Put other triggers in the place of those on reviews."""
    for name, event, condition in triggers:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON reviews")
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON reviews FOR EACH ROW {_write_when(condition)}"
                " EXECUTE FUNCTION note_idea_for_rollups()"
            )
        else:
            op.execute(f"DROP TRIGGER {name}")
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON reviews {_write_when(condition)} BEGIN {_NOTE_IDEA}; END"
            )


def _watch(name: str, table: str, event: str, condition: str | tuple[str, ...], statement: str) -> None:
    when = _write_when(condition)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {statement}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN {statement}; END")


def _write_when(condition: str | tuple[str, ...]) -> str:
    """Return when a trigger fires: on a condition, or when one of some columns differs."""
    if isinstance(condition, tuple):
        differs = "IS DISTINCT FROM" if op.get_bind().dialect.name == "postgresql" else "IS NOT"
        condition = " OR ".join(f"old.{column} {differs} new.{column}" for column in condition)
    return f"WHEN ({condition})" if condition else ""


def downgrade() -> None:
    """Take the schema back; load and travel are counted from the history again."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in _TRAVELS:
        op.execute(f"DROP TRIGGER participation_{name}{f' ON {table}' if on_postgres else ''}")
        if on_postgres:
            op.execute(f"DROP FUNCTION participation_{name}()")
    _watch_reviews(_FORMER)
    op.drop_index("ix_reviews_carriers", "reviews")
    op.execute("UPDATE rollup_state SET version = 0")
