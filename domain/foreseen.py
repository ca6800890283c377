"""What confirming other rules would do to a consultation that runs, before anybody confirms it: the engine's own sums.

Advice for the person who decides; nothing is changed here.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from domain.base import Frozen
from domain.calendar import Calendar
from domain.clock import VIETNAM
from domain.refusals import Refused
from domain.state import Ask, Stage
from domain.terms import Absence, Charge, LeaderTable, Terms
from domain.timing import moved_due

NOON = time(12)


class Move(Frozen):
    """One agency's due instant in force, and what the other calendar would make of it."""

    agency: str
    due_at: datetime
    computed: datetime

    @property
    def stays(self) -> bool:
        """An agency was told an instant: what would come earlier stays as it is."""
        return self.computed < self.due_at


def moves(asks: Iterable[Ask], terms: Terms, calendar: Calendar) -> tuple[Move, ...]:
    """The due instants of unsettled asks that the calendar would change, later or (in vain) earlier."""
    other = terms.model_copy(update={"calendar": calendar})
    found = ((ask, _computed(ask, other)) for ask in asks if ask.stage is not Stage.SETTLED)
    return tuple(Move(agency=a.agency, due_at=a.due_at, computed=new) for a, new in found if a.due_at and new)


def _computed(ask: Ask, terms: Terms) -> datetime | None:
    """None also where the count runs into a year without a calendar: confirming is refused there."""
    try:
        return moved_due(ask, terms)
    except Refused:
        return None


def changed_charge(old: LeaderTable, new: LeaderTable, absence: Absence, today: date) -> tuple[Charge, Charge] | None:
    """Who is in charge on the absence's first day still to come, by both tables; None where it is over, or the same."""
    day = max(today, absence.effective_from)
    if day > absence.effective_to:
        return None
    noon = datetime.combine(day, NOON, VIETNAM)
    before, after = old.in_charge(noon), new.in_charge(noon)
    return None if before == after else (before, after)
