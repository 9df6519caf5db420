"""the clock: calendars, absences, capacities and the chain of a review."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RUNNING = sa.text("closed_at IS NULL AND paused_at IS NULL AND step_due_at IS NOT NULL")
_CLOSED = sa.text("closed_at IS NOT NULL")
_CHAIN = ("due_at", "step", "step_due_at", "reassigned")
# Who waits already is reminded when it is due instead of a working day before: there were no reminders yet.
_DUE = "CASE WHEN kind = 'committee' OR acknowledged_at IS NOT NULL THEN decision_due_at ELSE first_answer_due_at END"
_FILL = f"UPDATE reviews SET due_at = {_DUE}, step = 'remind', step_due_at = {_DUE} WHERE closed_at IS NULL"


def upgrade() -> None:
    """Bring the schema up."""
    _create_calendars()
    op.create_table(
        "clock_policies",
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("remind_before", sa.Integer(), nullable=False),
        sa.Column("reassign_after", sa.Integer(), nullable=False),
        sa.Column("escalate_after", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("stage", name=op.f("pk_clock_policies")),
    )
    _create_for_people("absences", sa.Column("first_day", sa.Date(), nullable=False), _last_day())
    _create_for_people("capacities", sa.Column("reviews", sa.Integer(), nullable=False))
    op.add_column("reviews", sa.Column("due_at", UtcDateTime(), nullable=True))
    op.add_column("reviews", sa.Column("step", sa.String(length=20), nullable=True))
    op.add_column("reviews", sa.Column("step_due_at", UtcDateTime(), nullable=True))
    op.add_column("reviews", sa.Column("reassigned", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_FILL)
    op.create_index(
        "ix_reviews_step_due_at",
        "reviews",
        ["step_due_at", "id"],
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index(
        "ix_reviews_closed_at", "reviews", ["closed_at"], sqlite_where=_CLOSED, postgresql_where=_CLOSED
    )


def _last_day() -> sa.Column:
    return sa.Column("last_day", sa.Date(), nullable=False)


def _create_calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=10), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        sa.UniqueConstraint("name", name=op.f("uq_calendars_name")),
    )
    op.create_table(
        "closures",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("calendar_id", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        _last_day(),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_closures_calendar_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_index(op.f("ix_closures_calendar_id"), "closures", ["calendar_id"])
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_id", sa.String(length=24), nullable=True))
        batch_op.create_foreign_key(op.f("fk_entities_calendar_id"), "calendars", ["calendar_id"], ["id"])


def _create_for_people(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("employee_id", sa.String(length=24), nullable=False),
        *columns,
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f(f"fk_{table}_employee_id")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_index("ix_reviews_closed_at", table_name="reviews")
    op.drop_index("ix_reviews_step_due_at", table_name="reviews")
    for name in _CHAIN:
        op.drop_column("reviews", name)
    for table in ("capacities", "absences", "clock_policies"):
        op.drop_table(table)
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_entities_calendar_id"), type_="foreignkey")
        batch_op.drop_column("calendar_id")
    op.drop_index(op.f("ix_closures_calendar_id"), table_name="closures")
    op.drop_table("closures")
    op.drop_table("calendars")
