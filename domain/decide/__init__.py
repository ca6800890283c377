"""Decisions: `decide(state, command)` is the whole of what people can do to a consultation, as a pure function.

Each verb has one handler in the file named after its subject; a refusal is raised as `Refused` and changes nothing.
"""

from collections.abc import Callable
from typing import Any

from domain.commands import AnyCommand
from domain.decide.answering import answer, keep_dissent
from domain.decide.closing import change_terms, close, withdraw
from domain.decide.conflicts import review_conflicts, start_conflict_clocks
from domain.decide.delivery import assign, deliver
from domain.decide.dossier import claim_incomplete
from domain.decide.extending import ask_extension
from domain.decide.launching import approve, discard, grant_exception, prepare
from domain.decide.leading import decide_escalation
from domain.decide.redrafting import redraft
from domain.decide.replying import contest, interim, reply
from domain.decide.ruling import rule
from domain.decide.urging import urge
from domain.state import Consultation, Phase
from domain.step import Step

HANDLERS: dict[str, Callable[[Step, Any], None]] = {
    "prepare": prepare,
    "approve": approve,
    "grant_exception": grant_exception,
    "discard": discard,
    "withdraw": withdraw,
    "redraft": redraft,
    "close": close,
    "deliver": deliver,
    "assign": assign,
    "reply": reply,
    "interim": interim,
    "extension": ask_extension,
    "incomplete": claim_incomplete,
    "contest": contest,
    "ruling": rule,
    "urge": urge,
    "decide": decide_escalation,
    "answer": answer,
    "dissent": keep_dissent,
    "terms": change_terms,
}


def decide(state: Consultation, command: AnyCommand) -> Step:
    """Apply a command received at `command.at`; raises `Refused` and leaves the state alone if it may not be."""
    step = Step(state, command.at, command.actor, command.receipt)
    HANDLERS[command.kind](step, command)
    finish(step)
    step.change(receipts=(*step.state.receipts, command.receipt))
    return step


def finish(step: Step) -> None:
    """What follows from any change: conflicts seen anew, the phase, the conflicts' clocks."""
    if step.state.phase in (Phase.OPEN, Phase.SYNTHESIS):
        review_conflicts(step)
        step.follow_phase()
        start_conflict_clocks(step)
