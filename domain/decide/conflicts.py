"""Opposite positions on one part of the draft: found when replies come in, escalated once if nobody resolves them."""

from datetime import datetime

from pydantic import JsonValue

from domain.clarity.model import Position
from domain.decide.escalating import raise_escalation
from domain.state import Ask, Conflict, Consultation, Phase, Stage
from domain.step import Step
from domain.timing import end_after

FOR = (Position.AGREE, Position.AGREE_WITH_AMENDMENTS)
WORST_FIRST = (Position.DISAGREE, Position.AGREE_WITH_AMENDMENTS, Position.AGREE)


Sides = tuple[tuple[str, ...], tuple[str, ...]]


def review_conflicts(step: Step) -> None:
    """Compare settled positions on the parts this step touched; a conflict appears, changes or dissolves."""
    known = {c.part: c for c in step.state.conflicts}
    touched = dict.fromkeys(part for agency in step.asks for part in step.ask(agency).parts)
    for part in touched:
        running = known[part] if part in known and known[part].resolved_at is None else None
        agree, disagree = _moved(step, running) if running else sides(step.state, part)
        if running and not (agree and disagree):
            resolve(step, running, "positions")
        elif running:
            _change(step, running, (agree, disagree))
        elif agree and disagree and not _same(known.get(part), (agree, disagree)):
            _detect(step, part, (agree, disagree))


def sides(state: Consultation, part: str) -> Sides:
    """Who stands for and against the part, in the order in which they were asked; empty while nobody is against it."""
    if not state.roll.against:
        return (), ()
    settled = [a for a in state.asks.values() if a.stage is Stage.SETTLED and part in a.parts]
    # Nobody is against any part whose worst position is not against: thousands who agree are not looked at twice.
    disagree = tuple(a.agency for a in settled if a.position is Position.DISAGREE and _against(a, part))
    return (tuple(a.agency for a in settled if stance_on(a, part) in FOR) if disagree else ()), disagree


def _moved(step: Step, conflict: Conflict) -> Sides:
    """The conflict's sides after the step: only the asks it touched can have changed theirs."""
    agree, disagree = dict.fromkeys(conflict.agree), dict.fromkeys(conflict.disagree)
    for ask in map(step.ask, step.asks):
        agree.pop(ask.agency, None)
        disagree.pop(ask.agency, None)
        if ask.stage is Stage.SETTLED and conflict.part in ask.parts:
            if stance_on(ask, conflict.part) in FOR:
                agree[ask.agency] = None
            elif _against(ask, conflict.part):
                disagree[ask.agency] = None
    return tuple(a for a in step.state.asks if a in agree), tuple(a for a in step.state.asks if a in disagree)


def _against(ask: Ask, part: str) -> bool:
    return stance_on(ask, part) is Position.DISAGREE and not _yielded(ask, part)


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


def _detect(step: Step, part: str, found: Sides) -> None:
    agree, disagree = found
    step.put_conflict(Conflict(part=part, agree=agree, disagree=disagree, detected_at=step.done_at))
    step.fact("conflict", part=part, agree=list(agree), disagree=list(disagree))
    step.notice("conflict", "lead", step.state.lead, key=f"conflict/{part}/{step.state.seq}", part=part)


def _change(step: Step, known: Conflict, found: Sides) -> None:
    """Somebody joined or left a side: the ledger tells who, not everybody again, and the lead knows already."""
    if _same(known, found):
        return
    agree, disagree = found
    step.put_conflict(known.model_copy(update={"agree": agree, "disagree": disagree}))
    step.fact(
        "conflict_changed",
        part=known.part,
        agree=_joined(known.agree, agree),
        disagree=_joined(known.disagree, disagree),
        left=_joined((*agree, *disagree), (*known.agree, *known.disagree)),
    )


def _same(known: Conflict | None, found: Sides) -> bool:
    """Whether it was told with these very sides before; one that a leader settled is not found again."""
    return known is not None and (known.agree, known.disagree) == found


def _joined(before: tuple[str, ...], after: tuple[str, ...]) -> list[JsonValue]:
    known = dict.fromkeys(before)
    return [agency for agency in after if agency not in known]


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
