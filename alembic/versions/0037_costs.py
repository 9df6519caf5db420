"""costs: what projects and prizes cost, so that figures can tell a return."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_PRICED = ("prizes", "prize_awards")
_AMOUNTS = ("stage", "at", "amount", "currency", "per")
_NOTE = "INSERT INTO rollup_changes (subject) VALUES (new.idea_id)"


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("gates", sa.Column("cost", sa.Numeric(18, 2), nullable=True))
    op.add_column("gates", sa.Column("cost_currency", sa.String(3), nullable=True))
    for table in _PRICED:
        op.add_column(table, sa.Column("price", sa.Numeric(18, 2), nullable=True))
        op.add_column(table, sa.Column("price_currency", sa.String(3), nullable=True))
    priced = sa.text("price IS NOT NULL")
    op.create_index(
        "ix_prize_awards_priced",
        "prize_awards",
        ["price_currency", "decided_at", "price"],
        sqlite_where=priced,
        postgresql_where=priced,
    )
    _watch("new.amount IS NOT NULL OR new.cost IS NOT NULL", (*_AMOUNTS, "cost", "cost_currency"))


def _watch(counted: str, columns: tuple[str, ...]) -> None:
    """Put other triggers in the place of those on gates."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    differs = "IS DISTINCT FROM" if on_postgres else "IS NOT"
    changed = " OR ".join(f"old.{column} {differs} new.{column}" for column in columns)
    for name, event, condition in (
        ("rollups_gates_counted", "INSERT", counted),
        ("rollups_gates_changed", f"UPDATE OF {', '.join(columns)}", changed),
    ):
        op.execute(f"DROP TRIGGER {name}{' ON gates' if on_postgres else ''}")
        what = "FOR EACH ROW " if on_postgres else ""
        acts = "EXECUTE FUNCTION note_idea_for_rollups()" if on_postgres else f"BEGIN {_NOTE}; END"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON gates {what}WHEN ({condition}) {acts}")


def downgrade() -> None:
    """Take the schema back; what projects and prizes cost is lost, and figures are counted anew."""
    _watch("new.amount IS NOT NULL", _AMOUNTS)
    op.drop_index("ix_prize_awards_priced", "prize_awards")
    for table in _PRICED:
        op.drop_column(table, "price_currency")
        op.drop_column(table, "price")
    op.drop_column("gates", "cost_currency")
    op.drop_column("gates", "cost")
    op.execute("UPDATE rollup_state SET version = 0")
