"""votings: campaigns with tokens, and with votes that are hidden until the end."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_FRESH = """stage = ideas.stage, theme_id = ideas.theme_id, function_id = ideas.function_id,
    campaign_id = ideas.campaign_id, origin_id = CASE WHEN ideas.anonymous THEN NULL ELSE ideas.origin_id END"""
_COUNTING = """coalesce((SELECT CASE WHEN closed_at IS NOT NULL THEN 'over' WHEN hidden THEN 'sealed' ELSE 'bound' END
    FROM votings WHERE votings.campaign_id = {idea}.campaign_id), 'free')"""

_SQLITE_BEFORE = f"""CREATE TRIGGER tallies_placed AFTER INSERT ON tallies BEGIN
    UPDATE tallies SET {_FRESH} FROM ideas WHERE ideas.id = new.idea_id AND tallies.idea_id = new.idea_id; END"""
_SQLITE = (
    f"""CREATE TRIGGER tallies_placed AFTER INSERT ON tallies BEGIN
    UPDATE tallies SET {_FRESH}, counting = {_COUNTING.format(idea="ideas")} FROM ideas
    WHERE ideas.id = new.idea_id AND tallies.idea_id = new.idea_id; END""",
    f"""CREATE TRIGGER ideas_recounted AFTER UPDATE OF campaign_id ON ideas
    WHEN old.campaign_id <> new.campaign_id BEGIN
    UPDATE tallies SET counting = {_COUNTING.format(idea="new")} WHERE idea_id = new.id; END""",
)
_PLACED = """CREATE OR REPLACE FUNCTION place_new_tally() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT stage, theme_id, function_id, campaign_id, CASE WHEN anonymous THEN NULL ELSE origin_id END{more}
    INTO new.stage, new.theme_id, new.function_id, new.campaign_id, new.origin_id{into} FROM ideas WHERE id = new.idea_id;
    RETURN new; END $$"""
_POSTGRESQL_BEFORE = _PLACED.format(more="", into="")
# How votes are counted is read anew by each statement of a function, and whoever changes it holds the campaign, which a
# new reference to it waits for: no idea comes in with what was right a moment ago.
_POSTGRESQL = (
    _PLACED.format(more=f", {_COUNTING.format(idea='ideas')}", into=", new.counting"),
    f"""CREATE FUNCTION recount_tally() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE tallies SET counting = {_COUNTING.format(idea="new")} WHERE idea_id = new.id; RETURN NULL; END $$""",
    """CREATE TRIGGER ideas_recounted AFTER UPDATE OF campaign_id ON ideas FOR EACH ROW
    WHEN (old.campaign_id <> new.campaign_id) EXECUTE FUNCTION recount_tally()""",
)
_OPEN = """UPDATE tallies SET votes = standing.number, attention = attention + 2 * standing.number
    FROM (SELECT idea_id, count(*) AS number FROM votes WHERE withdrawn_at IS NULL GROUP BY idea_id) AS standing
    WHERE standing.idea_id = tallies.idea_id AND tallies.counting = 'sealed'"""


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "votings",
        sa.Column("campaign_id", sa.String(24), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("tokens BETWEEN 1 AND 100", name=op.f("ck_votings_tokens")),
        sa.CheckConstraint("tokens IS NOT NULL OR hidden", name=op.f("ck_votings_not_free")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_votings_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_votings")),
    )
    op.add_column("tallies", sa.Column("counting", sa.String(10), nullable=False, server_default="free"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER tallies_placed")
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the schema down; what was hidden is counted, as a release that knows of no such votes has it."""
    op.execute(_OPEN)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER ideas_recounted")
        op.execute("DROP TRIGGER tallies_placed")
        op.execute(_SQLITE_BEFORE)
    else:
        op.execute("DROP TRIGGER ideas_recounted ON ideas")
        op.execute("DROP FUNCTION recount_tally()")
        op.execute(_POSTGRESQL_BEFORE)
    op.drop_column("tallies", "counting")
    op.drop_table("votings")
