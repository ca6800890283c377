"""Opposite positions on one part of the draft: found when replies come in, escalated once if nobody resolves them."""

from datetime import datetime

from domain.clarity.model import Position
from domain.decide.escalating import raise_escalation
from domain.state import Ask, Conflict, Consultation, Phase, Stage
from domain.step import Step
from domain.timing import end_after

FOR = (Position.AGREE, Position.AGREE_WITH_AMENDMENTS)
WORST_FIRST = (Position.DISAGREE, Position.AGREE_WITH_AMENDMENTS, Position.AGREE)


def review_conflicts(step: Step) -> None:
    """Compare settled positions on the parts this step touched; a conflict appears, grows or dissolves."""
    known = {c.part: c for c in step.state.conflicts}
    touched = dict.fromkeys(part for agency in step.asks for part in step.ask(agency).parts)
    for part in touched:
        agree, disagree = _sides(step.state, part)
        if agree and disagree:
            _detect(step, known.get(part), part, agree, disagree)
        elif part in known:
            resolve(step, known[part], "positions")


def _sides(state: Consultation, part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    concerned = [a for a in state.asks.values() if part in a.parts and a.stage is Stage.SETTLED]
    agree = tuple(a.agency for a in concerned if stance_on(a, part) in FOR)
    disagree = tuple(a.agency for a in concerned if stance_on(a, part) is Position.DISAGREE and not _yielded(a, part))
    return agree, disagree


def stance_on(ask: Ask, part: str) -> Position | None:
    """The agency's position on one part: the worst of its answers about it; minutes speak for every part."""
    if not ask.answers:
        return ask.position
    given = [a.position for a in ask.answers if ask.question_parts.get(a.question, part) == part]
    return next((p for p in WORST_FIRST if p in given), None)


def _yielded(ask: Ask, part: str) -> bool:
    """Whether the lead took up every remark the agency made on the part."""
    remarks = [r for r in ask.live_remarks if r.part in (part, None)]
    return bool(remarks) and all(r.outcome in ("accepted", "partly") for r in remarks)


def _detect(step: Step, known: Conflict | None, part: str, agree: tuple[str, ...], disagree: tuple[str, ...]) -> None:
    if known and (known.agree, known.disagree) == (agree, disagree):
        return
    at = known.detected_at if known else step.done_at
    fresh = Conflict(part=part, agree=agree, disagree=disagree, detected_at=at)
    if known and not known.resolved_at:
        fresh = fresh.model_copy(update={"due_at": known.due_at, "escalation": known.escalation})
    step.put_conflict(fresh)
    step.fact("conflict", part=part, agree=list(agree), disagree=list(disagree))
    step.notice("conflict", "lead", step.state.lead, key=f"conflict/{part}/{step.state.seq}", part=part)


def resolve(step: Step, conflict: Conflict, how: str) -> None:
    """The conflict needs nobody any more."""
    if conflict.resolved_at is None:
        step.put_conflict(conflict.model_copy(update={"resolved_at": step.done_at, "due_at": None}))
        step.fact("conflict_resolved", part=conflict.part, how=how)


def start_conflict_clocks(step: Step) -> None:
    """Once everybody has answered, the lead has the ladder's days to resolve a conflict before it goes up."""
    if step.state.phase is not Phase.SYNTHESIS:
        return
    days = step.state.terms.rule.ladder.conflict_days
    for conflict in step.state.conflicts:
        if conflict.due_at is None and conflict.resolved_at is None and conflict.escalation is None:
            due_at = end_after(step.done_at, days, step.state.terms)
            step.put_conflict(conflict.model_copy(update={"due_at": due_at}))


def escalate_conflict(step: Step, conflict: Conflict, at: datetime) -> None:
    """One escalation for the whole conflict, with both sides in it; nobody is reported for having an opinion."""
    asks = [step.ask(a) for a in (*conflict.disagree, *conflict.agree)]
    plain = [a.model_copy(update={"central": False}) for a in asks]
    raised = raise_escalation(step, "conflict", plain, at=at, part=conflict.part)
    step.put_conflict(conflict.model_copy(update={"escalation": raised[0].id, "due_at": None}))
