"""Embedded accounts: who may sign in, by which token, how often somebody tried. No password or token in clear."""

import sqlalchemy as sa

from adapters.tables_types import METADATA, Json, Number, UtcDateTime

Column, Text = sa.Column, sa.Text

accounts = sa.Table(
    "accounts",
    METADATA,
    Column("username", Text, primary_key=True),
    Column("full_name", Text, nullable=False),
    Column("agency", Text),
    Column("roles", Json, nullable=False),
    Column("leader", Text),
    Column("email", Text),
    # Whom the account belongs to, as the identity provider names them: somebody with several accounts chooses.
    Column("person", Text),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    sa.Index(None, "agency"),
    sa.Index(None, "leader"),
    sa.Index(None, "person"),
)

tokens = sa.Table(
    "tokens",
    METADATA,
    Column("sha256", sa.String(64), primary_key=True),
    Column("username", Text, sa.ForeignKey(accounts.c.username), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    sa.CheckConstraint("length(sha256) = 64", "sha256_length"),
    sa.Index(None, "username"),
)

login_attempts = sa.Table(
    "login_attempts",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("username", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("succeeded", sa.Boolean, nullable=False),
    sa.Index(None, "username", "at"),
    sa.Index(None, "source", "at"),
)
