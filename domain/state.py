"""One consultation as the engine sees it: ids, codes, hashes and instants, never texts or names.

The same frozen model is the workflow's state, its start argument and its continue-as-new input.
Whatever can be computed from events (overdue, days left, totals) is not stored here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, SerializerFunctionWrapHandler, model_serializer

from domain.base import Frozen
from domain.clarity.model import Position
from domain.clock import BusinessClock
from domain.deadline import Limit, Pause
from domain.state_parts import (
    Answer,
    Channel,
    DraftVersion,
    Extension,
    Outcome,
    Part,
    Phase,
    Pointer,
    Remark,
    Reply,
    Return,
    RungDone,
    Stage,
    Urged,
    Verdict,
)
from domain.terms import Terms

__all__ = [
    "Answer",
    "Ask",
    "Channel",
    "Conflict",
    "Consultation",
    "Decision",
    "DraftVersion",
    "Escalation",
    "Extension",
    "Outcome",
    "Part",
    "Phase",
    "Pointer",
    "Remark",
    "Reply",
    "Return",
    "Roll",
    "RungDone",
    "Stage",
    "Urged",
    "Verdict",
]


class Ask(Frozen):
    """One consulted agency's part in the consultation.

    `start_at`: when its limit began to run; `round`, `round_at`: each new due instant (sent, returned, extended,
    ordered) begins a round with reminders of its own; `wake_at`: the next instant at which something is due here.
    """

    agency: str
    functions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    question_parts: dict[str, str] = {}
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
    answers: tuple[Answer, ...] = ()
    urged: tuple[Urged, ...] = ()

    @model_serializer(mode="wrap")
    def _without_blanks(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is None or empty (the defaults): thousands of asks travel in one payload of limited size."""
        return {name: value for name, value in plain(self).items() if value is not None and value not in ((), [], {})}

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


class Roll(dict[str, Ask]):
    """The asks by agency, with counts kept as they change: thousands are not read through at every act.

    `unsettled`: those that still owe something; `against`: settled ones that disagree; `wakes`: how many wake up at
    each instant. A plain dictionary to everybody else; the counts travel in no payload.
    """

    def __init__(self, asks: Mapping[str, Ask]) -> None:
        super().__init__(asks)
        known = asks if isinstance(asks, Roll) else None
        self.unsettled: int = known.unsettled if known is not None else 0
        self.against: int = known.against if known is not None else 0
        self.wakes: dict[datetime, int] = dict(known.wakes) if known is not None else {}
        for ask in () if known is not None else asks.values():
            self._count(ask, 1)

    def put(self, ask: Ask) -> None:
        """Enter the ask, in place of the agency's earlier one."""
        if ask.agency in self:
            self._count(self[ask.agency], -1)
        self._count(ask, 1)
        self[ask.agency] = ask

    def _count(self, ask: Ask, by: int) -> None:
        settled = ask.stage is Stage.SETTLED
        self.unsettled += 0 if settled else by
        self.against += by if settled and ask.position is Position.DISAGREE else 0
        if ask.wake_at:
            left = self.wakes.get(ask.wake_at, 0) + by
            if left:
                self.wakes[ask.wake_at] = left
            else:
                del self.wakes[ask.wake_at]


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
    asks: Annotated[dict[str, Ask], AfterValidator(Roll)] = Roll({})
    escalations: tuple[Escalation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    chosen_due: datetime | None = None
    own_authority: bool = False
    parent_due: datetime | None = None
    parent_warned_at: datetime | None = None
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
        return self.roll.unsettled == 0

    @property
    def roll(self) -> Roll:
        """The asks with their counts."""
        return self.asks if isinstance(self.asks, Roll) else Roll(self.asks)
