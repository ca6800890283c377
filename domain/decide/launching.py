"""From a prepared consultation to one that is sent; the gate itself runs at the edge, with the whole rulebook."""

from datetime import datetime

from domain.commands import Approve, Discard, GrantException, Prepare
from domain.decide.escalating import close_cases
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
    else:
        _wait_for_people(step, cmd.at)


def _wait_for_people(step: Step, at: datetime) -> None:
    """The head is told that an approval is wanted, the leader that an exception is."""
    step.notice("prepared", "head", step.state.lead, key="prepared", mail=True)
    leader = step.state.terms.leaders.in_charge(at).leader
    for agency in [a.agency for a in step.state.asks.values() if a.needs_exception and not a.exception_by]:
        step.notice("exception_asked", "leader", leader, key=f"{agency}/exception", agency=agency, mail=True)


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


def send_ask(step: Step, ask: Ask, at: datetime, notice: str = "launched") -> Ask:
    """Send one ask, for the first time or anew. In-app arrival is proved by the record; others wait for a receipt."""
    ask = close_cases(step, ask) if ask.agency in step.state.asks else ask
    arrived = ask.channel is Channel.APP
    stage = Stage.DELIVERED if arrived else Stage.SENT
    ask = step.put(ask, stage=stage, sent_at=at, start_at=at if arrived else None, round_at=None)
    step.fact("sent", ask.agency, mandatory=ask.mandatory, functions=list(ask.functions), round=ask.round)
    if arrived:
        step.fact("delivered", ask.agency, due_at=_text(ask.due_at))
    step.notice(notice, "agency", ask.agency, key=f"{ask.agency}/{ask.round}/launched", agency=ask.agency, mail=True)
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
