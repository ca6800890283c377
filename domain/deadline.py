"""When an answer is due: the Civil Code's counting (Articles 147-148) over the official calendar, with pauses.

Always computed from events, never counted down; no clock is read. This is the engine's one front door: the values and
the working-day arithmetic of the sibling modules are offered here too.
"""

from datetime import UTC, date, datetime, time

from domain.calendar import Calendar
from domain.deadline_count import Days, count_days, count_hours, explain_hours
from domain.deadline_explain import DayExplained, DayReason, Due
from domain.deadline_limit import Limit, OfficeHours, Pause, Unit
from domain.deadline_work import (
    add_working_hours,
    closing,
    day_in_vietnam,
    half_time,
    is_late,
    last_day_in_vietnam,
    working_days_after,
    working_days_before,
    working_days_between,
    working_days_late,
    working_time_left,
)
from domain.refusals import Code, Refused

__all__ = [
    "DayExplained",
    "DayReason",
    "Due",
    "Limit",
    "OfficeHours",
    "Pause",
    "Unit",
    "add_working_hours",
    "check_chosen",
    "closing",
    "day_in_vietnam",
    "due",
    "half_time",
    "is_late",
    "last_day_in_vietnam",
    "reproject",
    "working_days_after",
    "working_days_before",
    "working_days_between",
    "working_days_late",
    "working_time_left",
]


def due(
    start: datetime,
    limit: Limit,
    calendar: Calendar,
    *,
    closes_at: time | None = None,
    pauses: tuple[Pause, ...] = (),
) -> Due:
    """The due instant of a limit that starts at an aware instant (receipt, or the complete dossier), day by day.

    Days close at `closes_at`, Vietnam time, else at 24:00; hours run on the clock and ignore it. Dates touched by a
    pause are not counted; a pause that begins at or after the due instant changes nothing.
    Raises `Refused(calendar_year_missing)` when the start or any day up to the end lies in a year not covered.
    """
    used: tuple[Pause, ...] = ()
    answer = _due(start, limit, calendar, closes_at, used)
    for pause in sorted(pauses, key=lambda pause: pause.start):
        if answer.due_at is None or pause.start >= answer.due_at:
            break
        used += (pause,)
        answer = _due(start, limit, calendar, closes_at, used)
    return answer


def _due(start: datetime, limit: Limit, calendar: Calendar, closes_at: time | None, pauses: tuple[Pause, ...]) -> Due:
    if limit.unit is Unit.HOUR:
        return _due_in_hours(start, limit, calendar, pauses)
    days = count_days(start, limit, calendar, pauses)
    if days[-1].reason is DayReason.PAUSED_OPEN:
        return Due(due_at=None, due_on=None, days=days)
    due_on = days[-1].date
    worked = _due_if_worked(start, limit, calendar, pauses, days)
    differs = worked != due_on
    return Due(
        due_at=closing(due_on, closes_at),
        due_on=due_on,
        provisional=differs,
        due_at_if_worked=closing(worked, closes_at) if differs else None,
        due_on_if_worked=worked if differs else None,
        days=days,
    )


def _due_if_worked(start: datetime, limit: Limit, calendar: Calendar, pauses: tuple[Pause, ...], days: Days) -> date:
    """The last day if no provisional notice were confirmed; only a day that leans on one can make a difference."""
    if any(day.provisional for day in days):
        return count_days(start, limit, calendar, pauses, firm=True)[-1].date
    return days[-1].date


def _due_in_hours(start: datetime, limit: Limit, calendar: Calendar, pauses: tuple[Pause, ...]) -> Due:
    end = count_hours(start, limit, pauses)
    if end is None:
        held = next(day_in_vietnam(pause.start) for pause in pauses if pause.end is None)
        return Due(due_at=None, due_on=None, days=explain_hours(start, held, calendar, pauses))
    due_on = last_day_in_vietnam(end)
    return Due(due_at=end.astimezone(UTC), due_on=due_on, days=explain_hours(start, due_on, calendar, pauses))


def reproject(old_due_at: datetime, new: Due) -> datetime:
    """The due instant (UTC) after a change of the calendar: it may be extended, never shortened.

    A clock that stands still has no new instant to offer and keeps the old one.
    """
    return max(old_due_at, new.due_at or old_due_at).astimezone(UTC)


def check_chosen(
    start: datetime,
    due_at: datetime,
    minimum: Limit | None,
    calendar: Calendar,
    *,
    closes_at: time | None = None,
) -> None:
    """Check a due instant chosen by the lead against the start and the rule's minimum, which closes at `closes_at`.

    Raises `Refused(deadline_before_delivery)` when it is not after the start, `Refused(deadline_too_short)` with the
    earliest lawful instant when the minimum ends later, `Refused(calendar_year_missing)` as `due`.
    """
    if due_at <= start:
        raise Refused(Code.DEADLINE_BEFORE_DELIVERY, start=start.isoformat(), due_at=due_at.isoformat())
    if minimum is None:
        return
    earliest = due(start, minimum, calendar, closes_at=closes_at).instant
    if due_at < earliest:
        raise Refused(Code.DEADLINE_TOO_SHORT, minimum=str(minimum), earliest=earliest.isoformat())
