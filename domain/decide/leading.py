"""The leader's decision on an escalation: a person's act, by whoever holds the field at that instant."""

from collections.abc import Callable

from domain.commands import Decide
from domain.decide.conflicts import resolve
from domain.decide.escalating import TIED
from domain.decide.extending import decide_extension
from domain.decide.replying import settle
from domain.refusals import Code, Refused
from domain.state import Ask, Decision, Escalation, Outcome, Stage
from domain.step import Step, require_running
from domain.timing import end_after

DISCIPLINE = ("criticise", "review_responsibility")


def decide_escalation(step: Step, cmd: Decide) -> None:
    """Apply one decision to the named agencies, or to all that are still undecided (F23)."""
    require_running(step.state)
    escalation = step.escalation(cmd.escalation)
    _check(step, escalation, cmd)
    agencies = cmd.agencies or (escalation.agencies if cmd.action == "note" else escalation.undecided)
    for agency in agencies:
        ACTIONS[cmd.action](step, step.ask(agency), cmd)
    _write(step, escalation, cmd, agencies)
    if cmd.action == "call_meeting" and cmd.until:
        _postpone(step, escalation.id, cmd)


def _check(step: Step, escalation: Escalation, cmd: Decide) -> None:
    chairman = step.state.terms.leaders.chairman
    if cmd.leader not in (step.state.terms.leaders.in_charge(cmd.at).leader, chairman):
        raise Refused(Code.NOT_THE_LEADER, leader=cmd.leader)
    open_to = escalation.agencies if cmd.action == "note" else escalation.undecided
    if not open_to or any(a not in open_to for a in cmd.agencies):
        raise Refused(Code.ESCALATION_DECIDED, escalation=escalation.id)
    if escalation.path == "report_only" and any(m in DISCIPLINE for m in cmd.measures):
        raise Refused(Code.DECISION_NOT_APPLICABLE, escalation=escalation.id, decision=cmd.action)
    if not applies(escalation.kind, cmd.action):
        raise Refused(Code.DECISION_NOT_APPLICABLE, escalation=escalation.id, decision=cmd.action)
    if cmd.action in NEEDS_INSTANT and (cmd.until is None or cmd.until <= cmd.at):
        raise Refused(Code.DEADLINE_BEFORE_DELIVERY, escalation=escalation.id)
    if not cmd.content:
        raise Refused(Code.REASON_MISSING)


def applies(kind: str, action: str) -> bool:
    """Whether such a decision can be made on a case of the kind at all."""
    if (kind == "conflict") != (action in CONFLICT_ACTIONS) and action not in EITHER:
        return False
    return not (action == "refuse" and kind in TIED)


def _write(step: Step, escalation: Escalation, cmd: Decide, agencies: tuple[str, ...]) -> None:
    decision = Decision(
        action=cmd.action,
        measures=cmd.measures,
        agencies=() if cmd.action in OPEN_ENDED else agencies,
        until=cmd.until,
        by=cmd.actor,
        leader=cmd.leader,
        at=cmd.at,
        content=cmd.content,
    )
    escalation = escalation.model_copy(update={"decisions": (*escalation.decisions, decision)})
    if not escalation.undecided:
        escalation = escalation.model_copy(update={"closed_at": cmd.at})
    step.put_escalation(escalation)
    step.fact(
        "decided",
        escalation=escalation.id,
        action=cmd.action,
        measures=list(cmd.measures),
        agencies=list(agencies),
        leader=cmd.leader,
        until=cmd.until.isoformat() if cmd.until else None,
        content=cmd.content,
    )
    for agency in agencies:
        key = f"{escalation.id}/decided/{len(escalation.decisions)}/{agency}"
        step.notice("decided", "head", agency, key=key, agency=agency, mail=True, action=cmd.action)
    key = f"{escalation.id}/decided/{len(escalation.decisions)}/lead"
    step.notice("decided", "lead", step.state.lead, key=key, action=cmd.action)


