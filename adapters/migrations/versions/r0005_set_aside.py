"""Receipts set aside, when a failing one is tried again, and indexes for what an administrator has to look at."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.keeping import ASIDE
from adapters.tables_types import UtcDateTime

revision = "r0005_set_aside"
down_revision = "r0004_accounts"

WAITING = "delivered_at IS NULL"
KEPT = f"{ASIDE}outbox_marks"
COLUMNS = ("not_before", "set_aside_at")


def upgrade() -> None:
    """Add the columns, take back what a downgrade laid aside, and let the index of what waits leave out the rest."""
    for column in COLUMNS:
        op.add_column("outbox", sa.Column(column, UtcDateTime()))
    _take_back()
    op.drop_index("ix_outbox_waiting", "outbox")
    _index("ix_outbox_waiting", "outbox", ["consultation", "number"], f"{WAITING} AND set_aside_at IS NULL")
    _index("ix_outbox_set_aside", "outbox", ["number"], f"{WAITING} AND set_aside_at IS NOT NULL")
    _index("ix_notices_not_mailed", "notices", ["number"], "mail_state = 'failed'")


def downgrade() -> None:
    """Lay the marks aside under another name and drop the columns: everything unanswered waits again."""
    op.drop_index("ix_notices_not_mailed", "notices")
    op.drop_index("ix_outbox_set_aside", "outbox")
    op.drop_index("ix_outbox_waiting", "outbox")
    _lay_aside()
    for column in COLUMNS:
        op.drop_column("outbox", column)
    _index("ix_outbox_waiting", "outbox", ["consultation", "number"], WAITING)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _lay_aside() -> None:
    marked = "FROM outbox WHERE not_before IS NOT NULL OR set_aside_at IS NOT NULL"
    if op.get_bind().scalar(sa.text(f"SELECT 1 {marked} LIMIT 1")):
        op.execute(f"CREATE TABLE {KEPT} AS SELECT number, not_before, set_aside_at {marked}")


def _take_back() -> None:
    if not sa.inspect(op.get_bind()).has_table(KEPT):
        return
    for column in COLUMNS:
        of_row = f"SELECT {column} FROM {KEPT} WHERE {KEPT}.number = outbox.number"  # noqa: S608
        op.execute(f"UPDATE outbox SET {column} = ({of_row}) WHERE delivered_at IS NULL")  # noqa: S608
    op.drop_table(KEPT)
