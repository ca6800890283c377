"""The ledger and its head."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.guards import append_only
from adapters.migrations.keeping import bring, lay_aside
from adapters.tables_types import CanonicalJson, UtcDateTime

revision = "r0002_ledger"
down_revision = "r0001_receipts"


def upgrade() -> None:
    """Make the tables, or take back what a downgrade laid aside."""
    if bring("ledger", _ledger):
        append_only("ledger")
    if bring("ledger_head", _ledger_head):
        head = sa.table("ledger_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
        op.execute(sa.insert(head).values(id=1, seq=0, hash="0" * 64))


def downgrade() -> None:
    """Drop what is empty, lay aside what is not."""
    lay_aside("ledger_head", where="seq > 0")
    lay_aside("ledger")


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("data", CanonicalJson(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(hash) = 64 AND length(prev_hash) = 64", name=op.f("ck_ledger_hash_length")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_ledger_number_from_one")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_ledger_seq_from_one")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("consultation", "number", name=op.f("uq_ledger_consultation_number")),
    )
    op.create_index(op.f("ix_ledger_receipt"), "ledger", ["receipt"])


def _ledger_head() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
