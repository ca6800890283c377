"""How a consultation ends: closed when everything is answered, or withdrawn with a reason; nothing is ever deleted."""

from collections.abc import Sequence

from domain.commands import ChangeTerms, Close, Withdraw
from domain.obstacles import obstacles
from domain.refusals import Code, Refused
from domain.state import Ask, Phase, Stage
from domain.step import Step, require_running
from domain.terms import LeaderTable
from domain.timing import moved_due


def close(step: Step, cmd: Close) -> None:
    """The head signs the synthesis; every agency is settled, every remark answered, every case decided."""
    require_running(step.state)
    found = obstacles(step.state)
    if found.unsettled:
        raise Refused(Code.ASKS_UNSETTLED, **_named("agencies", found.unsettled))
    if found.unanswered:
        raise Refused(Code.REMARKS_UNANSWERED, **_named("remarks", found.unanswered))
    if found.undecided:
        raise Refused(Code.ESCALATIONS_UNDECIDED, escalations=", ".join(found.undecided))
    step.enter(Phase.CLOSED)
    step.change(ended_at=cmd.at)
    step.fact("closed")
    _tell_everyone(step, "closed")


def _named(what: str, ids: Sequence[str]) -> dict[str, str]:
    """How many, and the first twenty by name."""
    return {what: ", ".join(ids[:20]), "count": str(len(ids))}


def withdraw(step: Step, cmd: Withdraw) -> None:
    """Withdrawn is a state: the reason is kept and everyone who was asked is told."""
    require_running(step.state)
    if not cmd.content:
        raise Refused(Code.REASON_MISSING)
    step.enter(Phase.WITHDRAWN)
    step.change(ended_at=cmd.at)
    step.fact("withdrawn", content=cmd.content)
    _tell_everyone(step, "withdrawn")


def _tell_everyone(step: Step, kind: str) -> None:
    for agency in step.state.asks:
        step.notice(kind, "agency", agency, key=f"{agency}/{kind}", agency=agency, mail=kind == "withdrawn")


def change_terms(step: Step, cmd: ChangeTerms) -> None:
    """A confirmed change of the calendar or the leaders; an open due instant moves later or not at all."""
    require_running(step.state)
    before = {a.agency: a.due_at for a in step.state.asks.values()}
    changed = {k: v for k, v in (("calendar", cmd.calendar), ("leaders", cmd.leaders)) if v is not None}
    step.change(terms=step.state.terms.model_copy(update=changed))
    step.fact("terms_changed", calendar=cmd.calendar.version if cmd.calendar else None, leaders=bool(cmd.leaders))
    for ask in step.state.asks.values():
        if ask.stage is not Stage.SETTLED and before[ask.agency]:
            _move(step, ask)


def refresh_leaders(step: Step, leaders: LeaderTable) -> None:
    """The directory's leaders of the day replace the launch's copy: absences and reassignments count at once."""
    if leaders.in_charge(step.done_at) != step.state.terms.leaders.in_charge(step.done_at):
        step.change(terms=step.state.terms.model_copy(update={"leaders": leaders}))
        step.fact("leaders_refreshed")


def _move(step: Step, ask: Ask) -> None:
    old, new = ask.due_at, moved_due(ask, step.state.terms)
    if old is None or new is None:
        return
    if new < old:
        step.put(ask, fixed_due=old, round_at=step.done_at)
        return
    step.put(ask)
    step.fact("due_extended", ask.agency, was=old.isoformat(), now=new.isoformat())
    step.notice("due_extended", "agency", ask.agency, key=f"{ask.agency}/due/{new.isoformat()}", agency=ask.agency)
