"""What the pages need and no ledger holds: sign-ins, forms being written, kept filters, past verifications.

Private drafting is not the record: a composition may change until it is sent, and what is sent is a receipt.
"""

import sqlalchemy as sa

from adapters.tables_accounts import accounts
from adapters.tables_read import one_of
from adapters.tables_types import METADATA, Json, Number, UtcDateTime

Column, Text = sa.Column, sa.Text

# `role`: the one role the person chose to act in, or all of the account's; `seen_at` moves at most once a minute.
sessions = sa.Table(
    "sessions",
    METADATA,
    Column("sha256", sa.String(64), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("username", Text, sa.ForeignKey(accounts.c.username), nullable=False),
    Column("role", Text),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("source", Text, nullable=False),
    Column("browser", Text, nullable=False),
    sa.CheckConstraint("length(sha256) = 64", "sha256_length"),
    sa.Index(None, "username", "started_at"),
)

COMPOSITIONS = ("launch", "reply")

# `version` counts saves: whoever saves over a version they have not seen is told, and nothing is overwritten.
compositions = sa.Table(
    "compositions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("consultation", Text),
    Column("version", sa.Integer, nullable=False),
    Column("data", Json, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("receipt", Text),
    one_of("kind", COMPOSITIONS),
    sa.CheckConstraint("version >= 1", "version_from_one"),
    sa.Index(None, "agency", "kind", "ended_at"),
    sa.Index(None, "consultation"),
)

# In these very words in index and statement. An agency writes one reply at a time, however many sit down to it at once.
LIVE_REPLY = sa.text("kind = 'reply' AND ended_at IS NULL")
sa.Index(
    "ix_compositions_live_reply",
    compositions.c.consultation,
    compositions.c.agency,
    unique=True,
    sqlite_where=LIVE_REPLY,
    postgresql_where=LIVE_REPLY,
)

saved_filters = sa.Table(
    "saved_filters",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("username", Text, sa.ForeignKey(accounts.c.username), nullable=False),
    Column("page", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    sa.Index(None, "username", "page"),
)

# One walk through the ledger. Unfinished: the process that did it is gone, or still at it.
verifications = sa.Table(
    "verifications",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("asked_by", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("checked", sa.BigInteger, nullable=False),
    Column("entries", sa.BigInteger, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("problems", Json),
)
