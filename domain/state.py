"""One consultation as the engine sees it: ids, codes, hashes and instants, never texts or names.

The same frozen model is the workflow's state, its start argument and its continue-as-new input.
Whatever can be computed from events (overdue, days left, totals) is not stored here.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from domain.base import Frozen
from domain.clarity.model import Fault, Position
from domain.clock import BusinessClock
from domain.deadline import Limit, Pause
from domain.terms import Terms


class Phase(StrEnum):
    """The life of a consultation (PRODUCT.md 2)."""

    DRAFT = "draft"
    OPEN = "open"
    SYNTHESIS = "synthesis"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"

    @property
    def ended(self) -> bool:
        """Whether nothing can happen any more."""
        return self in (Phase.CLOSED, Phase.WITHDRAWN, Phase.DISCARDED)


class Stage(StrEnum):
    """Where one ask stands. "Overdue" and "escalated" are not stages: they follow from instants and open cases."""

    PREPARED = "prepared"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    POINTING = "pointing"
    WITH_LEAD = "with_lead"
    SETTLED = "settled"


class Outcome(StrEnum):
    """How an ask was settled; a deemed silence is never an agreement."""

    REPLIED = "replied"
    OUT_OF_FUNCTION = "out_of_function"
    MINUTES = "minutes"
    DEEMED = "deemed"
    EXCUSED = "excused"
    WITHOUT_REPLY = "without_reply"


class Channel(StrEnum):
    """How an agency is reached; only `app` proves delivery by itself."""

    APP = "app"
    EXCHANGE = "exchange"
    PAPER = "paper"


class Part(Frozen):
    """A part of the draft by its id and the hash of its text."""

    id: str
    sha256: str


class DraftVersion(Frozen):
    """One version of the draft, bound by its file's hash."""

    version: int
    file: str
    sha256: str
    parts: tuple[Part, ...]
    at: datetime | None = None


class Verdict(Frozen):
    """What the clarity check said of a reply, and which lexicon said it."""

    clear: bool
    faults: tuple[Fault, ...] = ()
    version: str = ""


class Pointer(Frozen):
    """ "Not ours but theirs": the agency pointed at, and whether the directory agrees on that day."""

    question: str
    agency: str
    competent: bool
    ruling: str | None = None


class Answer(Frozen):
    """The position on one question; None where the words are in a secret letter outside the system."""

    question: str
    position: Position | None


class Remark(Frozen):
    """One amendment or ground of disagreement that the lead must answer."""

    id: str
    part: str | None = None
    kind: str = "amendment"
    outcome: str | None = None
    answered_at: datetime | None = None
    superseded: bool = False
    dissent_at: datetime | None = None


class Reply(Frozen):
    """A version of an agency's reply; never edited."""

    version: int
    round: int
    draft_version: int
    receipt: str
    received_at: datetime
    signer: str
    authority: str
    channel: Channel = Channel.APP
    secret: bool = False
    answers: tuple[Answer, ...] = ()
    position: Position | None = None
    verdict: Verdict
    content: str
    days_late: int = 0
    late: bool = False
    accepted_by: str | None = None


class Return(Frozen):
    """The one return for a clear position: by the rule's own check or by a named officer."""

    at: datetime
    due_at: datetime
    by: str
    round: int
    faults: tuple[Fault, ...] = ()


class Extension(Frozen):
    """A request for more time and what became of it: granted, refused or passed to the leader."""

    asked_at: datetime
    until: datetime
    officer: str
    outcome: str | None = None
    by: str | None = None


class RungDone(Frozen):
    """A rung of the ladder: when it was due and when it was really done."""

    key: str
    due_at: datetime
    done_at: datetime


