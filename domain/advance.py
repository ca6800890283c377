"""The passing of time: `advance(state, now)` does everything that has fallen due, in the order it fell due.

A jump of forty days is a normal input: each rung is done once, facts carry the instants that were due, an ask gets at
most one catch-up notice, and nobody is settled by silence who was not warned first.
"""

from datetime import datetime

from domain.deadline import add_working_hours, closing, last_day_in_vietnam, working_days_before
from domain.decide import finish
from domain.decide.closing import refresh_leaders
from domain.decide.conflicts import escalate_conflict
from domain.decide.escalating import raise_escalation, second_rung
from domain.decide.replying import settle
from domain.state import Ask, Consultation, Outcome, Phase, RungDone, Stage
from domain.step import Step
from domain.terms import Anchor, Audience, LeaderTable, Rung
from domain.timing import end_after, pending_rungs


def wake_at(state: Consultation) -> datetime | None:
    """The next instant at which anything is due; None when only people can move the consultation on."""
    if state.phase not in (Phase.OPEN, Phase.SYNTHESIS):
        return None
    instants = list(state.roll.wakes)
    instants += [e.due_at for e in state.escalations if e.rung == 1 and not e.closed_at and e.undecided]
    instants += [c.due_at for c in state.conflicts if c.due_at]
    instants += [at for at in [_parent_near(state)] if at]
    return min(instants, default=None)


def advance(state: Consultation, now: datetime, most: int | None = None, leaders: LeaderTable | None = None) -> Step:
    """Do all that was due at or before `now`; with `most`, stop after the instant that reaches so many facts.

    `leaders`: the directory's table of today, which decides who gets an escalation.
    """
    step = Step(state, now)
    if leaders:
        refresh_leaders(step, leaders)
    while (at := wake_at(step.state)) and at <= now and (most is None or len(step.facts) < most):
        _do_due(step, at)
        finish(step)
    return step


def _do_due(step: Step, at: datetime) -> None:
    up: dict[str, list[Ask]] = {}
    for ask in [a for a in step.state.asks.values() if a.wake_at == at]:
        why = _ask_due(step, ask, at)
        if why:
            up.setdefault(why, []).append(step.ask(ask.agency))
    for why, asks in up.items():
        raise_escalation(step, why, asks, at=at)
    for escalation in [e for e in step.state.escalations if e.due_at == at and e.rung == 1 and e.undecided]:
        second_rung(step, escalation, at)
    for conflict in [c for c in step.state.conflicts if c.due_at == at]:
        escalate_conflict(step, conflict, at)
    if _parent_near(step.state) == at:
        _warn_of_parent(step, at)


def _parent_near(state: Consultation) -> datetime | None:
    """When the task from above comes near and the consultation still runs (F17); None once it was told."""
    if state.parent_due is None or state.parent_warned_at:
        return None
    day = working_days_before(
        last_day_in_vietnam(state.parent_due), state.terms.rule.ladder.parent_days, state.terms.calendar
    )
    return closing(day, state.terms.rule.ladder.opens_at)


def _warn_of_parent(step: Step, at: datetime) -> None:
    step.change(parent_warned_at=step.done_at)
    due_at = step.state.parent_due.isoformat() if step.state.parent_due else None
    step.fact("parent_task_near", at=at, due_at=due_at)
    step.notice("parent_task_near", "lead", step.state.lead, key="parent", mail=True, due_at=due_at)
    step.notice("parent_task_near", "office", "office", key="parent/office", due_at=due_at)


def _ask_due(step: Step, ask: Ask, at: datetime) -> str | None:
    """Do what is due on one ask; the answer is the kind of escalation to raise, if any."""
    if ask.stage is Stage.SENT:
        _undelivered(step, ask, at)
        return None
    if ask.escalate_at == at:
        return _escalate(step, ask)
    for instant in [i for i in pending_rungs(ask, step.state.terms) if i.at == at]:
        _climb(step, step.ask(ask.agency), instant.rung, at)
    return None


