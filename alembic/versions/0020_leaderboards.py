"""leaderboards: points by season and unit, standings, and who wants to be compared."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_SCOPE = sa.String(40)


def upgrade() -> None:
    """Bring the schema up, with everybody's points to be taken over."""
    op.create_table(
        "season_points",
        _employee(),
        sa.Column("scope", _SCOPE, nullable=False),
        sa.Column("entity_id", _ID, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        _to_employee("season_points"),
        sa.PrimaryKeyConstraint("employee_id", "scope", "entity_id", name=op.f("pk_season_points")),
    )
    op.create_index("ix_season_points_scope", "season_points", ["scope", "entity_id"])
    op.create_table(
        "person_standings",
        _employee(),
        sa.Column("scope", _SCOPE, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        _to_employee("person_standings"),
        sa.PrimaryKeyConstraint("employee_id", "scope", name=op.f("pk_person_standings")),
    )
    op.create_index("ix_person_standings_scope", "person_standings", ["scope", "points", "employee_id"])
    op.create_table(
        "unit_standings",
        sa.Column("scope", _SCOPE, nullable=False),
        sa.Column("entity_id", _ID, nullable=False),
        sa.Column("board", sa.String(10), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("per_head", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_unit_standings_entity_id")),
        sa.PrimaryKeyConstraint("scope", "entity_id", name=op.f("pk_unit_standings")),
    )
    op.create_index("ix_unit_standings_scope", "unit_standings", ["scope", "board", "rank", "entity_id"])
    op.create_table(
        "standing_scopes",
        sa.Column("scope", _SCOPE, nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_standing_scopes")),
    )
    op.create_table(
        "standing_changes",
        _employee(),
        _to_employee("standing_changes"),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_standing_changes")),
    )
    op.create_table(
        "contenders",
        _employee(),
        sa.Column("since", UtcDateTime(), nullable=False),
        _to_employee("contenders"),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_contenders")),
    )
    op.execute("INSERT INTO standing_changes (employee_id) SELECT DISTINCT employee_id FROM activity_days")


def _employee() -> sa.Column[str]:
    return sa.Column("employee_id", _ID, nullable=False)


def _to_employee(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f(f"fk_{table}_employee_id"))


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("contenders")
    op.drop_table("standing_changes")
    op.drop_table("standing_scopes")
    op.drop_index("ix_unit_standings_scope", table_name="unit_standings")
    op.drop_table("unit_standings")
    op.drop_index("ix_person_standings_scope", table_name="person_standings")
    op.drop_table("person_standings")
    op.drop_index("ix_season_points_scope", table_name="season_points")
    op.drop_table("season_points")
