"""Embedded accounts, tokens and attempts to sign in."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.keeping import bring, lay_aside
from adapters.tables_types import UtcDateTime

revision = "r0004_accounts"
down_revision = "r0003_reading"

JSON = sa.JSON(none_as_null=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, or take back what a downgrade laid aside."""
    bring("accounts", _accounts)
    bring("tokens", _tokens)
    bring("login_attempts", _login_attempts)


def downgrade() -> None:
    """Drop what is empty, lay aside what is not."""
    lay_aside("login_attempts")
    lay_aside("tokens")
    lay_aside("accounts")


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text()),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("leader", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_agency"), "accounts", ["agency"])
    op.create_index(op.f("ix_accounts_leader"), "accounts", ["leader"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_tokens_sha256_length")),
        sa.ForeignKeyConstraint(["username"], ["accounts.username"], name=op.f("fk_tokens_username")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_username"), "tokens", ["username"])


def _login_attempts() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_login_attempts")),
    )
    op.create_index(op.f("ix_login_attempts_source_at"), "login_attempts", ["source", "at"])
    op.create_index(op.f("ix_login_attempts_username_at"), "login_attempts", ["username", "at"])
