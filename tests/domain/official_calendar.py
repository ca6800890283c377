"""The official calendar as the repository keeps it, and the same facts typed by hand to check it against."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from domain.calendar import Calendar
from domain.clock import VIETNAM

RULES = Path(__file__).resolve().parents[2] / "rules"

# Weekdays off and make-up Saturdays, day/month, as the research table gives them; not read from the file.
WEEKDAYS_OFF = {
    2023: "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9",
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
    2027: "1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9 24/11",
}
SATURDAYS_WORKED = {2023: "", 2024: "4/5", 2025: "26/4", 2026: "10/1 22/8", 2027: ""}


def read_yaml(name: str) -> Any:
    """The content of one file of rules."""
    return YAML(typ="safe").load((RULES / name).read_text(encoding="utf-8"))


@cache
def official() -> Calendar:
    """The calendar in `rules/calendar.yaml`."""
    return Calendar.model_validate(read_yaml("calendar.yaml"))


def dates(table: dict[int, str]) -> list[date]:
    """The dates of a table of "day/month" words by year."""
    return [
        date(year, int(month), int(day))
        for year, words in table.items()
        for day, month in (word.split("/") for word in words.split())
    ]


def every_day() -> list[date]:
    """Every day of the covered years."""
    first = date(2023, 1, 1)
    return [first + timedelta(days=n) for n in range((date(2028, 1, 1) - first).days)]


@cache
def worked_days() -> tuple[date, ...]:
    """Every working day of the covered years, from the typed tables only."""
    off, worked = dates(WEEKDAYS_OFF), dates(SATURDAYS_WORKED)
    return tuple(day for day in every_day() if day in worked or (day.isoweekday() <= 5 and day not in off))


def day(text: str) -> date:
    """A date written "17/11/2026"."""
    date_, month, year = (int(part) for part in text.split("/"))
    return date(year, month, date_)


def at(text: str) -> datetime:
    """A Vietnamese instant written "17/11/2026 09:00"; without an hour, 09:00."""
    words = text.split()
    return datetime.combine(day(words[0]), time.fromisoformat(words[1] if words[1:] else "09:00"), VIETNAM)


def midnight_after(last: date) -> datetime:
    """24:00 of the day."""
    return datetime.combine(last + timedelta(days=1), time(), VIETNAM)
