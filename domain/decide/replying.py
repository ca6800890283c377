"""A reply: accepted whenever the consultation still runs, judged by when it was received, returned once if unclear."""

from datetime import datetime

from domain.clarity.model import Position
from domain.commands import Contest, Interim, SendReply
from domain.deadline import add_working_hours, is_late, last_day_in_vietnam, working_days_late
from domain.decide.conflicts import WORST_FIRST
from domain.decide.escalating import close_cases, open_cases, raise_escalation
from domain.refusals import Code, Refused
from domain.state import Answer, Ask, Outcome, Remark, Reply, Return, Stage
from domain.step import Step, require_running
from domain.timing import end_after


def overall(answers: tuple[Answer, ...]) -> Position | None:
    """The overall position: the worst of the parts; out-of-function parts are neutral (domain.md 3.1)."""
    given = [a.position for a in answers if a.position]
    if not given:
        return None
    return next((p for p in WORST_FIRST if p in given), Position.OUT_OF_FUNCTION)


def reply(step: Step, cmd: SendReply) -> None:
    """Record a version of the agency's reply and settle, return, point or escalate accordingly (F11–F13)."""
    require_running(step.state)
    ask = step.ask(cmd.agency)
    _check(step, ask, cmd)
    ask = _unpaused(step, ask, cmd)
    version = _version(step, ask, cmd)
    ask = step.put(ask, **_with_reply(ask, version, cmd))
    if ask.overdue_at and not version.late and version.received_at < ask.overdue_at:
        ask = step.put(ask, overdue_at=None)
        step.fact("overdue_lifted", cmd.agency, received_at=version.received_at.isoformat())
    step.fact(
        "replied",
        cmd.agency,
        at=version.received_at,
        version=version.version,
        position=version.position,
        signer=cmd.signer,
        authority=cmd.authority,
        content=cmd.content,
        draft=cmd.draft_sha256,
        late=version.late,
        days_late=version.days_late,
        clear=cmd.verdict.clear,
        secret=cmd.secret,
    )
    if ask.stage is Stage.SETTLED:
        _after_settlement(step, ask, version)
    else:
        _judge(step, ask, version)


def _unpaused(step: Step, ask: Ask, cmd: SendReply) -> Ask:
    """Whoever answers has enough to answer on: the claim of an incomplete dossier ends with the reply."""
    if ask.open_pause is None:
        return ask
    pauses = tuple(p if p.end else p.model_copy(update={"end": cmd.at}) for p in ask.pauses)
    step.fact("claim_dropped", ask.agency)
    return close_cases(step, step.put(ask, pauses=pauses, escalate_at=None, escalate_why=None))


def _check(step: Step, ask: Ask, cmd: SendReply) -> None:
    if ask.stage in (Stage.PREPARED, Stage.SENT):
        raise Refused(Code.NOT_DELIVERED, agency=cmd.agency)
    if not cmd.authorised:
        raise Refused(Code.NO_SIGNING_AUTHORITY, signer=cmd.signer, agency=cmd.agency)
    versions = [d for d in step.state.drafts if d.version >= ask.draft_from]
    if all(d.sha256 != cmd.draft_sha256 for d in versions):
        raise Refused(Code.WRONG_DRAFT_VERSION, version=str(step.state.draft.version))
    strangers = [a.question for a in cmd.answers if a.question not in ask.questions]
    if strangers:
        raise Refused(Code.QUESTION_UNKNOWN, question=strangers[0], agency=cmd.agency)


def _version(step: Step, ask: Ask, cmd: SendReply) -> Reply:
    received = _received(step, ask, cmd)
    draft = next(d.version for d in reversed(step.state.drafts) if d.sha256 == cmd.draft_sha256)
    return Reply(
        version=len(ask.replies) + 1,
        round=ask.round,
        draft_version=draft,
        receipt=cmd.receipt,
        received_at=received,
        signer=cmd.signer,
        authority=cmd.authority,
        channel=cmd.channel,
        secret=cmd.secret,
        answers=cmd.answers,
        position=overall(cmd.answers),
        verdict=cmd.verdict,
        content=cmd.content,
        **_lateness(step, ask, received),
    )


def _received(step: Step, ask: Ask, cmd: SendReply) -> datetime:
    """Paper counts from its arrival if it was registered by the next working day (Decree 30/2020, Điều 4(2)(c))."""
    if cmd.arrived_at is None or cmd.at >= end_after(cmd.arrived_at, 1, step.state.terms):
        return cmd.at
    if ask.start_at and cmd.arrived_at < ask.start_at:
        raise Refused(Code.DELIVERED_BEFORE_SENT, agency=cmd.agency)
    return min(cmd.arrived_at, cmd.at)


def _lateness(step: Step, ask: Ask, received: datetime) -> dict[str, object]:
    """Late by the receipt's time against the due instant; a correction of a timely reply is not late."""
    timely = any(not r.late and r.round == ask.round and r.verdict.clear for r in ask.replies)
    if ask.due_at is None or timely or not is_late(ask.due_at, received):
        return {"late": False, "days_late": 0}
    days = working_days_late(last_day_in_vietnam(ask.due_at), received, step.state.terms.calendar)
    return {"late": True, "days_late": days}


