"""The answer of the deadline engine: the due instant and the reason for every day on the way to it.

It holds message keys, never sentences: those live in `rules/messages/deadline.vi.yaml`.
"""

from datetime import date, datetime
from enum import StrEnum

from pydantic import AwareDatetime

from domain.base import Frozen
from domain.calendar import DayNotice


class DayReason(StrEnum):
    """Why a day counted or did not."""

    FIRST_DAY = "first_day"
    WORKING = "working"
    MAKEUP = "makeup"
    CALENDAR_DAY = "calendar_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    PAUSED_OPEN = "paused_open"
    ROLLED = "rolled"
    NEXT_WORKING = "next_working"
    CLOCK = "clock"
    CLOCK_PAUSED = "clock_paused"


class DayExplained(Frozen):
    """One day of the count. `source` is filled only where the notice may be shown as a citation (S, S2)."""

    date: date
    counted: bool
    reason: DayReason
    name: str = ""
    source: str = ""
    to_check: bool = False
    provisional: bool = False

    @property
    def message(self) -> str:
        """The key of the day's sentence; its named places are `date`, `name` and `source`."""
        key = f"deadline.{self.reason}"
        if self.provisional:
            return f"{key}_provisional"
        if not self.source:
            return key
        return f"{key}_to_check" if self.to_check else f"{key}_sourced"


def explained(day: date, counted: bool, reason: DayReason, notice: DayNotice | None = None) -> DayExplained:
    """The day, with the name and, if it may be cited, the source of its notice."""
    if notice is None:
        return DayExplained(date=day, counted=counted, reason=reason)
    return DayExplained(
        date=day,
        counted=counted,
        reason=reason,
        name=notice.name,
        source=notice.basis if notice.confidence in ("S", "S2") else "",
        to_check=notice.confidence == "S2",
        provisional=notice.provisional,
    )


class Due(Frozen):
    """When an answer is due. While a pause is open there is no due instant: `due_at` and `due_on` are None.

    `due_at` is in UTC and exclusive: what comes at it is late. `due_on` is the last day, in Vietnam. The `_if_worked`
    pair is filled only when the answer would differ if the provisional days were worked.
    """

    due_at: AwareDatetime | None
    due_on: date | None
    provisional: bool = False
    due_at_if_worked: AwareDatetime | None = None
    due_on_if_worked: date | None = None
    days: tuple[DayExplained, ...]

    @property
    def open(self) -> bool:
        """Whether the clock stands still, so that there is no due instant yet."""
        return self.due_at is None

    @property
    def instant(self) -> datetime:
        """The due instant of a clock that runs. Raises `ValueError` while a pause is open."""
        if self.due_at is None:
            raise ValueError("the limit stands still: there is no due instant yet")
        return self.due_at

    @property
    def day(self) -> date:
        """The due day of a clock that runs. Raises `ValueError` while a pause is open."""
        if self.due_on is None:
            raise ValueError("the limit stands still: there is no due day yet")
        return self.due_on
