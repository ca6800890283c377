"""What comes in: contents by their hash, files, the stamp of each receipt, its first answer, and the outbox."""

import sqlalchemy as sa

from adapters.tables_types import METADATA, Json, Number, UtcDateTime

Column, Text = sa.Column, sa.Text

# Append-only: triggers refuse UPDATE and DELETE.
contents = sa.Table(
    "contents",
    METADATA,
    Column("sha256", sa.String(64), primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("data", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("length(sha256) = 64", "sha256_length"),
    sa.CheckConstraint("size >= 0", "size_not_negative"),
)

# A version within a lineage: the consultation's file of that name, or an uploader's before there is a consultation.
files = sa.Table(
    "files",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("sha256", sa.String(64), sa.ForeignKey(contents.c.sha256), nullable=False),
    Column("lineage", Text, nullable=False),
    Column("version", sa.Integer, nullable=False),
    Column("consultation", Text),
    Column("uploaded_by", Text, nullable=False),
    Column("uploaded_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("lineage", "version"),
    sa.CheckConstraint("version >= 1", "version_from_one"),
    sa.Index(None, "consultation"),
)

# Append-only: the stamp of sổ văn bản đến. What became of it is in `answers`.
receipts = sa.Table(
    "receipts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("agency", Text),
    Column("key", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("body_sha256", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("actor", "key"),
    sa.Index(None, "consultation", "received_at"),
)

answers = sa.Table(
    "answers",
    METADATA,
    Column("receipt", Text, sa.ForeignKey(receipts.c.id), primary_key=True),
    Column("state", Text, nullable=False),
    Column("status", sa.Integer, nullable=False),
    Column("answer", Json, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("state IN ('done', 'refused')", "state_known"),
    sa.CheckConstraint("status BETWEEN 100 AND 599", "status_is_http"),
)

outbox = sa.Table(
    "outbox",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("receipt", Text, sa.ForeignKey(receipts.c.id), nullable=False, unique=True),
    Column("consultation", Text, nullable=False),
    Column("submission", Json, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("tries", sa.Integer, nullable=False, server_default="0"),
    Column("tried_at", UtcDateTime),
    Column("last_error", Text),
    # Not tried again before this instant.
    Column("not_before", UtcDateTime),
    # Tried too often, or not to be read: an administrator's now, nobody waits for it.
    Column("set_aside_at", UtcDateTime),
)
WAITS = sa.and_(outbox.c.delivered_at.is_(None), outbox.c.set_aside_at.is_(None))
SET_ASIDE = sa.and_(outbox.c.delivered_at.is_(None), outbox.c.set_aside_at.is_not(None))
sa.Index("ix_outbox_waiting", outbox.c.consultation, outbox.c.number, sqlite_where=WAITS, postgresql_where=WAITS)
sa.Index("ix_outbox_set_aside", outbox.c.number, sqlite_where=SET_ASIDE, postgresql_where=SET_ASIDE)