def _with_reply(ask: Ask, version: Reply, cmd: SendReply) -> dict[str, object]:
    """A later version replaces the earlier one's remarks that nobody has answered yet."""
    replaced = [r if r.outcome else r.model_copy(update={"superseded": True}) for r in ask.remarks]
    fresh = [
        Remark(id=f"{ask.agency}.{version.version}.{n}", part=new.part, kind=new.kind)
        for n, new in enumerate(cmd.remarks, start=1)
    ]
    if ask.stage is Stage.SETTLED and ask.position and not version.verdict.clear:
        # A correction is no way to swap a clear position for an evasive one: it is kept, and changes nothing.
        return {"replies": (*ask.replies, version)}
    return {
        "replies": (*ask.replies, version),
        "remarks": (*replaced, *fresh),
        "pointers": cmd.pointers,
        "position": version.position,
        "answers": version.answers,
    }


def _after_settlement(step: Step, ask: Ask, version: Reply) -> None:
    """A reply after the ask was settled is kept; only what the rule deemed stays deemed (F07)."""
    if ask.outcome is Outcome.DEEMED and not version.late:
        step.fact("deemed_lifted", ask.agency, version=version.version)
        _judge(step, ask, version)
        return
    if ask.outcome in (Outcome.WITHOUT_REPLY, Outcome.EXCUSED):
        step.put(ask, outcome=Outcome.REPLIED)
    step.fact("reply_attached", ask.agency, version=version.version, outcome=ask.outcome)
    step.notice(
        "late_reply", "lead", step.state.lead, key=f"{ask.agency}/attached/{version.version}", agency=ask.agency
    )


def _judge(step: Step, ask: Ask, version: Reply) -> None:
    if not version.verdict.clear:
        _unclear(step, ask, "unclear")
    elif any(not p.competent for p in ask.pointers):
        _unclear(step, ask, "pointer")
    elif any(p.ruling is None for p in ask.pointers):
        _point(step, ask)
    else:
        settle(step, ask, Outcome.REPLIED)


def settle(step: Step, ask: Ask, outcome: Outcome, at: datetime | None = None) -> Ask:
    """Nothing more is owed by this agency; an overdue case still before the leader is closed as answered."""
    ask = step.put(
        ask, stage=Stage.SETTLED, outcome=outcome, settled_at=at or step.done_at, escalate_at=None, escalate_why=None
    )
    step.fact("settled", ask.agency, at=at, outcome=outcome, position=ask.position)
    return close_cases(step, ask)


def _point(step: Step, ask: Ask) -> None:
    """A competent pointer waits for the lead's ruling; the lead has its own limit."""
    limit = end_after(step.done_at, step.state.terms.rule.ladder.lead_rules_days, step.state.terms)
    step.put(ask, stage=Stage.POINTING, escalate_at=limit, escalate_why="pointer_unruled")
    for pointer in ask.pointers:
        step.fact("pointed", ask.agency, to=pointer.agency, question=pointer.question)
    step.notice(
        "pointer_pending",
        "lead",
        step.state.lead,
        key=f"{ask.agency}/pointer/{len(ask.replies)}",
        agency=ask.agency,
        mail=True,
    )


def _unclear(step: Step, ask: Ask, why: str) -> None:
    if ask.returned is None:
        give_back(step, ask, by="rule", why=why)
    else:
        escalate_unclear(step, step.put(ask, unclear=ask.unclear + 1))


def give_back(step: Step, ask: Ask, by: str, why: str) -> None:
    """Return the reply once, for a window that never goes past what is left plus that window (F12)."""
    reply = ask.replies[-1]
    window = end_after(step.done_at, step.state.terms.rule.return_window_days, step.state.terms)
    due_at = max(window, ask.due_at) if ask.due_at else window
    faults = reply.verdict.faults
    back = Return(at=step.done_at, due_at=due_at, by=by, round=ask.round + 1, faults=faults, why=why)
    ask = step.put(
        ask,
        stage=Stage.RETURNED,
        round=back.round,
        round_at=step.done_at,
        returned=back,
        unclear=ask.unclear + 1,
        outcome=None,
        settled_at=None,
        escalate_at=None,
        escalate_why=None,
    )
    step.fact(
        "returned", ask.agency, by_rule=by == "rule", by=by, why=why, faults=list(faults), due_at=due_at.isoformat()
    )
    step.notice(
        "returned", "agency", ask.agency, key=f"{ask.agency}/{ask.round}/returned", agency=ask.agency, mail=True
    )


def escalate_unclear(step: Step, ask: Ask) -> None:
    """A second unclear reply goes up after the ladder's grace, in which the lead may still accept it as clear."""
    terms = step.state.terms
    hours = terms.rule.ladder.escalate_after_hours
    at = add_working_hours(step.done_at, hours, terms.calendar, terms.rule.office_hours)
    going_up = {} if ask.escalation else {"escalate_at": at, "escalate_why": "unclear"}
    step.put(ask, stage=Stage.WITH_LEAD, **going_up)
    step.fact("unclear_again", ask.agency, escalates_at=at.isoformat())


def interim(step: Step, cmd: Interim) -> None:
    """An interim answer is kept and stops nothing."""
    require_running(step.state)
    ask = step.ask(cmd.agency)
    step.put(ask, interims=ask.interims + 1)
    step.fact("interim", cmd.agency, content=cmd.content)


def contest(step: Step, cmd: Contest) -> None:
    """The agency holds that its returned reply was clear; the leader decides."""
    require_running(step.state)
    ask = step.ask(cmd.agency)
    if ask.last_reply is None or ask.unclear == 0:
        raise Refused(Code.NO_REPLY_TO_RULE_ON, agency=cmd.agency)
    if not cmd.content:
        raise Refused(Code.REASON_MISSING)
    step.fact("contested", cmd.agency, content=cmd.content)
    if not open_cases(step, ask.agency, "contest"):
        raise_escalation(step, "contest", (ask,), at=step.done_at)
