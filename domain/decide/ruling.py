"""The lead's rulings on an ask: always named, and with a reason wherever they go against the agency."""

from collections.abc import Callable

from domain.commands import Rule
from domain.decide.conflicts import escalate_conflict
from domain.decide.dossier import rule_dossier
from domain.decide.escalating import raise_escalation
from domain.decide.extending import rule_extension
from domain.decide.launching import send_ask
from domain.decide.replying import give_back, settle
from domain.refusals import Code, Refused
from domain.state import Ask, Outcome, Stage
from domain.step import Step, require_running


def rule(step: Step, cmd: Rule) -> None:
    """Apply one ruling."""
    require_running(step.state)
    RULINGS[cmd.ruling](step, step.ask(cmd.asked), cmd)


def _accept_clear(step: Step, ask: Ask, cmd: Rule) -> None:
    """The lead takes a flagged reply as clear (F12); a case already before the leader stays the leader's."""
    reply = ask.last_reply
    if ask.escalation:
        raise Refused(Code.RULING_NOT_APPLICABLE, agency=ask.agency)
    if reply is None or ask.stage not in (Stage.RETURNED, Stage.WITH_LEAD):
        raise Refused(Code.NO_REPLY_TO_RULE_ON, agency=ask.agency)
    _require_reason(cmd)
    accepted = reply.model_copy(update={"accepted_by": cmd.actor})
    ask = step.put(ask, replies=(*ask.replies[:-1], accepted))
    step.fact("accepted_as_clear", ask.agency, version=reply.version, content=cmd.content)
    settle(step, ask, Outcome.REPLIED)


def _flag_unclear(step: Step, ask: Ask, cmd: Rule) -> None:
    """The lead holds an unflagged reply unclear: returned once, the second time it goes to the leader."""
    if ask.last_reply is None or ask.outcome is not Outcome.REPLIED:
        raise Refused(Code.NO_REPLY_TO_RULE_ON, agency=ask.agency)
    _require_reason(cmd)
    step.fact("flagged_unclear", ask.agency, version=ask.last_reply.version, content=cmd.content)
    if ask.returned is None:
        give_back(step, ask, by=cmd.actor, why="flagged")
        return
    ask = step.put(ask, stage=Stage.WITH_LEAD, outcome=None, settled_at=None, unclear=ask.unclear + 1)
    raise_escalation(step, "unclear", (ask,), at=step.done_at)


def _accept_pointer(step: Step, ask: Ask, cmd: Rule) -> None:
    """The lead accepts "not ours": the right agency is asked with a clock of its own (F13)."""
    _require_pointer(ask)
    accepted = tuple(p.model_copy(update={"ruling": p.ruling or "accepted"}) for p in ask.pointers)
    step.fact("pointer_accepted", ask.agency, to=[p.agency for p in accepted])
    outcome = Outcome.OUT_OF_FUNCTION if ask.position == "out_of_function" else Outcome.REPLIED
    ask = settle(step, step.put(ask, pointers=accepted), outcome)
    if cmd.reroute:
        _reroute(step, ask, cmd.reroute)


def _require_pointer(ask: Ask) -> None:
    if not ask.pointers or ask.stage not in (Stage.POINTING, Stage.WITH_LEAD):
        raise Refused(Code.NO_POINTER_TO_RULE_ON, agency=ask.agency)


def _reroute(step: Step, ask: Ask, seed: Ask) -> None:
    chain = (*ask.routed_from, ask.agency)
    if seed.agency in chain:
        raise Refused(Code.POINTER_LOOP, agency=ask.agency, to=seed.agency)
    known = step.state.asks.get(seed.agency)
    if known is not None and known.stage is not Stage.SETTLED:
        _widen(step, known, seed)
        return
    limit = step.state.terms.rule.reroute_limit
    fresh = seed.model_copy(update={"routed_from": chain, "limit": limit, "draft_from": step.state.draft.version})
    if known is not None:
        fresh = _renewed(known, fresh)
    step.fact("rerouted", ask.agency, to=seed.agency)
    send_ask(step, fresh, step.done_at, "rerouted")


