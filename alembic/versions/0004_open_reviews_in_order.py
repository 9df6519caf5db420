"""the open reviews of a person in the order in which they are listed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_NAME = "ix_reviews_reviewer_open"


def upgrade() -> None:
    """Bring the schema up."""
    op.drop_index(_NAME, table_name="reviews")
    columns = ["reviewer_id", "opened_at", "id"]
    op.create_index(_NAME, "reviews", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    """Take the schema down."""
    op.drop_index(_NAME, table_name="reviews")
    op.create_index(_NAME, "reviews", ["reviewer_id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
