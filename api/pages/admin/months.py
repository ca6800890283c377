"""A year as twelve months of weeks, each day with what the calendar says of it. Pure; it reads no clock."""

import calendar
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from domain.calendar import SATURDAY, Calendar, DayNotice

MONDAY_FIRST = calendar.Calendar()


class Cell(NamedTuple):
    """One day. `look`: work, weekend, off, makeup (a weekend day that is worked), worked (a weekday a notice names)."""

    day: date
    look: str
    notice: DayNotice | None

    @property
    def provisional(self) -> bool:
        """Whether its notice still waits to be confirmed."""
        return self.notice is not None and self.notice.provisional


class Stretch(NamedTuple):
    """Days in a row of which notices say the same."""

    cells: tuple[Cell, ...]

    @property
    def first(self) -> Cell:
        """The first day, which speaks for all."""
        return self.cells[0]


class Month(NamedTuple):
    """One month: weeks of seven places, empty where the day is another month's, and what notices say of it."""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    stretches: tuple[Stretch, ...]


def months(year: int, known: Calendar) -> tuple[Month, ...]:
    """The twelve months of a covered year."""
    return tuple(_month(year, number, known) for number in range(1, 13))


def cell(day: date, known: Calendar) -> Cell:
    """The day as the calendar has it."""
    return Cell(day, _look(day, known.notice(day)), known.notice(day))


def _month(year: int, number: int, known: Calendar) -> Month:
    grid = MONDAY_FIRST.monthdatescalendar(year, number)
    weeks = tuple(tuple(cell(day, known) if day.month == number else None for day in week) for week in grid)
    told = [one for week in weeks for one in week if one is not None and one.notice is not None]
    return Month(number, weeks, tuple(_stretches(told)))


def _stretches(told: list[Cell]) -> list[Stretch]:
    """Neighbours with the same words together."""
    keyed = groupby(enumerate(told), lambda place: (place[1].day - timedelta(days=place[0]), _says(place[1])))
    return [Stretch(tuple(one for _, one in group)) for _, group in keyed]


def _says(one: Cell) -> tuple[str, ...]:
    notice = one.notice
    return (one.look, *((notice.name, notice.basis, notice.confidence, notice.status) if notice else ()))


def _look(day: date, notice: DayNotice | None) -> str:
    weekend = day.weekday() >= SATURDAY
    if notice is None:
        return "weekend" if weekend else "work"
    if notice.kind == "off":
        return "off"
    return "makeup" if weekend else "worked"
