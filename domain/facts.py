"""What a decision leaves behind: facts for the ledger, notices for people, and the changed rows for the register."""

from datetime import datetime

from pydantic import JsonValue

from domain.base import Frozen
from domain.state import Ask, Conflict, Consultation, Escalation, Phase


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


class Unrecorded(Frozen):
    """What a run leaves to the next: decided, and not recorded yet. `asks`, `escalations`: which of them changed."""

    facts: tuple[Fact, ...] = ()
    notices: tuple[Notice, ...] = ()
    asks: tuple[str, ...] = ()
    escalations: tuple[str, ...] = ()


class Beginning(Consultation):
    """What a run begins with: the state, and what the run before left. One model, since histories hold one argument."""

    left: Unrecorded | None = None

    @classmethod
    def of(cls, state: Consultation, left: Unrecorded | None = None) -> "Beginning":
        """The argument of a first run, or of the next one."""
        return cls.model_construct(**{name: getattr(state, name) for name in Consultation.model_fields}, left=left)

    @property
    def state(self) -> Consultation:
        """The state alone."""
        return Consultation.model_construct(**{name: getattr(self, name) for name in Consultation.model_fields})


class Batch(Frozen):
    """Everything decided since the last flush, recorded in one transaction; idempotent by (consultation, seq)."""

    header: Header
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...] = ()
    asks: tuple[Ask, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
