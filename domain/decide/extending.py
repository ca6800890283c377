"""More time: asked before the due instant, granted by the lead within the cap, by the leader beyond it (F21)."""

from datetime import datetime

from domain.commands import AskExtension, Rule
from domain.deadline import is_late, last_day_in_vietnam, working_days_between
from domain.decide.escalating import raise_escalation
from domain.refusals import Code, Refused
from domain.state import Ask, Extension, Stage
from domain.step import Step, require_running


def ask_extension(step: Step, cmd: AskExtension) -> None:
    """A request is not a reply and does not stop the clock."""
    require_running(step.state)
    ask = step.ask(cmd.agency)
    _check_request(ask, cmd)
    extension = Extension(asked_at=cmd.at, until=cmd.until, officer=cmd.actor)
    ask = step.put(ask, extensions=(*ask.extensions, extension))
    step.fact("extension_asked", ask.agency, until=cmd.until.isoformat(), content=cmd.content)
    key = f"{ask.agency}/extension/{len(ask.extensions)}"
    step.notice("extension_asked", "lead", step.state.lead, key=key, agency=ask.agency, mail=True)


def _check_request(ask: Ask, cmd: AskExtension) -> None:
    if ask.due_at is None:
        raise Refused(Code.NOT_DELIVERED, agency=ask.agency)
    if ask.stage is Stage.SETTLED:
        raise Refused(Code.ALREADY_SETTLED, agency=ask.agency)
    if is_late(ask.due_at, cmd.at):
        raise Refused(Code.EXTENSION_AFTER_DUE, agency=ask.agency, due_at=ask.due_at.isoformat())
    if cmd.until <= ask.due_at:
        raise Refused(Code.EXTENSION_NOT_LATER, agency=ask.agency, due_at=ask.due_at.isoformat())
    if ask.pending_extension:
        raise Refused(Code.EXTENSION_PENDING, agency=ask.agency)
    if not cmd.content:
        raise Refused(Code.REASON_MISSING)


def rule_extension(step: Step, ask: Ask, cmd: Rule) -> None:
    """The lead grants or refuses; a request beyond the cap that the lead supports goes to the leader."""
    pending = ask.pending_extension
    if pending is None:
        raise Refused(Code.NO_EXTENSION_PENDING, agency=ask.agency)
    if cmd.ruling == "refuse_extension":
        decide_extension(step, ask, "refused", cmd.actor)
        return
    _check_grant(ask, pending, cmd)
    if _beyond_cap(step, ask, pending):
        decide_extension(step, ask, "to_leader", cmd.actor)
        raise_escalation(step, "extension_beyond_cap", (step.ask(ask.agency),), at=step.done_at)
    else:
        decide_extension(step, ask, "granted", cmd.actor)


def _check_grant(ask: Ask, pending: Extension, cmd: Rule) -> None:
    """A case before the leader is no longer the lead's; and more time must really be more."""
    if ask.escalation or ask.stage not in (Stage.DELIVERED, Stage.RETURNED):
        raise Refused(Code.RULING_NOT_APPLICABLE, agency=ask.agency)
    if pending.until <= max(cmd.at, ask.due_at or cmd.at):
        raise Refused(Code.EXTENSION_NOT_LATER, agency=ask.agency, due_at=pending.until.isoformat())


def decide_extension(step: Step, ask: Ask, outcome: str, by: str) -> Ask:
    """Write the outcome; only a granted one moves the due instant."""
    done = [e if e.outcome else e.model_copy(update={"outcome": outcome, "by": by}) for e in ask.extensions]
    until = done[-1].until
    ask = step.put(ask, extensions=tuple(done), **(_granted(step, ask, until) if outcome == "granted" else {}))
    step.fact(f"extension_{outcome}", ask.agency, until=until.isoformat(), by=by)
    key = f"{ask.agency}/extension/{len(done)}/{outcome}"
    step.notice("extension_decided", "agency", ask.agency, key=key, agency=ask.agency, mail=True, outcome=outcome)
    return ask


def _granted(step: Step, ask: Ask, until: datetime) -> dict[str, object]:
    """A new due instant begins a new round: its reminders are new, and what was about to escalate no longer is."""
    return {
        "fixed_due": until,
        "round": ask.round + 1,
        "round_at": step.done_at,
        "overdue_at": None,
        "escalate_at": None,
        "escalate_why": None,
    }


def _beyond_cap(step: Step, ask: Ask, pending: Extension) -> bool:
    rule = step.state.terms.rule
    granted = sum(e.outcome == "granted" for e in ask.extensions)
    if granted >= rule.extensions_allowed or ask.due_at is None:
        return True
    first, last = last_day_in_vietnam(ask.due_at), last_day_in_vietnam(pending.until)
    return working_days_between(first, last, step.state.terms.calendar) > rule.extension_cap_days
