"""Urging by hand (đôn đốc): a named person of the lead or of the Office reminds an agency that still owes a reply.

It moves no clock and warns nobody in the sense of a rule on silence; it is told once, and kept.
"""

from datetime import datetime

from domain.commands import Urge
from domain.deadline import day_in_vietnam, is_late, working_days_between
from domain.refusals import Code, Refused
from domain.state import Ask, Stage, Urged
from domain.step import Step, require_running

# Where the agency itself is waited for: not the lead, who has to rule, and nobody else.
OWES = (Stage.SENT, Stage.DELIVERED, Stage.RETURNED)


def urge(step: Step, cmd: Urge) -> None:
    """Keep the urging with its words and tell the agency, once a working day for each side (H13)."""
    require_running(step.state)
    ask = step.ask(cmd.asked)
    side = "lead" if cmd.agency == step.state.lead else "office"
    before = next((u for u in ask.urged if u.side == side), None)
    _check_owes(ask)
    if before:
        _check_day(step, ask, before, cmd.at)
    once_more = Urged(side=side, times=before.times + 1 if before else 1, last_at=cmd.at)
    ask = step.put(ask, urged=(*(u for u in ask.urged if u.side != side), once_more))
    step.fact("urged", ask.agency, side=side, times=once_more.times, content=cmd.content)
    _tell(step, ask, once_more)


def _check_owes(ask: Ask) -> None:
    if ask.stage is Stage.SETTLED:
        raise Refused(Code.ALREADY_SETTLED, agency=ask.agency)
    if ask.stage not in OWES or ask.open_pause:
        raise Refused(Code.RULING_NOT_APPLICABLE, agency=ask.agency)


def _check_day(step: Step, ask: Ask, before: Urged, at: datetime) -> None:
    """Nobody is flooded: no working day has begun since the same side urged last. Days off belong to the day before."""
    calendar, day = step.state.terms.calendar, day_in_vietnam(before.last_at)
    if working_days_between(day, day_in_vietnam(at), calendar) == 0:
        again = calendar.next_working(day).isoformat()
        raise Refused(Code.URGED_TODAY, agency=ask.agency, last_at=before.last_at.isoformat(), day=again)


def _tell(step: Step, ask: Ask, urged: Urged) -> None:
    """Whoever drafts the reply, else the agency's desk; after the due instant its head too."""
    overdue = ask.due_at is not None and is_late(ask.due_at, step.done_at)
    kind = "urged_arrival" if ask.stage is Stage.SENT else "urged_overdue" if overdue else "urged"
    due_at = ask.due_at.isoformat() if ask.due_at else None
    key = f"{ask.agency}/{ask.round}/urged/{urged.side}/{urged.times}"
    for audience in ("handler" if ask.handler else "agency", *(("head",) if overdue else ())):
        step.notice(
            kind,
            audience,
            ask.agency,
            key=key if audience != "head" else f"{key}/head",
            agency=ask.agency,
            mail=True,
            side=urged.side,
            due_at=due_at,
        )
