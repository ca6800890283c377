"""What an administrator adds to the rules while the system runs: amendments, and the taking back of amendments."""

from typing import get_args

import sqlalchemy as sa

from adapters.tables_read import one_of
from adapters.tables_receipts import receipts
from adapters.tables_types import METADATA, CanonicalJson, Number, UtcDateTime
from domain.amendments import Kind

Column, Text = sa.Column, sa.Text

# Append-only: triggers refuse UPDATE and DELETE. A revocation is a row of the revoked one's kind, with empty `data`.
amendments = sa.Table(
    "amendments",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("data", CanonicalJson, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("receipt", Text, sa.ForeignKey(receipts.c.id), nullable=False, unique=True),
    Column("revokes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), unique=True),
    one_of("kind", get_args(Kind)),
    sa.ForeignKeyConstraint(["revokes"], ["amendments.number"]),
)