def _order_reply(step: Step, ask: Ask, cmd: Decide) -> None:
    """A new due instant by order; the reminders start over and silence goes up again."""
    step.put(
        ask,
        stage=Stage.DELIVERED,
        round=ask.round + 1,
        start_at=cmd.at,
        round_at=cmd.at,
        fixed_due=cmd.until,
        pauses=(),
        outcome=None,
        settled_at=None,
        escalation=None,
        escalate_at=None,
        escalate_why=None,
    )
    step.fact("reply_ordered", ask.agency, until=cmd.until.isoformat() if cmd.until else None)


def _extend(step: Step, ask: Ask, cmd: Decide) -> None:
    """The leader's extension, beyond what the lead may grant."""
    waiting = [e for e in ask.extensions if e.outcome == "to_leader"]
    if waiting:
        changed = {"outcome": None, "until": cmd.until}
        reopened = tuple(e.model_copy(update=changed) if e in waiting else e for e in ask.extensions)
        ask = decide_extension(step, ask.model_copy(update={"extensions": reopened}), "granted", cmd.actor)
    _order_reply(step, ask, cmd)


def _back_to_lead(step: Step, ask: Ask, cmd: Decide) -> None:
    """The question itself is at fault; the lead must rule within its days, or the case is back."""
    if step.escalation(cmd.escalation).kind not in TIED:
        return
    limit = end_after(step.done_at, step.state.terms.rule.ladder.lead_rules_days, step.state.terms)
    step.put(
        ask,
        stage=Stage.WITH_LEAD,
        escalation=None,
        pointers=tuple(p.model_copy(update={"ruling": None}) for p in ask.pointers),
        pauses=tuple(p for p in ask.pauses if p.end),
        escalate_at=limit,
        escalate_why="lead_idle",
    )
    step.fact("sent_back_to_lead", ask.agency)
    step.notice(
        "back_to_lead", "lead", step.state.lead, key=f"{ask.agency}/back/{cmd.receipt}", agency=ask.agency, mail=True
    )


def _settle_as(outcome: Outcome) -> Callable[[Step, Ask, Decide], None]:
    def action(step: Step, ask: Ask, cmd: Decide) -> None:
        settle(step, ask, outcome)

    return action


def _nothing(step: Step, ask: Ask, cmd: Decide) -> None:
    """A decision that is recorded and changes no clock: a note, a meeting called, a conflict decided."""


def _settle_conflict(step: Step, ask: Ask, cmd: Decide) -> None:
    found = next((c for c in step.state.conflicts if c.escalation == cmd.escalation), None)
    if found:
        resolve(step, found, "leader")


def _postpone(step: Step, id: str, cmd: Decide) -> None:
    """The leader's own limit runs again from the meeting."""
    escalation = step.escalation(id)
    due_at = end_after(cmd.until or cmd.at, step.state.terms.rule.ladder.leader_days, step.state.terms)
    step.put_escalation(escalation.model_copy(update={"due_at": due_at}))


ACTIONS: dict[str, Callable[[Step, Ask, Decide], None]] = {
    "order_reply": _order_reply,
    "extend": _extend,
    "back_to_lead": _back_to_lead,
    "call_meeting": _nothing,
    "proceed_without": _settle_as(Outcome.WITHOUT_REPLY),
    "excuse": _settle_as(Outcome.EXCUSED),
    "accept_out_of_function": _settle_as(Outcome.OUT_OF_FUNCTION),
    "accept_clear": _settle_as(Outcome.REPLIED),
    "refuse": _nothing,
    "settle_conflict": _settle_conflict,
    "note": _nothing,
}
CONFLICT_ACTIONS = ("settle_conflict",)
EITHER = ("call_meeting", "note")
OPEN_ENDED = ("call_meeting", "note")
NEEDS_INSTANT = ("order_reply", "extend", "call_meeting")
