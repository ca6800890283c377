"""Totals and standings, computed from the asks each time they are asked for: never typed, never stored."""

from datetime import datetime
from enum import StrEnum

from domain.base import Frozen
from domain.clarity.model import Position
from domain.state import Ask, Consultation, Outcome, Stage


class Standing(StrEnum):
    """What a reader wants to know of an ask at an instant."""

    PREPARED = "prepared"
    SENT = "sent"
    WAITING = "waiting"
    PAUSED = "paused"
    RETURNED = "returned"
    POINTING = "pointing"
    WITH_LEAD = "with_lead"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    SETTLED = "settled"


class Totals(Frozen):
    """How the asked agencies behaved. `on_time + late + silent == asked` once everybody is settled."""

    asked: int
    mandatory: int
    on_time: int
    late: int
    silent: int
    waiting: int
    deemed: int
    excused: int
    returned: int
    positions: dict[str, int]
    remarks: int
    remarks_answered: int
    dissents: int


def standing(ask: Ask, now: datetime) -> Standing:
    """Where the ask stands at the instant; overdue follows from the due instant, it is not a stored mark."""
    if ask.stage in (Stage.PREPARED, Stage.SENT, Stage.SETTLED):
        return Standing(ask.stage)
    if ask.escalation:
        return Standing.ESCALATED
    if ask.open_pause:
        return Standing.PAUSED
    if ask.due_at and now >= ask.due_at and ask.stage in (Stage.DELIVERED, Stage.RETURNED):
        return Standing.OVERDUE
    return Standing(ask.stage) if ask.stage is not Stage.DELIVERED else Standing.WAITING


def answered_on_time(ask: Ask) -> bool:
    """Whether a reply that settled the ask, or one given before minutes did, was received in time."""
    return bool(ask.replies) and _answered(ask) and not ask.replies[_settling(ask)].late


def answered_late(ask: Ask) -> bool:
    """Whether the agency answered, but only after its due instant."""
    return bool(ask.replies) and ask.stage is Stage.SETTLED and ask.replies[_settling(ask)].late


def _answered(ask: Ask) -> bool:
    return ask.outcome in (Outcome.REPLIED, Outcome.OUT_OF_FUNCTION, Outcome.MINUTES)


def _settling(ask: Ask) -> int:
    """The index of the first reply held clear in the last round that had one; corrections after it do not count."""
    last_round = ask.replies[-1].round
    clear = (n for n, r in enumerate(ask.replies) if r.round == last_round and (r.verdict.clear or r.accepted_by))
    return next(clear, len(ask.replies) - 1)


def totals(state: Consultation) -> Totals:
    """Count the whole consultation; corrections and rounds count once per agency."""
    asks = tuple(state.asks.values())
    remarks = [r for a in asks for r in a.live_remarks]
    settled = [a for a in asks if a.stage is Stage.SETTLED]
    on_time = sum(answered_on_time(a) for a in settled)
    late = sum(answered_late(a) for a in settled)
    return Totals(
        asked=len(asks),
        mandatory=sum(a.mandatory for a in asks),
        on_time=on_time,
        late=late,
        silent=len(settled) - on_time - late,
        waiting=len(asks) - len(settled),
        deemed=sum(a.outcome is Outcome.DEEMED for a in asks),
        excused=sum(a.outcome is Outcome.EXCUSED for a in asks),
        returned=sum(a.returned is not None for a in asks),
        positions={p: sum(a.position is p and bool(a.replies) for a in asks) for p in Position},
        remarks=len(remarks),
        remarks_answered=sum(r.outcome is not None for r in remarks),
        dissents=sum(r.dissent_at is not None for r in remarks),
    )
