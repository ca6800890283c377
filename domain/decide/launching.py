"""From a prepared consultation to one that is sent; the gate itself runs at the edge, with the whole rulebook."""

from datetime import datetime

from domain.commands import Approve, Discard, GrantException, Prepare
from domain.refusals import Code, Refused
from domain.state import Ask, Channel, Consultation, Phase, Stage
from domain.step import Step


def prepare(step: Step, cmd: Prepare) -> None:
    """Lay the consultation down; a head who prepares it approves it in the same breath."""
    _require_draft(step.state)
    for ask in step.state.asks.values():
        step.put(ask)
    step.fact("prepared", lead=step.state.lead, field=step.state.field, draft_kind=step.state.draft_kind)
    if cmd.approve:
        _send(step, cmd.at)


def approve(step: Step, cmd: Approve) -> None:
    """The head approves; whoever still needs a leader's exception blocks the sending."""
    _require_draft(step.state)
    _send(step, cmd.at)


def _require_draft(state: Consultation) -> None:
    if state.phase is not Phase.DRAFT:
        raise Refused(Code.NOT_A_DRAFT, consultation=state.id)


def _send(step: Step, at: datetime) -> None:
    missing = next((a for a in step.state.asks.values() if a.needs_exception and not a.exception_by), None)
    if missing:
        raise Refused(Code.NOT_DIRECTLY_RELATED, agency=missing.agency)
    step.enter(Phase.OPEN)
    step.change(opened_at=at)
    step.fact("launched", own_authority=step.state.own_authority)
    for ask in step.state.asks.values():
        send_ask(step, ask, at)


def send_ask(step: Step, ask: Ask, at: datetime) -> Ask:
    """Send one ask. In-app arrival is proved by the record itself; other channels wait for their receipt."""
    arrived = ask.channel is Channel.APP
    stage = Stage.DELIVERED if arrived else Stage.SENT
    ask = step.put(ask, stage=stage, sent_at=at, start_at=at if arrived else None, round_at=None)
    step.fact("sent", ask.agency, mandatory=ask.mandatory, functions=list(ask.functions), round=ask.round)
    if arrived:
        step.fact("delivered", ask.agency, due_at=_text(ask.due_at))
    step.notice(
        "launched", "agency", ask.agency, key=f"{ask.agency}/{ask.round}/launched", agency=ask.agency, mail=True
    )
    return ask


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def grant_exception(step: Step, cmd: GrantException) -> None:
    """Only the leader in charge of the field on that day, with a reason."""
    _require_draft(step.state)
    ask = step.ask(cmd.asked)
    if cmd.leader != step.state.terms.leaders.in_charge(cmd.at).leader:
        raise Refused(Code.NOT_THE_LEADER, leader=cmd.leader)
    if not cmd.content:
        raise Refused(Code.REASON_MISSING)
    step.put(ask, exception_by=cmd.leader)
    step.fact("exception_granted", cmd.asked, leader=cmd.leader, content=cmd.content)


def discard(step: Step, cmd: Discard) -> None:
    """Lay a prepared consultation aside; nothing is deleted."""
    _require_draft(step.state)
    step.enter(Phase.DISCARDED)
    step.change(ended_at=cmd.at)
    step.fact("discarded")
