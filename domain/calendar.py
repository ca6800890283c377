"""Which days are worked: weekends, official days off, swapped days and make-up Saturdays, each with its notice.

It answers for the years it was given and refuses all others; it never guesses, and it never reads a file or a clock.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from domain.base import Frozen
from domain.refusals import Code, Refused

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayNotice(Frozen):
    """What an official notice says about one day. `basis` is in Vietnamese; `confidence` as in the rule data."""

    date: date
    kind: Literal["off", "work"]
    name: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    confidence: Literal["S", "S2", "G", "U"]
    status: Literal["confirmed", "provisional"] = "confirmed"

    @property
    def provisional(self) -> bool:
        """Whether the notice still waits for its official confirmation."""
        return self.status == "provisional"


class Calendar(Frozen):
    """The working calendar of the covered years. `version` names the state of the notices it was made from."""

    version: str = Field(min_length=1)
    years: tuple[int, ...]
    notices: tuple[DayNotice, ...] = ()

    @field_validator("years")
    @classmethod
    def _years_are_in_order(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1900 <= year <= 9998 for year in years):
            raise ValueError("years must lie between 1900 and 9998")
        return tuple(sorted(dict.fromkeys(years)))

    @model_validator(mode="after")
    def _one_notice_a_day_in_a_covered_year(self) -> Self:
        seen: dict[date, DayNotice] = {}
        for notice in self.notices:
            if notice.date in seen:
                raise ValueError(f"{notice.date} has two notices")
            if notice.date.year not in self.years:
                raise ValueError(f"{notice.date} lies outside the covered years")
            seen[notice.date] = notice
        return self

    @cached_property
    def by_date(self) -> dict[date, DayNotice]:
        """The notices by date: built once, and no part of the value (neither compared nor stored)."""
        return {notice.date: notice for notice in self.notices}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that forgets the index, so that it follows its own notices and not the original's."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("by_date", None)
        return copied

    def require(self, day: date) -> None:
        """Raise `Refused(calendar_year_missing)` unless the day's year is covered."""
        if day.year not in self.years:
            raise Refused(Code.CALENDAR_YEAR_MISSING, year=str(day.year))

    def notice(self, day: date, *, firm: bool = False) -> DayNotice | None:
        """The notice about the day, if any. With `firm`, provisional notices are passed over."""
        found = self.by_date.get(day)
        return None if found is None or (firm and found.provisional) else found

    def is_working(self, day: date, *, firm: bool = False) -> bool:
        """Whether the day is worked; with `firm`, as if no provisional notice were ever confirmed.

        Raises `Refused(calendar_year_missing)` for a year that is not covered.
        """
        self.require(day)
        found = self.notice(day, firm=firm)
        return day.weekday() < SATURDAY if found is None else found.kind == "work"

    def next_working(self, day: date) -> date:
        """The first working day strictly after the day. Raises `Refused(calendar_year_missing)`."""
        later = day + ONE_DAY
        while not self.is_working(later):
            later += ONE_DAY
        return later

    @property
    def provisional_days(self) -> tuple[date, ...]:
        """Every day whose notice still waits for confirmation, in the order of the notices."""
        return tuple(notice.date for notice in self.notices if notice.provisional)

    def without_provisional(self) -> "Calendar":
        """The same calendar if no provisional notice were confirmed: provisional days off are worked."""
        return self._keeping(self.years, tuple(notice for notice in self.notices if not notice.provisional))

    def between(self, first_year: int, last_year: int) -> "Calendar":
        """A smaller snapshot: the covered years from `first_year` to `last_year`, both included."""
        years = tuple(year for year in self.years if first_year <= year <= last_year)
        return self._keeping(years, tuple(notice for notice in self.notices if notice.date.year in years))

    def _keeping(self, years: tuple[int, ...], notices: tuple[DayNotice, ...]) -> "Calendar":
        return Calendar(version=self.version, years=years, notices=notices)
