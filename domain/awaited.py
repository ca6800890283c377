"""Whose act an ask waits for besides the asked agency's own: the lead's ruling, or a leader's exception.

A reading of the state for lists of work; it decides nothing.
"""

from enum import StrEnum

from domain.state import Ask, Stage


class Awaited(StrEnum):
    """Who must act."""

    LEAD = "lead"
    LEADER = "leader"


class Duty(StrEnum):
    """What the lead owes an ask."""

    EXTENSION = "extension"
    INCOMPLETE = "incomplete"
    POINTER = "pointer"
    REPLY = "reply"
    REMARKS = "remarks"


def awaited(ask: Ask) -> Awaited | None:
    """Who must act before the ask can go on; None while only the agency is waited for, or nobody."""
    if ask.stage is Stage.PREPARED:
        return Awaited.LEADER if ask.needs_exception and not ask.exception_by else None
    return Awaited.LEAD if ruling_owed(ask) else None


def ruling_owed(ask: Ask) -> Duty | None:
    """What the lead must rule on; None where the case is before a leader already, or nothing waits."""
    if ask.pending_extension and not ask.escalation:
        return Duty.EXTENSION
    if ask.open_pause:
        return Duty.INCOMPLETE
    if ask.escalation:
        return None
    if ask.stage is Stage.POINTING:
        return Duty.POINTER
    return Duty.REPLY if ask.stage is Stage.WITH_LEAD else None
