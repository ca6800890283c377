"""An incomplete dossier: claimed once, early and item by item; the clock stands still until the lead rules (F22)."""

from domain.commands import ClaimIncomplete, Rule
from domain.deadline import Pause, is_late
from domain.decide.escalating import close_cases
from domain.refusals import Code, Refused
from domain.state import Ask, Stage
from domain.step import Step, require_running
from domain.terms import StartEvent
from domain.timing import end_after


def claim_incomplete(step: Step, cmd: ClaimIncomplete) -> None:
    """Pause the clock from the receipt of the claim; a bare refusal without items pauses nothing."""
    require_running(step.state)
    ask = step.ask(cmd.agency)
    _check_claim(step, ask, cmd)
    pause = Pause(start=cmd.at, end=None, reason="dossier_incomplete", actor=cmd.actor)
    limit = end_after(step.done_at, step.state.terms.rule.ladder.lead_rules_days, step.state.terms)
    waiting = {"escalate_at": limit, "escalate_why": "incomplete_unruled"}
    step.put(ask, pauses=(*ask.pauses, pause), incomplete_used=True, **waiting)
    step.fact("incomplete_claimed", ask.agency, items=cmd.items, content=cmd.content)
    key = f"{ask.agency}/{ask.round}/incomplete"
    step.notice("incomplete_claimed", "lead", step.state.lead, key=key, agency=ask.agency, mail=True)


def _check_claim(step: Step, ask: Ask, cmd: ClaimIncomplete) -> None:
    if ask.start_at is None:
        raise Refused(Code.NOT_DELIVERED, agency=ask.agency)
    if ask.stage is not Stage.DELIVERED:
        raise Refused(Code.RULING_NOT_APPLICABLE, agency=ask.agency)
    if cmd.items < 1:
        raise Refused(Code.ITEMS_MISSING, agency=ask.agency)
    if ask.incomplete_used:
        raise Refused(Code.INCOMPLETE_ALREADY_USED, agency=ask.agency)
    limit = end_after(ask.start_at, step.state.terms.rule.incomplete_within_days, step.state.terms)
    if is_late(min(limit, ask.due_at or limit), cmd.at):
        raise Refused(Code.INCOMPLETE_TOO_LATE, agency=ask.agency, until=limit.isoformat())


def rule_dossier(step: Step, ask: Ask, cmd: Rule) -> None:
    """Completed: the clock goes on (or starts anew where the rule says so). Refused: it never stood still."""
    pause = ask.open_pause
    if pause is None:
        raise Refused(Code.NO_PAUSE_OPEN, agency=ask.agency)
    ask = close_cases(step, step.put(ask, escalate_at=None, escalate_why=None))
    kept = tuple(p for p in ask.pauses if p.end is not None)
    if cmd.ruling == "refuse_incomplete":
        if not cmd.content:
            raise Refused(Code.REASON_MISSING)
        ask = step.put(ask, pauses=kept)
    elif step.state.terms.rule.start is StartEvent.DOSSIER_COMPLETE:
        ask = step.put(ask, pauses=kept, start_at=cmd.at)
    else:
        ask = step.put(ask, pauses=(*kept, pause.model_copy(update={"end": cmd.at})))
    due_at = ask.due_at.isoformat() if ask.due_at else None
    step.fact(cmd.ruling, ask.agency, content=cmd.content, due_at=due_at)
    step.notice(cmd.ruling, "agency", ask.agency, key=f"{ask.agency}/{ask.round}/dossier", agency=ask.agency, mail=True)
