"""What comes in: contents, files, receipts, answers, outbox."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.guards import append_only
from adapters.migrations.keeping import bring, lay_aside
from adapters.tables_types import UtcDateTime

revision = "r0001_receipts"
down_revision = None

JSON = sa.JSON(none_as_null=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, or take back what a downgrade laid aside."""
    if bring("contents", _contents):
        append_only("contents")
    bring("files", _files)
    if bring("receipts", _receipts):
        append_only("receipts")
    bring("answers", _answers)
    bring("outbox", _outbox)


def downgrade() -> None:
    """Drop what is empty, lay aside what is not."""
    lay_aside("outbox")
    lay_aside("answers")
    lay_aside("receipts")
    lay_aside("files")
    lay_aside("contents")


def _contents() -> None:
    op.create_table(
        "contents",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_contents_sha256_length")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_contents_size_not_negative")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_contents")),
    )


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("lineage", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("consultation", sa.Text()),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_files_version_from_one")),
        sa.ForeignKeyConstraint(["sha256"], ["contents.sha256"], name=op.f("fk_files_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("lineage", "version", name=op.f("uq_files_lineage_version")),
    )
    op.create_index(op.f("ix_files_consultation"), "files", ["consultation"])


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text()),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("actor", "key", name=op.f("uq_receipts_actor_key")),
    )
    op.create_index(op.f("ix_receipts_consultation_received_at"), "receipts", ["consultation", "received_at"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('done', 'refused')", name=op.f("ck_answers_state_known")),
        sa.CheckConstraint("status BETWEEN 100 AND 599", name=op.f("ck_answers_status_is_http")),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name=op.f("fk_answers_receipt")),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_answers")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("submission", JSON, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("delivered_at", UtcDateTime()),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", UtcDateTime()),
        sa.Column("last_error", sa.Text()),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name=op.f("fk_outbox_receipt")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_outbox")),
        sa.UniqueConstraint("receipt", name=op.f("uq_outbox_receipt")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["consultation", "number"],
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
