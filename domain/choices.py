"""Which decisions a leader is offered on a case, the most usual first: those that can be made and make sense there.

An offer binds nobody: what is allowed is decided when the decision arrives.
"""

from collections.abc import Sequence

from domain.decide.leading import DISCIPLINE, NEEDS_INSTANT, applies
from domain.state import Ask, Escalation

_ENDS = ("proceed_without", "excuse")
_LAST = ("call_meeting", "note")
_POINTER = ("accept_out_of_function", "order_reply", "back_to_lead", *_ENDS, *_LAST)
OFFERED: dict[str, tuple[str, ...]] = {
    "silence": ("order_reply", *_ENDS, "back_to_lead", *_LAST),
    "unclear": ("order_reply", "accept_clear", *_ENDS, "back_to_lead", *_LAST),
    "pointer_disputed": _POINTER,
    "pointer_unruled": _POINTER,
    "incomplete_unruled": ("back_to_lead", "order_reply", *_ENDS, *_LAST),
    "lead_idle": ("back_to_lead", "accept_clear", "accept_out_of_function", "order_reply", *_ENDS, *_LAST),
    "contest": ("accept_clear", "refuse", "order_reply", *_ENDS, *_LAST),
    "extension_beyond_cap": ("extend", "refuse", *_ENDS, *_LAST),
    "conflict": ("settle_conflict", *_LAST),
}
# Central agencies are reported on: the province cannot order them about.
REPORTED = ("note", "proceed_without", "call_meeting", "back_to_lead")
# What a leader may decide from the list: a plain delay or an empty reply, one sentence, no weighing of texts.
QUICK_KINDS = ("silence", "unclear")
QUICK = ("order_reply", "excuse", "back_to_lead")
MEASURES = ("remind", *DISCIPLINE)


def choices(case: Escalation, asks: Sequence[Ask]) -> tuple[str, ...]:
    """The decisions offered on the case. `asks`: the agencies it is about, as far as known."""
    offered = REPORTED if case.path == "report_only" else OFFERED.get(case.kind, _LAST)
    return tuple(action for action in offered if applies(case.kind, action) and _sensible(action, asks))


def quick(case: Escalation) -> tuple[str, ...]:
    """The decisions offered in the list, without opening the case."""
    return QUICK if case.path == "decide" and case.kind in QUICK_KINDS else ()


def measures(case: Escalation) -> tuple[str, ...]:
    """What may go along with a decision; nobody disciplines a central agency, or one side of a conflict."""
    if case.kind == "conflict":
        return ()
    return MEASURES[:1] if case.path == "report_only" else MEASURES


def needs_instant(action: str) -> bool:
    """Whether the decision names an instant."""
    return action in NEEDS_INSTANT


def _sensible(action: str, asks: Sequence[Ask]) -> bool:
    if action == "accept_clear":
        return any(ask.replies for ask in asks)
    if action == "accept_out_of_function":
        return any(ask.pointers for ask in asks)
    return True
