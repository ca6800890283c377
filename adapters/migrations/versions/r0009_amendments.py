"""Amendments: calendar days, absences and lines of the signing register, entered while the system runs."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.guards import append_only
from adapters.migrations.keeping import bring, lay_aside
from adapters.tables_types import UtcDateTime

revision = "r0009_amendments"
down_revision = "r0008_sessions"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "kind IN ('calendar_day', 'absence', 'delegation')"


def upgrade() -> None:
    """Make the table, or take back what a downgrade laid aside."""
    if bring("amendments", _amendments):
        append_only("amendments")


def downgrade() -> None:
    """Drop the table if it is empty, lay it aside if not."""
    lay_aside("amendments")


def _amendments() -> None:
    op.create_table(
        "amendments",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("revokes", NUMBER),
        sa.CheckConstraint(KINDS, name=op.f("ck_amendments_kind_known")),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name=op.f("fk_amendments_receipt")),
        sa.ForeignKeyConstraint(["revokes"], ["amendments.number"], name=op.f("fk_amendments_revokes")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_amendments")),
        sa.UniqueConstraint("receipt", name=op.f("uq_amendments_receipt")),
        sa.UniqueConstraint("revokes", name=op.f("uq_amendments_revokes")),
    )