def _widen(step: Step, known: Ask, seed: Ask) -> None:
    """An agency that still has an open ask gets the question added, on its running clock."""
    merged = {
        "questions": _joined(known.questions, seed.questions),
        "question_parts": {**known.question_parts, **seed.question_parts},
        "parts": _joined(known.parts, seed.parts),
        "functions": _joined(known.functions, seed.functions),
    }
    step.put(known, **merged)
    step.fact("question_added", known.agency, questions=list(seed.questions))


def _renewed(known: Ask, fresh: Ask) -> Ask:
    """A settled agency is asked again in a new round; what it said before stays."""
    return known.model_copy(
        update={
            "questions": fresh.questions,
            "question_parts": {**known.question_parts, **fresh.question_parts},
            "parts": _joined(known.parts, fresh.parts),
            "functions": _joined(known.functions, fresh.functions),
            "routed_from": fresh.routed_from,
            "limit": fresh.limit,
            "draft_from": fresh.draft_from,
            **new_round(known),
        }
    )


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def new_round(ask: Ask) -> dict[str, object]:
    """The fields of an ask that starts over with a new clock."""
    return {
        "round": ask.round + 1,
        "outcome": None,
        "settled_at": None,
        "overdue_at": None,
        "fixed_due": None,
        "returned": None,
        "escalation": None,
        "escalate_at": None,
        "escalate_why": None,
        "pauses": (),
        "incomplete_used": False,
        "extensions": tuple(e if e.outcome else e.model_copy(update={"outcome": "lapsed"}) for e in ask.extensions),
    }


def _dispute_pointer(step: Step, ask: Ask, cmd: Rule) -> None:
    """The lead disputes the pointer: the leader decides who must answer."""
    _require_pointer(ask)
    _require_reason(cmd)
    disputed = tuple(p.model_copy(update={"ruling": p.ruling or "disputed"}) for p in ask.pointers)
    ask = step.put(ask, pointers=disputed)
    step.fact("pointer_disputed", ask.agency, content=cmd.content)
    raise_escalation(step, "pointer_disputed", (ask,), at=step.done_at)


def _ask_again(step: Step, ask: Ask, cmd: Rule) -> None:
    """Sent back by the leader: the lead asks again with a clock of its own; the reason carries the better question."""
    if ask.stage is not Stage.WITH_LEAD or ask.escalation:
        raise Refused(Code.RULING_NOT_APPLICABLE, agency=ask.agency)
    _require_reason(cmd)
    limit = {"limit": step.state.terms.rule.reroute_limit}
    step.fact("asked_again", ask.agency, content=cmd.content)
    send_ask(step, ask.model_copy(update={**new_round(ask), **limit}), step.done_at, "asked_again")


def _minutes(step: Step, ask: Ask, cmd: Rule) -> None:
    """Signed minutes carry the agency's official position (R4, Điều 12(3)); the lead files them."""
    if cmd.position is None or not cmd.content:
        raise Refused(Code.REASON_MISSING)
    ask = step.put(ask, position=cmd.position, answers=())
    step.fact("minutes_filed", ask.agency, position=cmd.position, content=cmd.content)
    settle(step, ask, Outcome.MINUTES)


def _report_conflict(step: Step, ask: Ask, cmd: Rule) -> None:
    """The lead reports an unresolved conflict to the leader before the ladder does."""
    found = next((c for c in step.state.conflicts if c.part == cmd.part and not c.resolved_at), None)
    if found is None or found.escalation:
        raise Refused(Code.NO_CONFLICT, part=cmd.part or "")
    step.fact("conflict_reported", ask.agency, part=found.part, content=cmd.content)
    escalate_conflict(step, found, step.done_at)


def _require_reason(cmd: Rule) -> None:
    if not cmd.content:
        raise Refused(Code.REASON_MISSING)


RULINGS: dict[str, Callable[[Step, Ask, Rule], None]] = {
    "accept_clear": _accept_clear,
    "flag_unclear": _flag_unclear,
    "accept_pointer": _accept_pointer,
    "dispute_pointer": _dispute_pointer,
    "grant_extension": rule_extension,
    "refuse_extension": rule_extension,
    "dossier_completed": rule_dossier,
    "refuse_incomplete": rule_dossier,
    "ask_again": _ask_again,
    "minutes": _minutes,
    "report_conflict": _report_conflict,
}
