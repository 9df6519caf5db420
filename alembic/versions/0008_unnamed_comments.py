"""comments say themselves that their writer is not named.

The first revision had the column for a while: where it is already, nothing is done.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    if "unnamed" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("comments")}:
        # In place: a rebuilt table would lose its triggers.
        op.add_column(
            "comments", sa.Column("unnamed", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_column("comments", "unnamed")
