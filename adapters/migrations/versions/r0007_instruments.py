"""The instruments that judged replies, and an index for the entries in which people overruled them."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.guards import append_only
from adapters.migrations.keeping import bring, lay_aside
from adapters.tables_types import UtcDateTime

revision = "r0007_instruments"
down_revision = "r0006_lessons"

RULED = "kind IN ('accepted_as_clear', 'flagged_unclear', 'contested', 'decided')"


def upgrade() -> None:
    """Make the table, or take back what a downgrade laid aside, and the index."""
    if bring("instruments", _instruments):
        append_only("instruments")
    op.create_index("ix_ledger_ruled", "ledger", ["seq"], sqlite_where=sa.text(RULED), postgresql_where=sa.text(RULED))


def downgrade() -> None:
    """Drop the index; drop the table if it is empty, lay it aside if not."""
    op.drop_index("ix_ledger_ruled", "ledger")
    lay_aside("instruments")


def _instruments() -> None:
    op.create_table(
        "instruments",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_instruments_sha256_length")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_instruments_size_not_negative")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_instruments")),
    )
