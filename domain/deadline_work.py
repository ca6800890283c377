"""Counting working days and working hours from one day or instant to another, and how late something is.

Days are days in Vietnam; every instant must be aware. It knows nothing of limits and pauses.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from domain.calendar import ONE_DAY, Calendar
from domain.clock import VIETNAM
from domain.deadline_limit import OfficeHours

TICK = timedelta(microseconds=1)
OPENING = time(8, 0)


def day_in_vietnam(instant: datetime) -> date:
    """The Vietnamese day of an aware instant. Raises `ValueError` for a naive one, which would be the machine's."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(VIETNAM).date()


def last_day_in_vietnam(due_at: datetime) -> date:
    """The last day of a limit ending at the instant: 24:00 belongs to the day it ends (Civil Code 148(6))."""
    return day_in_vietnam(due_at - TICK)


def closing(day: date, closes_at: time | None) -> datetime:
    """The instant (UTC) at which the day closes in Vietnam: the hour given, else 24:00 (Civil Code 148(6))."""
    if closes_at is None:
        return datetime.combine(day + ONE_DAY, time(), VIETNAM).astimezone(UTC)
    if closes_at.tzinfo is not None:
        raise ValueError("a closing hour is a local time, without a zone")
    return datetime.combine(day, closes_at, VIETNAM).astimezone(UTC)


def working_days_after(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after the day; with n = 0 the day itself or, on a day off, the next working day.

    Raises `Refused(calendar_year_missing)` when the count leaves the calendar.
    """
    return _nth_working(day, n, calendar, ONE_DAY)


def working_days_before(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day before the day; with n = 0 the day itself or, on a day off, the last working day.

    Raises `Refused(calendar_year_missing)` when the count leaves the calendar.
    """
    return _nth_working(day, n, calendar, -ONE_DAY)


def _nth_working(day: date, n: int, calendar: Calendar, step: timedelta) -> date:
    if n < 0:
        raise ValueError("a number of working days is not negative")
    left = n
    while left or not calendar.is_working(day):
        day += step
        left -= left > 0 and calendar.is_working(day)
    return day


def working_days_between(after: date, through: date, calendar: Calendar) -> int:
    """How many working days lie after the first day, up to and including the second; 0 when it is not later."""
    span = max((through - after).days, 0)
    return sum(calendar.is_working(after + timedelta(days=ahead)) for ahead in range(1, span + 1))


def is_late(due_at: datetime, received_at: datetime) -> bool:
    """Whether something received at the instant is late: the due instant itself is (Civil Code 148(6))."""
    return received_at >= due_at


def working_days_late(due_on: date, received_at: datetime, calendar: Calendar) -> int:
    """Working days from the due day to the day of receipt; 0 when on time.

    Also 0 when late by less than a working day (after the closing hour, on a day off): `is_late` decides lateness.
    """
    return working_days_between(due_on, day_in_vietnam(received_at), calendar)


def working_time_left(now: datetime, due_at: datetime, calendar: Calendar) -> int:
    """Whole working days after today up to and including the due day; 0 on the due day and later."""
    return working_days_between(day_in_vietnam(now), last_day_in_vietnam(due_at), calendar)


def half_time(start: datetime, due_at: datetime, calendar: Calendar, opens_at: time = OPENING) -> datetime:
    """The opening hour (UTC) of the middle working day of a limit; the earlier of two middle days.

    Where that hour does not fall inside the limit (hours, days off), the middle of the clock's span.
    """
    first, last = day_in_vietnam(start), last_day_in_vietnam(due_at)
    days = working_days_between(first, last, calendar)
    morning = closing(working_days_after(first, (days + 1) // 2, calendar), opens_at) if days else start
    middle = morning if start < morning < due_at else start + (due_at - start) / 2
    return middle.astimezone(UTC)


def add_working_hours(start: datetime, hours: int, calendar: Calendar, office: OfficeHours) -> datetime:
    """The instant (UTC) when so many office hours have passed since the start; 0 hours: the next open instant.

    From an instant outside office hours the count begins at the next opening. Raises `Refused(calendar_year_missing)`.
    """
    if hours < 0:
        raise ValueError("a number of working hours is not negative")
    left = timedelta(hours=hours)
    for opens, closes in _open_spans(day_in_vietnam(start), calendar, office):
        begins = max(opens, start)
        if begins < closes and left <= closes - begins:
            return (begins + left).astimezone(UTC)
        left -= max(closes - begins, timedelta())
    raise AssertionError("the spans end only with the calendar, which refuses")  # pragma: no cover


def _open_spans(day: date, calendar: Calendar, office: OfficeHours) -> Iterator[tuple[datetime, datetime]]:
    while True:
        if calendar.is_working(day):
            for opens, closes in office.spans:
                yield datetime.combine(day, opens, VIETNAM), datetime.combine(day, closes, VIETNAM)
        day += ONE_DAY
