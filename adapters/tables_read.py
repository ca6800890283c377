"""What pages and lists read: each consultation's standing as the last record left it, and the notices people are owed.

Written only by `record`, except for a notice's reading and mailing. Nothing here stores "overdue" or "days left".
"""

import sqlalchemy as sa

from adapters.tables_types import METADATA, Json, Number, UtcDateTime
from domain.clarity.model import Position
from domain.state import Outcome, Phase, Stage

Column, Text = sa.Column, sa.Text


def one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """The column holds one of the codes."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", f"{column}_known")


consultations = sa.Table(
    "consultations",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("lead", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("draft_kind", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("own_authority", sa.Boolean, nullable=False),
    Column("subject", Text, nullable=False),
    Column("doc_number", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("chairman", Text, nullable=False),
    Column("prepared_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("seq", sa.Integer, nullable=False),
    Column("conflicts", Json, nullable=False),
    one_of("phase", tuple(Phase)),
    sa.CheckConstraint("seq >= 1", "seq_from_one"),
    sa.Index(None, "prepared_at", "id"),
    sa.Index(None, "lead", "prepared_at", "id"),
    sa.Index(None, "phase", "prepared_at", "id"),
    sa.Index(None, "field", "prepared_at", "id"),
)

# What the search looks through, folded, beside the row: `number` and `text` are for whoever may see the consultation,
# `questions` for those who may read every part of it.
search_texts = sa.Table(
    "search_texts",
    METADATA,
    Column("consultation", Text, sa.ForeignKey(consultations.c.id), primary_key=True),
    Column("number", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("questions", Text, nullable=False),
)

# Apart from the row that lists scan: terms and calendar are long and change rarely.
consultation_states = sa.Table(
    "consultation_states",
    METADATA,
    Column("consultation", Text, sa.ForeignKey(consultations.c.id), primary_key=True),
    Column("state", Json, nullable=False),
)

drafts = sa.Table(
    "drafts",
    METADATA,
    Column("consultation", Text, sa.ForeignKey(consultations.c.id), primary_key=True),
    Column("version", sa.Integer, primary_key=True, autoincrement=False),
    Column("file", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    sa.Index(None, "file"),
)

# `first_seq`, `first_place`: when the ask was first recorded, which is the order of the asks for ever.
asks = sa.Table(
    "asks",
    METADATA,
    Column("consultation", Text, sa.ForeignKey(consultations.c.id), primary_key=True),
    Column("agency", Text, primary_key=True),
    Column("first_seq", sa.Integer, nullable=False),
    Column("first_place", sa.Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("outcome", Text),
    Column("round", sa.Integer, nullable=False),
    Column("position", Text),
    Column("channel", Text, nullable=False),
    Column("mandatory", sa.Boolean, nullable=False),
    Column("central", sa.Boolean, nullable=False),
    Column("handler", Text),
    Column("sent_at", UtcDateTime),
    Column("start_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("wake_at", UtcDateTime),
    Column("overdue_at", UtcDateTime),
    Column("replied_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("late", sa.Boolean, nullable=False),
    Column("days_late", sa.Integer, nullable=False),
    Column("unanswered_remarks", sa.Integer, nullable=False),
    Column("escalation", Text),
    # Who must act besides the agency: `lead`, `leader`, or nobody.
    Column("awaits", Text),
    Column("state", Json, nullable=False),
    one_of("stage", tuple(Stage)),
    one_of("outcome", tuple(Outcome)),
    one_of("position", tuple(Position)),
    sa.CheckConstraint("round >= 1", "round_from_one"),
    sa.Index(None, "consultation", "stage", "due_at"),
    sa.Index(None, "agency", "stage", "due_at", "consultation"),
    sa.Index(None, "agency", "handler"),
)

# In these very words in index and query, or SQLite does not use the index.
LEAD_OWES = sa.text("(awaits IS NOT NULL OR unanswered_remarks > 0)")
sa.Index("ix_asks_lead_owes", asks.c.consultation, sqlite_where=LEAD_OWES, postgresql_where=LEAD_OWES)

# `last_seq`, `last_place`: when it last changed; the state keeps escalations in that order.
escalations = sa.Table(
    "escalations",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("consultation", Text, sa.ForeignKey(consultations.c.id), nullable=False),
    Column("last_seq", sa.Integer, nullable=False),
    Column("last_place", sa.Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("part", Text),
    Column("leader", Text, nullable=False),
    Column("acting_for", Text),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("rung", sa.Integer, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("state", Json, nullable=False),
    sa.CheckConstraint("rung IN (1, 2)", "rung_known"),
    sa.Index(None, "consultation"),
    sa.Index(None, "raised_at", "id"),
)

# Who has the case on the desk: the leader in charge, and those who get a copy.
escalation_leaders = sa.Table(
    "escalation_leaders",
    METADATA,
    Column("escalation", Text, sa.ForeignKey(escalations.c.id), primary_key=True),
    Column("leader", Text, primary_key=True),
    Column("consultation", Text, nullable=False),
    sa.Index(None, "leader", "consultation"),
)

MAIL_STATES = ("none", "waiting", "claimed", "sent", "failed")
# In these very words in index and query, or SQLite does not use the index.
TO_MAIL = sa.text("mail_state IN ('waiting', 'claimed')")
NOT_MAILED = sa.text("mail_state = 'failed'")

notices = sa.Table(
    "notices",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("consultation", Text, sa.ForeignKey(consultations.c.id), nullable=False),
    Column("kind", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("agency", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("data", Json, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Column("read_by", Text),
    Column("mail_state", Text, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("tries", sa.Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("mailed_at", UtcDateTime),
    one_of("mail_state", MAIL_STATES),
    sa.Index(None, "addressee", "audience", "number"),
    sa.Index(None, "consultation"),
)
sa.Index(
    "ix_notices_to_mail",
    notices.c.number,
    sqlite_where=TO_MAIL,
    postgresql_where=TO_MAIL,
)
sa.Index("ix_notices_not_mailed", notices.c.number, sqlite_where=NOT_MAILED, postgresql_where=NOT_MAILED)
