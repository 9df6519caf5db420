"""campaigns have phases, an audience, own fields and a report.

What ran until now collected ideas from its start to its end.
"""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_OPEN = sa.text("ended_at IS NULL")
_CURRENT = sa.text("retired_at IS NULL")
_MOMENTS = ("collects_until", "edits_until", "votes_until", "closed_at")


def upgrade() -> None:
    """Bring the schema up."""
    _widen_campaigns()
    _make_phases()
    _make_audiences()
    _make_reports()
    _make_fields()


def _widen_campaigns() -> None:
    # In place: a rebuilt table would lose its triggers.
    op.add_column("campaigns", sa.Column("context", sa.String(), nullable=False, server_default=""))
    op.add_column("campaigns", sa.Column("state", sa.String(10), nullable=False, server_default="announced"))
    op.add_column("campaigns", sa.Column("zone", sa.String(64), nullable=False, server_default="UTC"))
    op.add_column("campaigns", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for name in _MOMENTS:
        op.add_column("campaigns", sa.Column(name, UtcDateTime(), nullable=True))
    op.execute("UPDATE campaigns SET collects_until = ends_at, edits_until = ends_at WHERE NOT permanent")


def _make_phases() -> None:
    op.create_table(
        "campaign_phases",
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_campaign_phases_campaign_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "kind", name="pk_campaign_phases"),
    )
    op.create_index(
        "ix_campaign_phases_open",
        "campaign_phases",
        ["starts_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    # Nobody is told of the start of what was announced before there were phases.
    op.execute(
        "INSERT INTO campaign_phases (campaign_id, kind, starts_at, ends_at, began_at) "
        "SELECT id, 'collect', starts_at, ends_at, starts_at FROM campaigns "
        "WHERE NOT permanent AND ends_at > starts_at"
    )


def _make_audiences() -> None:
    op.create_table(
        "campaign_entities",
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("entity_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_campaign_entities_campaign_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="fk_campaign_entities_entity_id"),
        sa.PrimaryKeyConstraint("campaign_id", "entity_id", name="pk_campaign_entities"),
    )


def _make_reports() -> None:
    op.create_table(
        "campaign_reports",
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("learnt", sa.String(), nullable=False),
        sa.Column("others", sa.String(), nullable=False),
        sa.Column("written_by", _ID, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_campaign_reports_campaign_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["employees.id"], name="fk_campaign_reports_written_by"),
        sa.PrimaryKeyConstraint("campaign_id", name="pk_campaign_reports"),
    )
    op.create_table(
        "campaign_report_ideas",
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_campaign_report_ideas_campaign_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name="fk_campaign_report_ideas_idea_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "idea_id", name="pk_campaign_report_ideas"),
    )


def _make_fields() -> None:
    op.create_table(
        "campaign_fields",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_campaign_fields_campaign_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_fields"),
    )
    op.create_index("ix_campaign_fields_campaign_id", "campaign_fields", ["campaign_id"])
    op.create_index(
        "uq_campaign_fields_current",
        "campaign_fields",
        ["campaign_id", "key"],
        unique=True,
        sqlite_where=_CURRENT,
        postgresql_where=_CURRENT,
    )
    op.create_table(
        "field_values",
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("field_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("folded", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name="fk_field_values_idea_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["field_id"], ["campaign_fields.id"], name="fk_field_values_field_id"),
        sa.PrimaryKeyConstraint("idea_id", "field_id", "place", name="pk_field_values"),
    )
    op.create_index("ix_field_values_folded", "field_values", ["field_id", "folded", "idea_id"])


def downgrade() -> None:
    """Take the schema down."""
    for table in (
        "field_values",
        "campaign_fields",
        "campaign_report_ideas",
        "campaign_reports",
        "campaign_entities",
        "campaign_phases",
    ):
        op.drop_table(table)
    for name in ("context", "state", "zone", "version", *_MOMENTS):
        op.drop_column("campaigns", name)
