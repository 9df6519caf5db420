"""activity: what each person contributed on each day, and whose days have to be counted again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COUNTS = (
    "sign_ins",
    "ideas",
    "named_ideas",
    "comments",
    "named_comments",
    "votes",
    "answers",
    "points",
    "named_points",
)
# Whoever is here already is counted from the beginning.
_COUNT_ALL = "INSERT INTO activity_changes (employee_id, since) SELECT id, DATE '1970-01-01' FROM employees"


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "activity_days",
        _person(),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_activity_days_employee_id")),
        sa.PrimaryKeyConstraint("employee_id", "day", name=op.f("pk_activity_days")),
    )
    op.create_index("ix_activity_days_day", "activity_days", ["day", "employee_id"])
    op.create_table(
        "activity_changes",
        _person(),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_activity_changes_employee_id")
        ),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_activity_changes")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_COUNT_ALL.replace("DATE '", "'") if on_sqlite else _COUNT_ALL)


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("activity_changes")
    op.drop_index("ix_activity_days_day", table_name="activity_days")
    op.drop_table("activity_days")


def _person() -> sa.Column:
    return sa.Column("employee_id", sa.String(length=24), nullable=False)
