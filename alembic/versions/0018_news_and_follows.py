"""news posts, and who follows what."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_DUE = sa.text("published_at IS NULL AND withdrawn_at IS NULL")
_FOLLOWED = (
    ("idea", "ideas", "CASCADE"),
    ("employee", "employees", None),
    ("function", "functions", None),
    ("campaign", "campaigns", "CASCADE"),
)


def upgrade() -> None:
    """Bring the schema up."""
    for what, target, on_delete in _FOLLOWED:
        _make_follows(what, target, on_delete)
    _make_news()


def _make_follows(what: str, target: str, on_delete: str | None) -> None:
    table, column = f"{what}_follows", f"{what}_id"
    op.create_table(
        table,
        sa.Column("follower_id", sa.String(24), nullable=False),
        sa.Column(column, sa.String(24), nullable=False),
        sa.Column("followed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["follower_id"], ["employees.id"], name=f"fk_{table}_follower_id"),
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=on_delete),
        sa.PrimaryKeyConstraint("follower_id", column, name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{column}", table, [column])


def _make_news() -> None:
    table = "news_posts"
    op.create_table(
        table,
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("title", sa.String(250), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("entity_id", sa.String(24), nullable=True),
        sa.Column("function_id", sa.String(24), nullable=True),
        sa.Column("campaign_id", sa.String(24), nullable=True),
        sa.Column("author_id", sa.String(24), nullable=False),
        sa.Column("publish_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{what}_id"], [target], name=f"fk_{table}_{what}_id")
            for what, target in (
                ("entity", "entities.id"),
                ("function", "functions.id"),
                ("campaign", "campaigns.id"),
                ("author", "employees.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index("ix_news_posts_publish_at_id", table, ["publish_at", "id"])
    op.create_index("ix_news_posts_created_at_id", table, ["created_at", "id"])
    op.create_index("ix_news_posts_due", table, ["publish_at"], sqlite_where=_DUE, postgresql_where=_DUE)


def downgrade() -> None:
    """Take the schema down."""
    op.drop_table("news_posts")
    for what, _, _ in reversed(_FOLLOWED):
        op.drop_table(f"{what}_follows")