class Ask(Frozen):
    """One consulted agency's part in the consultation.

    `start_at`: when its limit began to run; `round`, `round_at`: each new due instant (sent, returned, extended,
    ordered) begins a round with reminders of its own; `wake_at`: the next instant at which something is due here.
    """

    agency: str
    functions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    mandatory: bool = False
    exception_by: str | None = None
    needs_exception: bool = False
    central: bool = False
    watched_by: str | None = None
    channel: Channel = Channel.APP
    routed_from: tuple[str, ...] = ()
    stage: Stage = Stage.PREPARED
    round: int = 1
    draft_from: int = 1
    limit: Limit | None = None
    sent_at: datetime | None = None
    start_at: datetime | None = None
    round_at: datetime | None = None
    acknowledged_at: datetime | None = None
    handler: str | None = None
    fixed_due: datetime | None = None
    due_at: datetime | None = None
    wake_at: datetime | None = None
    escalate_at: datetime | None = None
    escalate_why: str | None = None
    pauses: tuple[Pause, ...] = ()
    incomplete_used: bool = False
    extensions: tuple[Extension, ...] = ()
    interims: int = 0
    replies: tuple[Reply, ...] = ()
    remarks: tuple[Remark, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    returned: Return | None = None
    unclear: int = 0
    rungs: tuple[RungDone, ...] = ()
    escalation: str | None = None
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    overdue_at: datetime | None = None
    position: Position | None = None

    @model_serializer(mode="wrap")
    def _without_blanks(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is None or empty (the defaults): thousands of asks travel in one payload of limited size."""
        return {name: value for name, value in plain(self).items() if value is not None and value not in ((), [])}

    @property
    def last_reply(self) -> Reply | None:
        """The current version of the reply, if any."""
        return self.replies[-1] if self.replies else None

    @property
    def open_pause(self) -> Pause | None:
        """The pause that has no end yet, if any."""
        return next((p for p in self.pauses if p.end is None), None)

    @property
    def pending_extension(self) -> Extension | None:
        """The extension nobody has decided yet, if any."""
        return next((e for e in self.extensions if e.outcome is None), None)

    @property
    def live_remarks(self) -> tuple[Remark, ...]:
        """Remarks that still count: those a later version of the same agency's reply did not replace."""
        return tuple(r for r in self.remarks if not r.superseded)

    @property
    def current_return(self) -> Return | None:
        """The return whose window is running or was the last clock of this ask."""
        return self.returned if self.returned and self.returned.round == self.round else None

    def did(self, rung: str) -> bool:
        """Whether the rung of the current round is done."""
        return any(r.key == f"{self.round}/{rung}" for r in self.rungs)


class Decision(Frozen):
    """What the leader decided for some or all agencies of an escalation."""

    action: str
    measures: tuple[str, ...] = ()
    agencies: tuple[str, ...]
    until: datetime | None = None
    by: str
    leader: str
    at: datetime
    content: str | None = None


class Escalation(Frozen):
    """A task of the leader in charge, with its own due instant; the second rung is the Chairman and the office."""

    id: str
    kind: str
    path: str = "decide"
    agencies: tuple[str, ...]
    part: str | None = None
    raised_at: datetime
    notified_at: datetime
    leader: str
    acting_for: str | None = None
    copies: tuple[str, ...] = ()
    due_at: datetime
    rung: int = 1
    decisions: tuple[Decision, ...] = ()
    answered: tuple[str, ...] = ()
    closed_at: datetime | None = None

    @property
    def undecided(self) -> tuple[str, ...]:
        """Agencies that neither a decision nor a clear answer has covered yet."""
        covered = [*self.answered, *(a for d in self.decisions for a in d.agencies)]
        return tuple(a for a in self.agencies if a not in covered)


class Conflict(Frozen):
    """Opposite positions on one part of the draft."""

    part: str
    agree: tuple[str, ...]
    disagree: tuple[str, ...]
    detected_at: datetime
    due_at: datetime | None = None
    escalation: str | None = None
    resolved_at: datetime | None = None


class Consultation(Frozen):
    """A whole consultation. `seq` is the number of its last fact; `receipts` are those not tied to one ask."""

    id: str
    lead: str
    field: str
    draft_kind: str
    officer: str
    terms: Terms
    clock: BusinessClock = BusinessClock()
    phase: Phase = Phase.DRAFT
    content: str = ""
    drafts: tuple[DraftVersion, ...] = ()
    asks: dict[str, Ask] = {}
    escalations: tuple[Escalation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    chosen_due: datetime | None = None
    own_authority: bool = False
    parent_due: datetime | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    seq: int = 0
    receipts: tuple[str, ...] = ()

    @property
    def draft(self) -> DraftVersion:
        """The current version of the draft."""
        return self.drafts[-1]

    @property
    def settled(self) -> bool:
        """Whether every asked agency is settled."""
        return all(a.stage is Stage.SETTLED for a in self.asks.values())
