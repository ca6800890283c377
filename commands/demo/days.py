"""Instants told from today: so many working days back or ahead, at an hour. Reads no clock."""

from datetime import UTC, date, datetime, time, timedelta

from domain.calendar import Calendar
from domain.clock import VIETNAM
from domain.deadline import working_days_after, working_days_before

EVENING = time(17, 30)


class Days:
    """Working days around `now`; day 0 is the last one that is over, so that nothing told of it lies ahead."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self._calendar = calendar
        self.zero = _last_whole_day(calendar, now)

    def instant(self, told: str) -> datetime:
        """`-4 08:30`: half past eight, four working days before day 0. In UTC. ValueError for anything else."""
        days, _, hour = told.partition(" ")
        return datetime.combine(self.day(int(days)), time.fromisoformat(hour), VIETNAM).astimezone(UTC)

    def day(self, number: int) -> date:
        """The working day so many after (or, negative, before) day 0. Refuses `calendar_year_missing`."""
        count = working_days_before if number < 0 else working_days_after
        return count(self.zero, abs(number), self._calendar) if number else self.zero


def _last_whole_day(calendar: Calendar, now: datetime) -> date:
    here = now.astimezone(VIETNAM)
    day = here.date() if here.time() >= EVENING else here.date() - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day
