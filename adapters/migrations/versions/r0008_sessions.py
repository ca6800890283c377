"""The pages' own tables (sessions, forms being written, filters, verifications), owners of accounts, what waits."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.keeping import bring, lay_aside
from adapters.tables_types import UtcDateTime
from domain.awaited import awaited
from domain.state import Ask

revision = "r0008_sessions"
down_revision = "r0007_instruments"

LEAD_OWES = "(awaits IS NOT NULL OR unanswered_remarks > 0)"
JSON = sa.JSON(none_as_null=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, or take back what a downgrade laid aside."""
    _add("accounts", "person")
    op.create_index(op.f("ix_accounts_person"), "accounts", ["person"])
    if _add("asks", "awaits"):
        _say_what_waits()
    where = sa.text(LEAD_OWES)
    op.create_index("ix_asks_lead_owes", "asks", ["consultation"], sqlite_where=where, postgresql_where=where)
    bring("sessions", _sessions)
    bring("compositions", _compositions)
    bring("saved_filters", _saved_filters)
    bring("verifications", _verifications)


def downgrade() -> None:
    """Drop what is empty, lay aside what is not; the column stays with what it holds, the older code passes over it."""
    for table in ("verifications", "saved_filters", "compositions", "sessions"):
        lay_aside(table)
    op.drop_index("ix_asks_lead_owes", "asks")
    op.drop_index(op.f("ix_accounts_person"), "accounts")


def _add(table: str, column: str) -> bool:
    """Add a column of text, unless an earlier step up did."""
    if column in [known["name"] for known in sa.inspect(op.get_bind()).get_columns(table)]:
        return False
    op.add_column(table, sa.Column(column, sa.Text()))
    return True


def _say_what_waits() -> None:
    """Fill the column for asks recorded before there was one; the settled wait for nobody."""
    asks = sa.table(
        "asks", *(sa.column(name) for name in ("consultation", "agency", "stage", "awaits")), sa.column("state", JSON)
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(asks.c.consultation, asks.c.agency, asks.c.state).where(asks.c.stage != "settled")
    )
    for row in rows.all():
        waits = awaited(Ask.model_validate(row.state))
        if waits:
            this = sa.update(asks).where(asks.c.consultation == row.consultation, asks.c.agency == row.agency)
            connection.execute(this.values(awaits=str(waits)))


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_sessions_sha256_length")),
        sa.ForeignKeyConstraint(["username"], ["accounts.username"], name=op.f("fk_sessions_username")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sessions")),
        sa.UniqueConstraint("id", name=op.f("uq_sessions_id")),
    )
    op.create_index(op.f("ix_sessions_username_started_at"), "sessions", ["username", "started_at"])


def _compositions() -> None:
    op.create_table(
        "compositions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("receipt", sa.Text()),
        sa.CheckConstraint("kind IN ('launch', 'reply')", name=op.f("ck_compositions_kind_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_compositions_version_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compositions")),
    )
    op.create_index(op.f("ix_compositions_agency_kind_ended_at"), "compositions", ["agency", "kind", "ended_at"])
    op.create_index(op.f("ix_compositions_consultation"), "compositions", ["consultation"])
    live = sa.text("kind = 'reply' AND ended_at IS NULL")
    pair = ["consultation", "agency"]
    op.create_index(
        "ix_compositions_live_reply", "compositions", pair, unique=True, sqlite_where=live, postgresql_where=live
    )


def _saved_filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["username"], ["accounts.username"], name=op.f("fk_saved_filters_username")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
    )
    op.create_index(op.f("ix_saved_filters_username_page"), "saved_filters", ["username", "page"])


def _verifications() -> None:
    op.create_table(
        "verifications",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("problems", JSON),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_verifications")),
    )
