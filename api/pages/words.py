"""How pages write days, instants, time left and names. Sentences are the message files'; nothing is stored."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from api.pages.marking import pieces, searched
from api.services import Services
from domain.calendar import Calendar
from domain.clock import VIETNAM
from domain.deadline_work import is_late, last_day_in_vietnam, working_days_late, working_time_left
from domain.messages import Value
from domain.refusals import Refused
from domain.state import Ask
from domain.synthesis import standing

WEEK = timedelta(days=7)


class Urgency(StrEnum):
    """How near a due instant is: a word and a colour, never a colour alone."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    NONE = "none"


class Words:
    """Everything a template says, as of one instant."""

    def __init__(self, services: Services, now: datetime, people: Mapping[str, str]) -> None:
        self._services = services
        self.now = now
        self._people = people

    def text(self, key: str, /, **params: Value) -> str:
        """The sentence of the key."""
        return self._services.messages.text(key, **params)

    def has(self, key: str) -> bool:
        """Whether there is a sentence."""
        return self._services.messages.has(key)

    def day(self, day: date | datetime | None) -> str:
        """24/11/2026."""
        if day is None:
            return ""
        return f"{_local_day(day):%d/%m/%Y}"

    def long_day(self, day: date | datetime) -> str:
        """Thứ Ba 24/11/2026."""
        local = _local_day(day)
        return self.text("ui.time.long_day", weekday=self.text(f"ui.weekday.{local.weekday()}"), date=self.day(local))

    def at(self, instant: datetime | None) -> str:
        """17:00 thứ Ba 24/11/2026; midnight is the 24:00 of the day before."""
        if instant is None:
            return ""
        local = instant.astimezone(VIETNAM)
        if local.time() == time(0):
            return self.text("ui.time.at", clock="24:00", day=self.long_day(local.date() - timedelta(days=1)))
        return self.text("ui.time.at", clock=f"{local:%H:%M}", day=self.long_day(local))

    def short(self, instant: datetime | None) -> str:
        """17:00 24/11/2026, for tables."""
        if instant is None:
            return ""
        local = instant.astimezone(VIETNAM)
        if local.time() == time(0):
            return f"24:00 {self.day(local.date() - timedelta(days=1))}"
        return f"{local:%H:%M} {self.day(local)}"

    def second(self, instant: datetime | None) -> str:
        """09:15:03 22/11/2026, for receipts."""
        return f"{instant.astimezone(VIETNAM):%H:%M:%S} {self.day(instant)}" if instant else ""

    def iso(self, instant: datetime | None) -> str:
        """For a `datetime` attribute."""
        return instant.astimezone(VIETNAM).isoformat(timespec="seconds") if instant else ""

    def left(self, due_at: datetime | None) -> str:
        """Còn 2 ngày làm việc, đến 17:00 thứ Ba 24/11/2026; or how long overdue."""
        if due_at is None:
            return self.text("ui.time.no_due")
        if is_late(due_at, self.now):
            return self._overdue(due_at)
        days = self._days(working_time_left, self.now, due_at)
        if days:
            return self.text("ui.time.days_left", days=days, at=self.at(due_at))
        hours, minutes = divmod(int((due_at - self.now).total_seconds()) // 60, 60)
        return self.text("ui.time.hours_left", hours=hours, minutes=minutes, at=self.at(due_at))

    def _overdue(self, due_at: datetime) -> str:
        days = self._days(_days_late, due_at, self.now)
        return self.text("ui.time.overdue_days" if days else "ui.time.overdue", days=days, at=self.at(due_at))

    def _days(self, count: Callable[[datetime, datetime, Calendar], int], start: datetime, end: datetime) -> int:
        """The working days counted; 0 where the calendar does not reach, and the instant alone must do."""
        try:
            return count(start, end, self._services.rulebook.calendar)
        except Refused:
            return 0

    def urgency(self, due_at: datetime | None) -> Urgency:
        """Overdue, due today, within seven days, later."""
        if due_at is None:
            return Urgency.NONE
        if is_late(due_at, self.now):
            return Urgency.OVERDUE
        if last_day_in_vietnam(due_at) <= _local_day(self.now):
            return Urgency.TODAY
        return Urgency.WEEK if due_at - self.now <= WEEK else Urgency.LATER

    def standing(self, ask: Ask) -> str:
        """Where the ask stands now."""
        return standing(ask, self.now)

    def key(self) -> str:
        """An idempotency key for a form: shown once, sent as often as it may be."""
        return secrets.token_urlsafe(18)

    pieces = staticmethod(pieces)
    searched = staticmethod(searched)

    def agency(self, code: str | None) -> str:
        """The agency's name."""
        return self._services.agency_name(code)

    def person(self, username: str | None) -> str:
        """The full name of an account's owner, or the account's name where nobody is known by it."""
        return self._people.get(username or "", username or "")

    def leader(self, code: str) -> str:
        """The leader's title and name."""
        return self._services.leader_name(code, self.now)

    def field(self, code: str) -> str:
        """The field's name."""
        found = next((field for field in self._services.rulebook.directory.fields if field.code == code), None)
        return found.name if found else code

    def draft_kind(self, code: str) -> str:
        """The name of the kind of draft."""
        found = next((kind for kind in self._services.rulebook.draft_kinds if kind.code == code), None)
        return found.name if found else code


def _days_late(due_at: datetime, now: datetime, calendar: Calendar) -> int:
    return working_days_late(last_day_in_vietnam(due_at), now, calendar)


def _local_day(day: date | datetime) -> date:
    return day.astimezone(VIETNAM).date() if isinstance(day, datetime) else day
