"""Delivery, acknowledgement and the naming of a handler: a machine of its own that never changes a reply."""

from datetime import datetime

from domain.commands import Assign, Deliver
from domain.deadline import due
from domain.refusals import Code, Refused
from domain.state import Ask, Stage
from domain.step import Step, require_running


def deliver(step: Step, cmd: Deliver) -> None:
    """Proof of arrival starts the clock (F08); a clerk's acknowledgement afterwards does not move it."""
    require_running(step.state)
    ask = step.ask(cmd.agency)
    if ask.stage is not Stage.SENT:
        _acknowledge(step, cmd)
        return
    arrived = cmd.arrived_at or cmd.at
    if ask.sent_at and arrived < ask.sent_at:
        raise Refused(Code.DELIVERED_BEFORE_SENT, agency=cmd.agency)
    fixed = _still_enough(step, ask, arrived)
    ask = step.put(ask, stage=Stage.DELIVERED, start_at=arrived, acknowledged_at=cmd.at, fixed_due=fixed)
    step.fact("delivered", cmd.agency, at=arrived, due_at=ask.due_at.isoformat() if ask.due_at else None)


def _still_enough(step: Step, ask: Ask, arrived: datetime) -> datetime | None:
    """The lead's chosen instant, unless the arrival leaves less than the rule's minimum: then the rule's own limit."""
    rule = step.state.terms.rule
    least = due(arrived, rule.minimum or rule.limit, step.state.terms.calendar, closes_at=rule.closes_at).instant
    return ask.fixed_due if ask.fixed_due and ask.fixed_due >= least else None


def _acknowledge(step: Step, cmd: Deliver) -> None:
    ask = step.ask(cmd.agency)
    if ask.acknowledged_at:
        raise Refused(Code.ALREADY_DELIVERED, agency=cmd.agency)
    step.put(ask, acknowledged_at=cmd.at)
    step.fact("acknowledged", cmd.agency)


def assign(step: Step, cmd: Assign) -> None:
    """Name the person who drafts the reply (F15: rõ người)."""
    require_running(step.state)
    step.put(step.ask(cmd.agency), handler=cmd.handler)
    step.fact("assigned", cmd.agency, handler=cmd.handler)
    step.notice("assigned", "handler", cmd.agency, key=f"{cmd.agency}/assigned/{cmd.receipt}", agency=cmd.agency)
