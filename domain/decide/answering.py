"""The lead's answer to every remark (tiếp thu, giải trình), and the dissent an agency may keep once (bảo lưu)."""

from domain.commands import AnswerRemark, KeepDissent
from domain.refusals import Code, Refused
from domain.state import Ask, Remark
from domain.step import Step, require_running

NEEDS_REASON = ("not_accepted", "partly", "kept", "more_information")


def answer(step: Step, cmd: AnswerRemark) -> None:
    """Answer one remark; anything short of full acceptance needs a reason (F19)."""
    require_running(step.state)
    ask, remark = _find(step, cmd.remark)
    if cmd.outcome in NEEDS_REASON and not cmd.content:
        raise Refused(Code.REASON_MISSING)
    _replace(step, ask, remark.model_copy(update={"outcome": cmd.outcome, "answered_at": cmd.at}))
    step.fact("remark_answered", ask.agency, remark=remark.id, outcome=cmd.outcome, content=cmd.content)
    step.notice("remark_answered", "agency", ask.agency, key=f"{remark.id}/{step.state.seq}", agency=ask.agency)


def keep_dissent(step: Step, cmd: KeepDissent) -> None:
    """The agency insists once; the dissent stands beside the answer in the synthesis."""
    require_running(step.state)
    ask, remark = _find(step, cmd.remark)
    if ask.agency != cmd.agency:
        raise Refused(Code.REMARK_UNKNOWN, remark=cmd.remark)
    if remark.outcome is None:
        raise Refused(Code.REMARK_NOT_ANSWERED, remark=cmd.remark)
    if remark.dissent_at:
        raise Refused(Code.DISSENT_ALREADY_KEPT, remark=cmd.remark)
    _replace(step, ask, remark.model_copy(update={"dissent_at": cmd.at}))
    step.fact("dissent_kept", ask.agency, remark=remark.id, content=cmd.content)
    step.notice("dissent_kept", "lead", step.state.lead, key=f"{remark.id}/dissent", agency=ask.agency)


def _find(step: Step, id: str) -> tuple[Ask, Remark]:
    ask = step.state.asks.get(id.split(".")[0])
    remark = next((r for r in ask.remarks if r.id == id), None) if ask else None
    if ask is None or remark is None:
        raise Refused(Code.REMARK_UNKNOWN, remark=id)
    return ask, remark


def _replace(step: Step, ask: Ask, remark: Remark) -> None:
    step.put(ask, remarks=tuple(remark if r.id == remark.id else r for r in ask.remarks))
