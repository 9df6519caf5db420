"""prizes: the catalogue, juries, awards with who decides on them and who receives them."""

import sqlalchemy as sa
from alembic import op

from app.core.types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.String(24)


def upgrade() -> None:
    """Bring the schema up."""
    _make_prizes()
    _make_awards()
    _make_pairs("prize_jurors", "prize_id", "prizes.id", cascade=False)
    _make_pairs("prize_seats", "idea_id", "ideas.id")
    _make_pairs(
        "prize_recipients",
        "award_id",
        "prize_awards.id",
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=True),
    )


def _make_prizes() -> None:
    op.create_table(
        "prizes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("pieces_left", sa.Integer(), nullable=True),
        sa.Column("campaign_id", _ID, nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("ceremony_at", UtcDateTime(), nullable=True),
        sa.Column("ceremony_place", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("pieces_left >= 0 AND pieces_left <= stock", name="ck_prizes_pieces"),
        sa.CheckConstraint("(stock IS NULL) = (pieces_left IS NULL)", name="ck_prizes_unlimited"),
        sa.CheckConstraint("(way = 'points') = (cost IS NOT NULL)", name="ck_prizes_cost"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_prizes_campaign_id"),
        sa.PrimaryKeyConstraint("id", name="pk_prizes"),
    )
    op.create_index("ix_prizes_created_at_id", "prizes", ["created_at", "id"])
    op.create_index("ix_prizes_campaign_id", "prizes", ["campaign_id"])


def _make_awards() -> None:
    table = "prize_awards"
    people = ("proposed_by_id", "first_id", "second_id", "refused_by_id")
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("prize_id", _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=True),
        sa.Column("idea_id", _ID, nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        *(sa.Column(name, _ID, nullable=name != "proposed_by_id") for name in people),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("receipt_number", sa.String(20), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("first_id <> second_id", name=f"ck_{table}_two_people"),
        sa.CheckConstraint("points IS NULL OR points > 0", name=f"ck_{table}_points"),
        sa.CheckConstraint("employee_id IS NULL OR idea_id IS NULL", name=f"ck_{table}_one_recipient"),
        sa.ForeignKeyConstraint(["prize_id"], ["prizes.id"], name=f"fk_{table}_prize_id"),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=f"fk_{table}_idea_id"),
        *(
            sa.ForeignKeyConstraint([name], ["employees.id"], name=f"fk_{table}_{name}")
            for name in ("employee_id", *people)
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("receipt_number", name=f"uq_{table}_receipt_number"),
    )
    op.create_index(
        f"ix_{table}_prize_id_state_decided_at_id", table, ["prize_id", "state", "decided_at", "id"]
    )
    op.create_index(f"ix_{table}_created_at_id", table, ["created_at", "id"])
    for name in ("employee_id", "idea_id", "proposed_by_id"):
        op.create_index(f"ix_{table}_{name}", table, [name])


def _make_pairs(table: str, name: str, target: str, *more: sa.Column[object], cascade: bool = True) -> None:
    """Make a table of people who stand to something."""
    op.create_table(
        table,
        sa.Column(name, _ID, nullable=False),
        sa.Column("employee_id", _ID, nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            [name], [target], name=f"fk_{table}_{name}", ondelete="CASCADE" if cascade else None
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=f"fk_{table}_employee_id"),
        sa.PrimaryKeyConstraint(name, "employee_id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_employee_id", table, ["employee_id"])


def downgrade() -> None:
    """Take the schema down."""
    for table in ("prize_recipients", "prize_seats", "prize_jurors", "prize_awards", "prizes"):
        op.drop_table(table)
