"""Amendments: what an administrator adds to calendar, absences and signing register while the system runs.

Pure: which of them hold, what the rules are with them, and whether a new one may be taken. It reads no clock, and it
never touches what the rule files say of anything else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, Literal, TypeVar

from domain.base import Frozen
from domain.calendar import Calendar, DayNotice
from domain.directory import Delegation, Directory
from domain.refusals import Code, Refused
from domain.terms import Absence

Kind = Literal["calendar_day", "absence", "delegation"]
Change = DayNotice | Absence | Delegation
MODELS: dict[Kind, type[DayNotice] | type[Absence] | type[Delegation]] = {
    "calendar_day": DayNotice,
    "absence": Absence,
    "delegation": Delegation,
}
# Somebody typed the source; nobody here has seen the document: it is shown, with the caveat.
TYPED_BY_A_PERSON: Literal["S2"] = "S2"

Key = tuple[object, ...]
C = TypeVar("C", Absence, Delegation)


class Amendment(Frozen):
    """One row. `number`: its place for ever; `revokes`: the number it takes back, then there is no `change`."""

    number: int
    kind: Kind
    change: Change | None = None
    reason: str
    actor: str
    at: datetime
    receipt: str
    revokes: int | None = None


def change_of(kind: Kind, data: Mapping[str, Any]) -> Change:
    """The change from its plain JSON. Raises `ValidationError` where it is none."""
    return MODELS[kind].model_validate(data)


def standing(amendments: Iterable[Amendment]) -> tuple[Amendment, ...]:
    """Those that hold, in order of number: neither revoked nor a revocation."""
    rows = sorted(amendments, key=lambda row: row.number)
    revoked = [row.revokes for row in rows if row.revokes is not None]
    return tuple(row for row in rows if row.change is not None and row.number not in revoked)


def amended_calendar(calendar: Calendar, amendments: Sequence[Amendment]) -> Calendar:
    """The calendar with the days that hold; the last word about a day counts. The very same one if none does.

    The version names the last amendment of the calendar, a revocation too. A day of a year that the calendar does not
    hold (any more) is left out: the year stays refused.
    """
    days = [row.change for row in standing(amendments) if isinstance(row.change, DayNotice)]
    covered = {day.date: day for day in days if day.date.year in calendar.years}
    last = max((row.number for row in amendments if row.kind == "calendar_day"), default=0)
    if not last:
        return calendar
    notices = {**calendar.by_date, **covered}
    ordered = tuple(notices[day] for day in sorted(notices))
    return Calendar(version=f"{calendar.version}+{last}", years=calendar.years, notices=ordered)


def amended_directory(directory: Directory, amendments: Sequence[Amendment], known: Directory | None) -> Directory:
    """The directory with the absences and the lines of the signing register that hold.

    The newest comes first, because readers take the first that covers a day. `known`: given back as it is where it
    says the same, so that what was built for it is not built again.
    """
    changes = [row.change for row in reversed(standing(amendments))]
    absences = _with(directory.absences, [one for one in changes if isinstance(one, Absence)], _absence_key)
    delegations = _with(directory.delegations, [one for one in changes if isinstance(one, Delegation)], _line_key)
    for same in (directory, known):
        if same is not None and (same.absences, same.delegations) == (absences, delegations):
            return same
    return directory.model_copy(update={"absences": absences, "delegations": delegations})


def _with(before: Sequence[C], newest_first: Sequence[C], key: Callable[[C], Key]) -> tuple[C, ...]:
    """The newest of each key; what has the same key is replaced."""
    found: dict[Key, C] = {}
    for one in chain(newest_first, before):
        found.setdefault(key(one), one)
    return tuple(found.values())


def _absence_key(absence: Absence) -> Key:
    """A leader has one absence from a day on: a second one says how long it really is, or who really stands in."""
    return (absence.leader, absence.effective_from)


def _line_key(line: Delegation) -> Key:
    return (line.agency, line.officer, line.form, line.effective_from)


def require_sound(change: Change, calendar: Calendar, directory: Directory) -> None:
    """Whether the change may be taken up under the rules as they are now.

    Refuses `calendar_year_missing`, `dates_reversed`, `leader_unknown`, `stand_in_unfit`, `agency_unknown`,
    `field_unknown`. Whether an officer has an account is for the edge to find out.
    """
    if isinstance(change, DayNotice):
        calendar.require(change.date)
        return
    if change.effective_to is not None and change.effective_to < change.effective_from:
        raise Refused(Code.DATES_REVERSED, first=str(change.effective_from), last=str(change.effective_to))
    if isinstance(change, Absence):
        _require_stand_in(change, directory)
        return
    directory.agency(change.agency)
    for field in change.fields:
        directory.field(field)


def _require_stand_in(absence: Absence, directory: Directory) -> None:
    """Both lead on the first and the last day, and the stand-in is another, who is there on every day between."""
    for leader in (absence.leader, absence.stand_in):
        for day in (absence.effective_from, absence.effective_to):
            if directory.leader(leader, day) is None:
                raise Refused(Code.LEADER_UNKNOWN, leader=leader, day=str(day))
    if absence.stand_in == absence.leader:
        raise Refused(Code.STAND_IN_UNFIT, leader=absence.leader, stand_in=absence.stand_in)
    others = [one for one in directory.absences if _absence_key(one) != _absence_key(absence)]
    for other in others:
        chained = absence.stand_in == other.leader or absence.leader == other.stand_in
        if chained and _together(absence, other.effective_from, other.effective_to):
            raise Refused(Code.STAND_IN_UNFIT, leader=absence.leader, stand_in=absence.stand_in)


def _together(absence: Absence, first: date, last: date) -> bool:
    return max(absence.effective_from, first) <= min(absence.effective_to, last)
