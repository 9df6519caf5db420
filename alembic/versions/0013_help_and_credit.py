"""help and credit: skills, requests for help with their coachings, comments that changed an idea."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.String(24)
_OPEN = sa.text("state IN ('asked', 'helping')")
_DUE = sa.text("due_at IS NOT NULL")


def _of(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    """Bring the schema up."""
    _make_skills()
    _make_requests()
    _make_turns_and_messages()
    # In place: a rebuilt table would lose its triggers.
    op.add_column("comments", sa.Column("credited_at", UtcDateTime(), nullable=True))


def _make_skills() -> None:
    op.create_table(
        "skills",
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("skill", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _of("skills", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("employee_id", "skill", name="pk_skills"),
    )
    op.create_index("ix_skills_skill_employee_id", "skills", ["skill", "employee_id"])
    op.create_table(
        "help_capacities",
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("helps", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        _of("help_capacities", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("employee_id", name="pk_help_capacities"),
    )


def _make_requests() -> None:
    op.create_table(
        "help_requests",
        sa.Column("id", _ID, nullable=False),
        sa.Column("idea_id", _ID, nullable=False),
        sa.Column("asker_id", _ID, nullable=False),
        sa.Column("helper_id", _ID, nullable=True),
        sa.Column("wants", sa.String(20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("thanked_at", UtcDateTime(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        _of("help_requests", "idea_id", "ideas.id", cascade=True),
        _of("help_requests", "asker_id", "employees.id"),
        _of("help_requests", "helper_id", "employees.id"),
        sa.PrimaryKeyConstraint("id", name="pk_help_requests"),
    )
    op.create_index(
        "uq_help_requests_open",
        "help_requests",
        ["idea_id", "asker_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_help_requests_idea_id", "help_requests", ["idea_id"])
    for role in ("asker_id", "helper_id"):
        name = f"ix_help_requests_{role}_created_at_id"
        op.create_index(name, "help_requests", [role, "created_at", "id"])
    op.create_index(
        "ix_help_requests_due_at", "help_requests", ["due_at", "id"], sqlite_where=_DUE, postgresql_where=_DUE
    )


def _make_turns_and_messages() -> None:
    op.create_table(
        "help_turns",
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        _of("help_turns", "request_id", "help_requests.id", cascade=True),
        _of("help_turns", "employee_id", "employees.id"),
        sa.PrimaryKeyConstraint("request_id", "employee_id", name="pk_help_turns"),
    )
    op.create_table(
        "help_messages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of("help_messages", "request_id", "help_requests.id", cascade=True),
        _of("help_messages", "author_id", "employees.id"),
        sa.PrimaryKeyConstraint("id", name="pk_help_messages"),
    )
    op.create_index(
        "ix_help_messages_request_id_created_at_id", "help_messages", ["request_id", "created_at", "id"]
    )


def downgrade() -> None:
    """Take the schema down."""
    op.drop_column("comments", "credited_at")
    for table in ("help_messages", "help_turns", "help_requests", "help_capacities", "skills"):
        op.drop_table(table)
