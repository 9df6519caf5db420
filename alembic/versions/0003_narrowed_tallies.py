"""what the feed is narrowed by, beside what it is sorted by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SORT_KEYS = ("hot", "votes", "comments", "attention")
COPIES = ("stage", "theme_id", "function_id", "campaign_id", "origin_id")
SHOWN = sa.text("stage <> 'draft'")

_WATCHED = "stage, theme_id, function_id, campaign_id, origin_id, anonymous"
_FRESH = """stage = {idea}.stage, theme_id = {idea}.theme_id, function_id = {idea}.function_id,
    campaign_id = {idea}.campaign_id, origin_id = CASE WHEN {idea}.anonymous THEN NULL ELSE {idea}.origin_id END"""
_FILL = f"UPDATE tallies SET {_FRESH.format(idea='ideas')} FROM ideas WHERE ideas.id = tallies.idea_id"

_SQLITE = (
    f"""CREATE TRIGGER ideas_placed AFTER UPDATE OF {_WATCHED} ON ideas BEGIN
    UPDATE tallies SET {_FRESH.format(idea="new")} WHERE idea_id = new.id; END""",
    f"""CREATE TRIGGER tallies_placed AFTER INSERT ON tallies BEGIN
    UPDATE tallies SET {_FRESH.format(idea="ideas")} FROM ideas
    WHERE ideas.id = new.idea_id AND tallies.idea_id = new.idea_id; END""",
)
_POSTGRESQL = (
    f"""CREATE FUNCTION place_tally() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE tallies SET {_FRESH.format(idea="new")} WHERE idea_id = new.id; RETURN NULL; END $$""",
    f"""CREATE TRIGGER ideas_placed AFTER UPDATE OF {_WATCHED} ON ideas FOR EACH ROW
    WHEN ((old.stage, old.theme_id, old.function_id, old.campaign_id, old.origin_id, old.anonymous) IS DISTINCT FROM
    (new.stage, new.theme_id, new.function_id, new.campaign_id, new.origin_id, new.anonymous))
    EXECUTE FUNCTION place_tally()""",
    """CREATE FUNCTION place_new_tally() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT stage, theme_id, function_id, campaign_id, CASE WHEN anonymous THEN NULL ELSE origin_id END
    INTO new.stage, new.theme_id, new.function_id, new.campaign_id, new.origin_id FROM ideas WHERE id = new.idea_id;
    RETURN new; END $$""",
    """CREATE TRIGGER tallies_placed BEFORE INSERT ON tallies FOR EACH ROW
    EXECUTE FUNCTION place_new_tally()""",
)


def upgrade() -> None:
    """Bring the schema up."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for key in SORT_KEYS:
        op.drop_index(f"ix_tallies_{key}_idea_id", table_name="tallies")
    op.add_column("tallies", sa.Column("stage", sa.String(20), nullable=False, server_default="draft"))
    for name in COPIES[1:]:
        op.add_column("tallies", sa.Column(name, sa.String(24), nullable=True))
    op.execute(_FILL)
    for columns in [(key,) for key in SORT_KEYS] + [
        (by, key) for by in COPIES for key in SORT_KEYS if on_postgres
    ]:
        names = [*columns, "idea_id"]
        op.create_index(
            f"ix_tallies_{'_'.join(names)}", "tallies", names, sqlite_where=SHOWN, postgresql_where=SHOWN
        )
    for statement in _POSTGRESQL if on_postgres else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Take the schema down."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if on_postgres:
        op.execute("DROP TRIGGER ideas_placed ON ideas")
        op.execute("DROP TRIGGER tallies_placed ON tallies")
        op.execute("DROP FUNCTION place_tally()")
        op.execute("DROP FUNCTION place_new_tally()")
    else:
        op.execute("DROP TRIGGER ideas_placed")
        op.execute("DROP TRIGGER tallies_placed")
    for columns in [(key,) for key in SORT_KEYS] + [
        (by, key) for by in COPIES for key in SORT_KEYS if on_postgres
    ]:
        op.drop_index(f"ix_tallies_{'_'.join(columns)}_idea_id", table_name="tallies")
    for name in COPIES:
        op.drop_column("tallies", name)
    for key in SORT_KEYS:
        op.create_index(f"ix_tallies_{key}_idea_id", "tallies", [key, "idea_id"])
