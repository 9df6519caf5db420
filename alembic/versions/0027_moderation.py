"""reporting, moderating and hiding content."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ID = sa.String(24)


def _of(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE" if cascade else None
    )


def upgrade() -> None:
    """Bring the schema up."""
    for table in ("ideas", "comments"):
        op.add_column(table, sa.Column("hidden_code", sa.String(20), nullable=True))
    op.add_column("comments", sa.Column("hidden_at", UtcDateTime(), nullable=True))
    op.create_table(
        "moderation_cases",
        sa.Column("id", _ID, nullable=False),
        sa.Column("content", sa.String(10), nullable=False),
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("comment_id", _ID, nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("moderator_id", _ID, nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("original", sa.JSON(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("appealed_at", UtcDateTime(), nullable=True),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(content = 'comment') = (comment_id IS NOT NULL)", name="ck_moderation_cases_content"
        ),
        _of("moderation_cases", "idea_id", "ideas", cascade=True),
        _of("moderation_cases", "comment_id", "comments", cascade=True),
        _of("moderation_cases", "moderator_id", "employees"),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_cases"),
    )
    op.create_index("uq_moderation_cases_comment", "moderation_cases", ["comment_id"], unique=True)
    whole = sa.text("comment_id IS NULL")
    op.create_index(
        "uq_moderation_cases_idea",
        "moderation_cases",
        ["idea_id"],
        unique=True,
        sqlite_where=whole,
        postgresql_where=whole,
    )
    op.create_index(
        "ix_moderation_cases_moderator_id_opened_at_id",
        "moderation_cases",
        ["moderator_id", "opened_at", "id"],
    )
    waiting = sa.text("state IN ('open', 'appealed')")
    op.create_index(
        "ix_moderation_cases_waiting",
        "moderation_cases",
        ["opened_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "content_reports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("reporter_id", _ID, nullable=False),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of("content_reports", "case_id", "moderation_cases", cascade=True),
        _of("content_reports", "reporter_id", "employees"),
        sa.PrimaryKeyConstraint("id", name="pk_content_reports"),
    )
    op.create_index("uq_content_reports_once", "content_reports", ["case_id", "reporter_id"], unique=True)
    op.create_index("ix_content_reports_reporter_id_at", "content_reports", ["reporter_id", "at"])
    op.create_index("ix_content_reports_at", "content_reports", ["at"])
    op.create_table(
        "moderation_decisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("moderator_id", _ID, nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("on_appeal", sa.Boolean(), nullable=False),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of("moderation_decisions", "case_id", "moderation_cases", cascade=True),
        _of("moderation_decisions", "moderator_id", "employees"),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_decisions"),
    )
    op.create_index("ix_moderation_decisions_case_id_at", "moderation_decisions", ["case_id", "at"])
    op.create_index("ix_moderation_decisions_at", "moderation_decisions", ["at"])
    op.create_table(
        "moderation_words",
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("word", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", name="pk_moderation_words"),
    )


_PLACES = {"ideas": ("title", "problem", "solution", "benefit"), "comments": ("body",)}


def _bring_back() -> None:
    """Put hidden words back where they were: what goes with the tables would be lost."""
    connection = op.get_bind()
    cases = sa.table(
        "moderation_cases",
        sa.column("idea_id", _ID),
        sa.column("comment_id", _ID),
        sa.column("original", sa.JSON()),
    )
    rows = connection.execute(sa.select(cases).where(cases.c.original.is_not(None)))
    for idea_id, comment_id, original in rows.all():
        if original is None:
            continue
        name, identifier = ("comments", comment_id) if comment_id else ("ideas", idea_id)
        target = sa.table(name, sa.column("id", _ID), *(sa.column(each) for each in _PLACES[name]))
        values = {each: original[each] for each in _PLACES[name]}
        connection.execute(sa.update(target).where(target.c.id == identifier).values(values))
        _bring_back_labels(idea_id, original)


def _bring_back_labels(idea_id: str, original: dict[str, Any]) -> None:
    connection = op.get_bind()
    tags = sa.table("idea_tags", sa.column("idea_id"), sa.column("tag"), sa.column("position"))
    for place, tag in enumerate(original.get("tags", ())):
        connection.execute(sa.insert(tags).values(idea_id=idea_id, tag=tag, position=place))
    names = ("idea_id", "field_id", "place", "value", "folded")
    fields = sa.table("field_values", *(sa.column(name) for name in names))
    for value in original.get("fields", ()):
        connection.execute(sa.insert(fields).values(idea_id=idea_id, **value))


def downgrade() -> None:
    """Take the schema down; hidden words are shown again, and found once their idea is edited."""
    _bring_back()
    for table in ("moderation_words", "moderation_decisions", "content_reports", "moderation_cases"):
        op.drop_table(table)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, column in (("ideas", "hidden_code"), ("comments", "hidden_code"), ("comments", "hidden_at")):
        if sqlite:
            # In place: a rebuilt table would lose its triggers.
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        else:
            op.drop_column(table, column)
