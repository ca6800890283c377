"""All tables of the register, by subject in the sibling modules; this is the name others import them by.

Tables have no methods. How the database is brought to this shape is the migrations' business, and a test compares.
"""

from adapters.tables_accounts import accounts, login_attempts, tokens
from adapters.tables_judging import instruments
from adapters.tables_ledger import ledger, ledger_head
from adapters.tables_read import (
    asks,
    consultation_states,
    consultations,
    drafts,
    escalation_leaders,
    escalations,
    notices,
    search_texts,
)
from adapters.tables_receipts import answers, contents, files, outbox, receipts
from adapters.tables_rules import amendments
from adapters.tables_types import METADATA
from adapters.tables_web import compositions, saved_filters, sessions, verifications

__all__ = [
    "METADATA",
    "accounts",
    "amendments",
    "answers",
    "asks",
    "compositions",
    "consultation_states",
    "consultations",
    "contents",
    "drafts",
    "escalation_leaders",
    "escalations",
    "files",
    "instruments",
    "ledger",
    "ledger_head",
    "login_attempts",
    "notices",
    "outbox",
    "receipts",
    "saved_filters",
    "search_texts",
    "sessions",
    "tokens",
    "verifications",
]
