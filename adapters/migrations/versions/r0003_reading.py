"""What pages read: consultations, asks, escalations, notices."""

import sqlalchemy as sa
from alembic import op

from adapters.migrations.keeping import bring, lay_aside
from adapters.tables_types import UtcDateTime

revision = "r0003_reading"
down_revision = "r0002_ledger"

JSON = sa.JSON(none_as_null=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUTCOMES = "outcome IN ('replied', 'out_of_function', 'minutes', 'deemed', 'excused', 'without_reply')"
POSITIONS = "position IN ('agree', 'agree_with_amendments', 'disagree', 'out_of_function')"
STAGES = "stage IN ('prepared', 'sent', 'delivered', 'returned', 'pointing', 'with_lead', 'settled')"
MAILS = "mail_state IN ('none', 'waiting', 'claimed', 'sent', 'failed')"
PHASES = "phase IN ('draft', 'open', 'synthesis', 'closed', 'withdrawn', 'discarded')"


def upgrade() -> None:
    """Make the tables, or take back what a downgrade laid aside."""
    bring("consultations", _consultations)
    bring("consultation_states", _consultation_states)
    bring("drafts", _drafts)
    bring("asks", _asks)
    bring("escalations", _escalations)
    bring("escalation_leaders", _escalation_leaders)
    bring("notices", _notices)


def downgrade() -> None:
    """Drop what is empty, lay aside what is not."""
    lay_aside("notices")
    lay_aside("escalation_leaders")
    lay_aside("escalations")
    lay_aside("asks")
    lay_aside("drafts")
    lay_aside("consultation_states")
    lay_aside("consultations")


def _consultations() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("draft_kind", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("own_authority", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("doc_number", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("chairman", sa.Text(), nullable=False),
        sa.Column("prepared_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("conflicts", JSON, nullable=False),
        sa.CheckConstraint(PHASES, name=op.f("ck_consultations_phase_known")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_consultations_seq_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    op.create_index(op.f("ix_consultations_field_prepared_at_id"), "consultations", ["field", "prepared_at", "id"])
    op.create_index(op.f("ix_consultations_lead_prepared_at_id"), "consultations", ["lead", "prepared_at", "id"])
    op.create_index(op.f("ix_consultations_phase_prepared_at_id"), "consultations", ["phase", "prepared_at", "id"])
    op.create_index(op.f("ix_consultations_prepared_at_id"), "consultations", ["prepared_at", "id"])


def _consultation_states() -> None:
    op.create_table(
        "consultation_states",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultations.id"], name=op.f("fk_consultation_states_consultation")
        ),
        sa.PrimaryKeyConstraint("consultation", name=op.f("pk_consultation_states")),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_drafts_consultation")),
        sa.PrimaryKeyConstraint("consultation", "version", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_file"), "drafts", ["file"])


def _asks() -> None:
    op.create_table(
        "asks",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("first_place", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Text()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("central", sa.Boolean(), nullable=False),
        sa.Column("handler", sa.Text()),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("start_at", UtcDateTime()),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("wake_at", UtcDateTime()),
        sa.Column("overdue_at", UtcDateTime()),
        sa.Column("replied_at", UtcDateTime()),
        sa.Column("settled_at", UtcDateTime()),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("unanswered_remarks", sa.Integer(), nullable=False),
        sa.Column("escalation", sa.Text()),
        sa.Column("state", JSON, nullable=False),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_asks_outcome_known")),
        sa.CheckConstraint(POSITIONS, name=op.f("ck_asks_position_known")),
        sa.CheckConstraint(STAGES, name=op.f("ck_asks_stage_known")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_asks_round_from_one")),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_asks_consultation")),
        sa.PrimaryKeyConstraint("consultation", "agency", name=op.f("pk_asks")),
    )
    op.create_index(op.f("ix_asks_agency_handler"), "asks", ["agency", "handler"])
    op.create_index(
        op.f("ix_asks_agency_stage_due_at_consultation"), "asks", ["agency", "stage", "due_at", "consultation"]
    )
    op.create_index(op.f("ix_asks_consultation_stage_due_at"), "asks", ["consultation", "stage", "due_at"])


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("part", sa.Text()),
        sa.Column("leader", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.Text()),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("state", JSON, nullable=False),
        sa.CheckConstraint("rung IN (1, 2)", name=op.f("ck_escalations_rung_known")),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_escalations_consultation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index(op.f("ix_escalations_consultation"), "escalations", ["consultation"])
    op.create_index(op.f("ix_escalations_raised_at_id"), "escalations", ["raised_at", "id"])


def _escalation_leaders() -> None:
    op.create_table(
        "escalation_leaders",
        sa.Column("escalation", sa.Text(), nullable=False),
        sa.Column("leader", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["escalation"], ["escalations.id"], name=op.f("fk_escalation_leaders_escalation")),
        sa.PrimaryKeyConstraint("escalation", "leader", name=op.f("pk_escalation_leaders")),
    )
    op.create_index(op.f("ix_escalation_leaders_leader_consultation"), "escalation_leaders", ["leader", "consultation"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text()),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime()),
        sa.Column("read_by", sa.Text()),
        sa.Column("mail_state", sa.Text(), nullable=False),
        sa.Column("claimed_until", UtcDateTime()),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("mailed_at", UtcDateTime()),
        sa.CheckConstraint(MAILS, name=op.f("ck_notices_mail_state_known")),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_notices_consultation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index(op.f("ix_notices_addressee_audience_number"), "notices", ["addressee", "audience", "number"])
    op.create_index(op.f("ix_notices_consultation"), "notices", ["consultation"])
    op.create_index(
        "ix_notices_to_mail",
        "notices",
        ["number"],
        sqlite_where=sa.text("mail_state IN ('waiting', 'claimed')"),
        postgresql_where=sa.text("mail_state IN ('waiting', 'claimed')"),
    )
