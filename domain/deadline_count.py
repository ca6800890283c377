"""The count itself: walks from the day of receipt to the last day, or along the clock, and explains each day.

It takes pauses as they are and decides nothing about them; `domain/deadline.py` says which of them matter.
"""

from datetime import date, datetime, timedelta

from domain.calendar import ONE_DAY, SATURDAY, Calendar
from domain.deadline_explain import DayExplained, DayReason, explained
from domain.deadline_limit import Limit, Pause, Unit
from domain.deadline_work import day_in_vietnam

Days = tuple[DayExplained, ...]
PausedDays = tuple[tuple[date, date | None], ...]


def count_days(
    start: datetime, limit: Limit, calendar: Calendar, pauses: tuple[Pause, ...], *, firm: bool = False
) -> Days:
    """Every day from the receipt to the last day of a limit in days, or to the day an open pause begins to hold it.

    The first day is not counted (Civil Code 147(2)). With `firm`, provisional notices are passed over.
    """
    day = day_in_vietnam(start)
    calendar.require(day)
    stops = _paused_days(pauses)
    days = [explained(day, False, DayReason.FIRST_DAY)]
    left = limit.n
    while left:
        day += ONE_DAY
        days.append(_counted(day, limit.unit, calendar, stops, firm=firm))
        if days[-1].reason is DayReason.PAUSED_OPEN:
            return tuple(days)
        left -= days[-1].counted
    if limit.unit is Unit.CALENDAR_DAY and not calendar.is_working(day, firm=firm):
        days[-1:] = _rolled(day, calendar, stops, firm=firm)
    return tuple(days)


def _rolled(day: date, calendar: Calendar, stops: PausedDays, *, firm: bool) -> list[DayExplained]:
    """From a last day that is a day off to the end of the next working day (Civil Code 148(5))."""
    days = [explained(day, True, DayReason.ROLLED, calendar.notice(day, firm=firm))]
    while days[-1].reason not in (DayReason.NEXT_WORKING, DayReason.PAUSED_OPEN):
        day += ONE_DAY
        found = _counted(day, Unit.WORKING_DAY, calendar, stops, firm=firm)
        days.append(explained(day, False, DayReason.NEXT_WORKING) if found.counted else found)
    return days


def _counted(day: date, unit: Unit, calendar: Calendar, stops: PausedDays, *, firm: bool) -> DayExplained:
    """One day after the first: paused, off, worked or, in calendar days, simply counted."""
    calendar.require(day)
    for first, last in stops:
        if last is None and first <= day:
            return explained(day, False, DayReason.PAUSED_OPEN)
        if last is not None and first <= day <= last:
            return explained(day, False, DayReason.PAUSED)
    if unit is Unit.CALENDAR_DAY:
        return explained(day, True, DayReason.CALENDAR_DAY)
    return _worked_or_off(day, calendar, firm=firm)


def _worked_or_off(day: date, calendar: Calendar, *, firm: bool) -> DayExplained:
    notice, weekend = calendar.notice(day, firm=firm), day.weekday() >= SATURDAY
    if notice is None:
        return explained(day, not weekend, DayReason.WEEKEND if weekend else DayReason.WORKING)
    if notice.kind == "off":
        return explained(day, False, DayReason.HOLIDAY, notice)
    return explained(day, True, DayReason.MAKEUP if weekend else DayReason.WORKING, notice)


def _paused_days(pauses: tuple[Pause, ...]) -> PausedDays:
    return tuple((day_in_vietnam(p.start), None if p.end is None else day_in_vietnam(p.end)) for p in pauses)


def count_hours(start: datetime, limit: Limit, pauses: tuple[Pause, ...]) -> datetime | None:
    """The end of a limit in hours: the clock runs on days off too and is moved by the time it stood still.

    `pauses` in order of their start; None while one of them is open.
    """
    end, covered = start + timedelta(hours=limit.n), start
    for pause in pauses:
        if pause.end is None:
            return None
        stopped_from = max(covered, pause.start)
        end += max(pause.end - stopped_from, timedelta())
        covered = max(covered, pause.end)
    return end


def explain_hours(start: datetime, last: date, calendar: Calendar, pauses: tuple[Pause, ...]) -> Days:
    """Every day the clock ran on, from the start to the last day, or to the day an open pause began."""
    first, stops = day_in_vietnam(start), _paused_days(pauses)
    span = max((last - first).days, 0)
    return tuple(_clocked(first + timedelta(days=ahead), calendar, stops) for ahead in range(span + 1))


def _clocked(day: date, calendar: Calendar, stops: PausedDays) -> DayExplained:
    """One day on the clock: a day wholly inside a pause does not count, one that a pause touches counts in part."""
    calendar.require(day)
    reason = DayReason.CLOCK
    for first, last in stops:
        if last is None and first <= day:
            return explained(day, False, DayReason.PAUSED_OPEN)
        if last is not None and first < day < last:
            return explained(day, False, DayReason.PAUSED)
        if day in (first, last):
            reason = DayReason.CLOCK_PAUSED
    return explained(day, True, reason)