def _undelivered(step: Step, ask: Ask, at: datetime) -> None:
    """No proof of delivery by the next working day: the lead and the office must find out why."""
    _mark(step, ask, "undelivered", at)
    step.fact("undelivered", ask.agency, at=at)
    key = f"{ask.agency}/{ask.round}/undelivered"
    step.notice("undelivered", "lead", step.state.lead, key=key, agency=ask.agency, mail=True)
    step.notice("undelivered", "office", "office", key=f"{key}/office", agency=ask.agency)


def _mark(step: Step, ask: Ask, rung: str, at: datetime, **values: object) -> Ask:
    done = RungDone(key=f"{ask.round}/{rung}", due_at=at, done_at=step.done_at)
    return step.put(ask, rungs=(*ask.rungs, done), **values)


def _climb(step: Step, ask: Ask, rung: Rung, at: datetime) -> None:
    if rung.anchor is Anchor.AT_DUE:
        _overdue(step, ask, rung, at)
        return
    ask = _mark(step, ask, rung.code, at)
    later_is_due = any(i.at <= step.done_at for i in pending_rungs(ask, step.state.terms))
    step.fact("reminded", ask.agency, at=at, rung=rung.code, silent=later_is_due)
    if not later_is_due:
        _remind(step, ask, rung)


def _remind(step: Step, ask: Ask, rung: Rung) -> None:
    to = step.state.lead if rung.audience is Audience.LEAD else ask.agency
    step.notice(
        "reminder",
        rung.audience,
        to,
        key=f"{ask.agency}/{ask.round}/{rung.code}",
        agency=ask.agency,
        mail=rung.mail,
        rung=rung.code,
        due_at=ask.due_at.isoformat() if ask.due_at else None,
    )


def _overdue(step: Step, ask: Ask, rung: Rung, at: datetime) -> None:
    """The due instant has passed without a reply: tell the agency's head, then let the rule or the ladder go on."""
    warned = any(r.key.startswith(f"{ask.round}/") and r.done_at < at for r in ask.rungs)
    ask = _mark(step, ask, rung.code, at, overdue_at=at)
    step.fact("overdue", ask.agency, at=at, round=ask.round)
    step.notice(
        "overdue_head", "head", ask.agency, key=f"{ask.agency}/{ask.round}/overdue", agency=ask.agency, mail=True
    )
    rule = step.state.terms.rule
    if step.state.own_authority:
        settle(step, ask, Outcome.WITHOUT_REPLY, at)
    elif rule.silence.deems and ask.stage is Stage.DELIVERED and not ask.replies:
        _deem(step, ask, at, warned)
    else:
        _to_escalate(step, ask, at)


def _deem(step: Step, ask: Ask, at: datetime, warned: bool) -> None:
    """The cited rule gives silence its effect, but never against somebody who was not warned in time."""
    if warned:
        deemed(step, ask, at)
    else:
        step.put(ask, escalate_at=end_after(step.done_at, 1, step.state.terms), escalate_why="deem")


def deemed(step: Step, ask: Ask, at: datetime) -> None:
    """Settle by the rule: the record says deemed, never agree, and the lateness stays."""
    rule = step.state.terms.rule
    step.fact("deemed", ask.agency, at=at, silence=rule.silence, rule_set=rule.rule_set)
    settle(step, ask, Outcome.DEEMED, at)
    step.notice("deemed", "head", ask.agency, key=f"{ask.agency}/{ask.round}/deemed", agency=ask.agency, mail=True)


def _to_escalate(step: Step, ask: Ask, at: datetime) -> None:
    terms = step.state.terms
    hours = terms.rule.ladder.escalate_after_hours
    due = add_working_hours(at, hours, terms.calendar, terms.rule.office_hours)
    step.put(ask, escalate_at=due, escalate_why="unclear" if ask.stage is Stage.RETURNED else "silence")


def _escalate(step: Step, ask: Ask) -> str | None:
    why = ask.escalate_why
    if why == "deem":
        deemed(step, step.put(ask, escalate_at=None, escalate_why=None), step.done_at)
        return None
    return why
