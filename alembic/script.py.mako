"""${message}."""

import sqlalchemy as sa

from alembic import op
from app.core.types import UtcDateTime

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take the schema down."""
    ${downgrades if downgrades else "pass"}
