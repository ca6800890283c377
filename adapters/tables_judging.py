"""What replies were judged by: each version of the clarity check's lexicon and weights, once."""

import sqlalchemy as sa

from adapters.tables_types import METADATA, UtcDateTime

Column, Text = sa.Column, sa.Text

# Append-only: triggers refuse UPDATE and DELETE. `document` is compressed; `sha256` and `size` are of the plain bytes.
instruments = sa.Table(
    "instruments",
    METADATA,
    Column("version", Text, primary_key=True),
    Column("sha256", sa.String(64), nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("document", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("length(sha256) = 64", "sha256_length"),
    sa.CheckConstraint("size >= 0", "size_not_negative"),
)
