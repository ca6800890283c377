"""Which rulings a lead is offered on an ask: those that can be made on it as it stands now.

An offer binds nobody: what is allowed is decided when the ruling arrives (`domain/decide/ruling.py`).
"""

from collections.abc import Callable

from domain.commands import RulingName
from domain.state import Ask, Conflict, Consultation, Outcome, Phase, Stage

RUNNING = (Phase.OPEN, Phase.SYNTHESIS)
# What cannot be ruled without saying why.
NEEDS_REASON = ("accept_clear", "flag_unclear", "dispute_pointer", "refuse_incomplete", "ask_again")


def rulings(state: Consultation, ask: Ask) -> tuple[RulingName, ...]:
    """The rulings offered, those somebody waits for first; none before the sending and after the end."""
    if state.phase not in RUNNING:
        return ()
    offered: list[RulingName] = [name for name, fits in OFFERED.items() if fits(ask)]
    if conflicts_to_report(state, ask):
        offered.append("report_conflict")
    return (*offered, "minutes")


def conflicts_to_report(state: Consultation, ask: Ask) -> tuple[Conflict, ...]:
    """Conflicts the agency stands in that no leader knows of yet."""
    return tuple(c for c in state.conflicts if not c.resolved_at and not c.escalation and _stands_in(c, ask))


def _stands_in(conflict: Conflict, ask: Ask) -> bool:
    return ask.agency in conflict.agree or ask.agency in conflict.disagree


def _pointing(ask: Ask) -> bool:
    return bool(ask.pointers) and ask.stage in (Stage.POINTING, Stage.WITH_LEAD)


def _extension_may_be_granted(ask: Ask) -> bool:
    pending = ask.pending_extension
    running = ask.stage in (Stage.DELIVERED, Stage.RETURNED) and not ask.escalation
    return pending is not None and running and (ask.due_at is None or pending.until > ask.due_at)


OFFERED: dict[RulingName, Callable[[Ask], bool]] = {
    "grant_extension": _extension_may_be_granted,
    "refuse_extension": lambda ask: ask.pending_extension is not None,
    "dossier_completed": lambda ask: ask.open_pause is not None,
    "refuse_incomplete": lambda ask: ask.open_pause is not None,
    "accept_pointer": _pointing,
    "dispute_pointer": lambda ask: _pointing(ask) and not ask.escalation,
    "accept_clear": lambda ask: (
        bool(ask.replies) and ask.stage in (Stage.RETURNED, Stage.WITH_LEAD) and not ask.escalation
    ),
    "ask_again": lambda ask: ask.stage is Stage.WITH_LEAD and not ask.escalation,
    "flag_unclear": lambda ask: bool(ask.replies) and ask.outcome is Outcome.REPLIED,
}
