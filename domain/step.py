"""One decision in the making: the state as it becomes, with the facts, notices and changed rows it leaves behind.

Local to one pure call: a handler gets a Step, tells it what happened, and the Step is thrown away.
"""

from datetime import datetime

from pydantic import JsonValue

from domain.facts import Fact, Notice
from domain.refusals import Code, Refused
from domain.state import Ask, Conflict, Consultation, Escalation, Phase, Roll, Stage
from domain.timing import due_of, wake_of

SYSTEM = "system"


class Step:
    """Collects what one command or one passing of time changes."""

    def __init__(self, state: Consultation, done_at: datetime, actor: str = SYSTEM, receipt: str | None = None) -> None:
        self.state = state
        self.done_at = done_at
        self.actor = actor
        self.receipt = receipt
        self.facts: list[Fact] = []
        self.notices: list[Notice] = []
        self.asks: dict[str, None] = {}
        self._clocks: dict[tuple[object, ...], tuple[datetime | None, datetime | None]] = {}
        self.escalations: dict[str, None] = {}

    def change(self, **values: object) -> None:
        """Set fields of the consultation itself."""
        self.state = self.state.model_copy(update=values)
        if "terms" in values:
            self._clocks.clear()

    def fact(
        self, kind: str, agency: str | None = None, at: datetime | None = None, by_rule: bool = False, **data: JsonValue
    ) -> None:
        """Append a fact to the ledger; `at` defaults to when it is done. `by_rule`: no person did it, the rule did."""
        seq = self.state.seq + 1
        self.change(seq=seq)
        self.facts.append(
            Fact(
                seq=seq,
                kind=kind,
                at=at or self.done_at,
                done_at=self.done_at,
                actor=SYSTEM if by_rule else self.actor,
                agency=agency,
                receipt=self.receipt,
                data=data,
            )
        )

    def notice(
        self,
        kind: str,
        audience: str,
        to: str,
        *,
        key: str,
        agency: str | None = None,
        mail: bool = False,
        **data: JsonValue,
    ) -> None:
        """Owe somebody a message, once per key."""
        notice = Notice(
            key=f"{self.state.id}/{key}",
            kind=kind,
            audience=audience,
            to=to,
            agency=agency,
            at=self.done_at,
            mail=mail,
            data=data,
        )
        self.notices.append(notice)

    def ask(self, agency: str) -> Ask:
        """The agency's ask; refuses agencies that were not asked."""
        ask = self.state.asks.get(agency)
        if ask is None:
            raise Refused(Code.NOT_ASKED, agency=agency)
        return ask

    def put(self, ask: Ask, **values: object) -> Ask:
        """Store the ask as changed, with its due instant and its next wake-up computed anew."""
        ask = self._timed(ask.model_copy(update=values))
        if not self.asks:
            # One copy a step: the caller's state stays as it was, and 3,321 asks are not copied 3,321 times.
            self.change(asks=Roll(self.state.asks))
        self.state.roll.put(ask)
        self.asks[ask.agency] = None
        return ask

    def _timed(self, ask: Ask) -> Ask:
        """With due and wake instants; asks with the same clock, as after a launch to everybody, are counted once."""
        clock = (ask.stage, ask.round, ask.start_at, ask.round_at, ask.sent_at, ask.fixed_due, ask.limit, ask.pauses)
        key = (*clock, ask.returned, ask.rungs, ask.escalate_at, ask.escalation is None)
        if key not in self._clocks:
            ask = ask.model_copy(update={"due_at": due_of(ask, self.state.terms)})
            self._clocks[key] = (ask.due_at, wake_of(ask, self.state.terms))
        due_at, wake_at = self._clocks[key]
        return ask.model_copy(update={"due_at": due_at, "wake_at": wake_at})

    def escalation(self, id: str) -> Escalation:
        """The escalation of that id."""
        found = next((e for e in self.state.escalations if e.id == id), None)
        if found is None:
            raise Refused(Code.ESCALATION_UNKNOWN, escalation=id)
        return found

    def put_escalation(self, escalation: Escalation) -> None:
        """Store the escalation as new or changed."""
        others = [e for e in self.state.escalations if e.id != escalation.id]
        self.change(escalations=(*others, escalation))
        self.escalations[escalation.id] = None

    def put_conflict(self, conflict: Conflict) -> None:
        """Store the conflict on its part as new or changed."""
        others = [c for c in self.state.conflicts if c.part != conflict.part]
        self.change(conflicts=(*others, conflict))

    def enter(self, phase: Phase) -> None:
        """Move the consultation to a phase."""
        self.change(phase=phase)

    def follow_phase(self) -> None:
        """Open and synthesis follow from whether every agency is settled."""
        if self.state.phase is Phase.OPEN and self.state.settled:
            self.enter(Phase.SYNTHESIS)
            self.fact("synthesis_started")
            self.notice("synthesis", "lead", self.state.lead, key=f"synthesis/{self.state.seq}", mail=True)
        elif self.state.phase is Phase.SYNTHESIS and not self.state.settled:
            self.enter(Phase.OPEN)
            self.fact("reopened")


def require_running(state: Consultation) -> None:
    """Refuse anything on a consultation that is not sent yet or has ended."""
    codes = {
        Phase.DRAFT: Code.NOT_OPEN,
        Phase.CLOSED: Code.CONSULTATION_CLOSED,
        Phase.WITHDRAWN: Code.CONSULTATION_WITHDRAWN,
        Phase.DISCARDED: Code.CONSULTATION_DISCARDED,
    }
    if state.phase in codes:
        raise Refused(codes[state.phase], consultation=state.id)


def unsettled(ask: Ask) -> bool:
    """Whether the agency still owes something."""
    return ask.stage is not Stage.SETTLED
