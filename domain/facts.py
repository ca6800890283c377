"""What a decision leaves behind: facts for the ledger, notices for people, and the changed rows for the register."""

from datetime import datetime

from pydantic import JsonValue

from domain.base import Frozen
from domain.state import Ask, Conflict, Escalation, Phase


class Fact(Frozen):
    """One line of the ledger. `at`: the business instant it belongs to; `done_at`: when the engine really did it."""

    seq: int
    kind: str
    at: datetime
    done_at: datetime
    actor: str
    agency: str | None = None
    receipt: str | None = None
    data: dict[str, JsonValue] = {}


class Notice(Frozen):
    """A message somebody is owed, once: `key` is its identity. `to`: an agency, leader or `office` code."""

    key: str
    kind: str
    audience: str
    to: str
    agency: str | None = None
    at: datetime
    mail: bool = False
    data: dict[str, JsonValue] = {}


class Header(Frozen):
    """The consultation without its asks: what the register keeps in the consultation's own row."""

    id: str
    lead: str
    field: str
    draft_kind: str
    officer: str
    phase: Phase
    content: str
    own_authority: bool
    opened_at: datetime | None
    ended_at: datetime | None
    seq: int
    state: dict[str, JsonValue] | None = None


class Batch(Frozen):
    """Everything decided since the last flush, recorded in one transaction; idempotent by (consultation, seq)."""

    header: Header
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...] = ()
    asks: tuple[Ask, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
