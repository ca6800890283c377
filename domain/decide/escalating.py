"""Escalation: a case becomes a task of the leader in charge of the matter's field on that day, or of the stand-in."""

from collections.abc import Sequence
from datetime import datetime

from domain.state import Ask, Escalation
from domain.step import Step
from domain.timing import end_after

# Cases in which the agency itself is waited for no longer by the clock, only by the leader.
TIED = ("silence", "unclear", "pointer_disputed", "pointer_unruled", "incomplete_unruled", "lead_idle")


def raise_escalation(
    step: Step, kind: str, asks: Sequence[Ask], *, at: datetime, part: str | None = None
) -> tuple[Escalation, ...]:
    """Raise one task for the asks; central agencies, which the province cannot discipline, are only reported (F49)."""
    central = [a for a in asks if a.central]
    local = [a for a in asks if not a.central]
    groups = [("decide", local), ("report_only", central)]
    return tuple(_raise(step, kind, path, group, at, part) for path, group in groups if group)


def _raise(step: Step, kind: str, path: str, asks: list[Ask], at: datetime, part: str | None) -> Escalation:
    state = step.state
    charge = state.terms.leaders.in_charge(step.done_at)
    watchers = dict.fromkeys(a.watched_by for a in asks if a.watched_by and a.watched_by != charge.leader)
    escalation = Escalation(
        id=f"{state.id}.e{len(state.escalations) + 1}",
        kind=kind,
        path=path,
        agencies=tuple(a.agency for a in asks),
        part=part,
        raised_at=at,
        notified_at=step.done_at,
        leader=charge.leader,
        acting_for=charge.acting_for,
        copies=tuple(watchers),
        due_at=end_after(step.done_at, state.terms.rule.ladder.leader_days, state.terms),
    )
    step.put_escalation(escalation)
    for ask in asks:
        if kind in TIED:
            step.put(step.ask(ask.agency), escalation=escalation.id, escalate_at=None, escalate_why=None)
        step.fact("escalated", ask.agency, at=at, escalation=escalation.id, why=kind, leader=charge.leader, path=path)
    _tell(step, escalation)
    return escalation


def _tell(step: Step, escalation: Escalation) -> None:
    kind = "central_report" if escalation.path == "report_only" else "escalation"
    key = f"{escalation.id}/{escalation.rung}"
    step.notice(kind, "leader", escalation.leader, key=key, mail=True, agencies=list(escalation.agencies))
    for watcher in escalation.copies:
        step.notice(kind, "leader", watcher, key=f"{key}/copy/{watcher}", agencies=list(escalation.agencies))
    step.notice(kind, "office", "office", key=f"{key}/office", agencies=list(escalation.agencies))


def open_cases(step: Step, agency: str, kind: str | None = None) -> list[Escalation]:
    """Cases about the agency that wait for a decision; a conflict is not about one agency."""
    cases = [e for e in step.state.escalations if e.part is None and agency in e.undecided]
    return [e for e in cases if kind in (None, e.kind)]


def close_cases(step: Step, ask: Ask) -> Ask:
    """Take the agency out of every open case: it answered, was asked anew, or the lead ruled. What was late stays."""
    for case in open_cases(step, ask.agency):
        done = case.model_copy(update={"answered": (*case.answered, ask.agency)})
        if not done.undecided:
            done = done.model_copy(update={"closed_at": step.done_at})
        step.put_escalation(done)
        step.fact("case_answered", ask.agency, escalation=case.id)
    return step.put(step.ask(ask.agency), escalation=None) if ask.escalation else ask


def second_rung(step: Step, escalation: Escalation, at: datetime) -> None:
    """No decision in time: the Chairman and the office are told, once."""
    chairman = step.state.terms.leaders.chairman
    step.put_escalation(escalation.model_copy(update={"rung": 2}))
    step.fact("second_rung", at=at, escalation=escalation.id, leader=chairman)
    key = f"{escalation.id}/2"
    step.notice("second_rung", "leader", chairman, key=key, mail=True, agencies=list(escalation.agencies))
    step.notice("second_rung", "office", "office", key=f"{key}/office", mail=True, agencies=list(escalation.agencies))
