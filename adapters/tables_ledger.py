"""The ledger: one chain of entries over all consultations, append-only, and the row that says where the chain ends."""

import sqlalchemy as sa

from adapters.tables_types import METADATA, CanonicalJson, UtcDateTime

Column, Text = sa.Column, sa.Text

# Append-only: triggers refuse UPDATE and DELETE. `seq` is the chain's number, `number` the consultation's own.
ledger = sa.Table(
    "ledger",
    METADATA,
    Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("consultation", Text, nullable=False),
    Column("number", sa.Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("agency", Text),
    Column("receipt", Text),
    Column("data", CanonicalJson, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("prev_hash", sa.String(64), nullable=False),
    Column("hash", sa.String(64), nullable=False),
    sa.UniqueConstraint("consultation", "number"),
    sa.CheckConstraint("seq >= 1", "seq_from_one"),
    sa.CheckConstraint("number >= 1", "number_from_one"),
    sa.CheckConstraint("length(hash) = 64 AND length(prev_hash) = 64", "hash_length"),
    sa.Index(None, "receipt"),
)
# In these very words in index and query, or SQLite does not use the index.
RULED = sa.text("kind IN ('accepted_as_clear', 'flagged_unclear', 'contested', 'decided')")
sa.Index("ix_ledger_ruled", ledger.c.seq, sqlite_where=RULED, postgresql_where=RULED)
TEACHES = sa.text("kind IN ('pointer_accepted', 'decided')")
sa.Index("ix_ledger_teaches", ledger.c.seq, sqlite_where=TEACHES, postgresql_where=TEACHES)

# One row. Its UPDATE is the lock of the chain on both databases.
ledger_head = sa.Table(
    "ledger_head",
    METADATA,
    Column("id", sa.Integer, primary_key=True, autoincrement=False),
    Column("seq", sa.BigInteger, nullable=False),
    Column("hash", sa.String(64), nullable=False),
    sa.CheckConstraint("id = 1", "one_row"),
)
