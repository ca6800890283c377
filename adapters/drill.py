"""A training copy: its clock (a calendar day in twenty seconds, on one line of time) and its mark on every record.

The clock's anchor lies in the data folder, so that API, worker and command read one clock and a restart goes on with
it. Everywhere else business time is real time. Nothing here waits or schedules.
"""

from datetime import datetime, time, timedelta
from pathlib import Path

from adapters.settings import Settings
from domain.calendar import Calendar
from domain.clock import VIETNAM, BusinessClock
from domain.facts import Batch
from domain.ports import Pending, Register

RATE = 4320
FILE = "clock.json"
MORNING = time(8, 0)
# How long the copy takes to start: nobody should lose the first morning to it.
STARTING = timedelta(seconds=8)
# What a consultation with its escalation may take.
ROOM = timedelta(days=31)


class NoDrillClock(Exception):  # noqa: N818 - an answer to whoever starts a part of a drill by hand
    """The training copy's folder has no clock yet: only `ykien up --drill` makes one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} has no {FILE}")
        self.folder = folder


class DrillOver(Exception):  # noqa: N818 - an answer
    """The training copy's line of time has run past the years of the calendar. `day`: where it stands, in words."""

    def __init__(self, folder: Path, day: datetime) -> None:
        super().__init__(f"the drill in {folder} has come to {day:%Y-%m-%d}, after the last year of the calendar")
        self.folder = folder
        self.day = f"{day.astimezone(VIETNAM):%d/%m/%Y}"


class WrongFolder(Exception):  # noqa: N818 - an answer
    """A drill must not touch a real copy's folder, nor a real copy a drill's. `drill`: which of the two it is."""

    def __init__(self, folder: Path, *, drill: bool) -> None:
        super().__init__(f"{folder} belongs to {'a drill' if drill else 'a copy that is no drill'}")
        self.folder = folder
        self.drill = drill


def require_own_folder(settings: Settings) -> None:
    """Refuse, with `WrongFolder`, to mix a drill with a real copy: a drill's folder is the one with a clock."""
    is_drill = (settings.data_dir / FILE).exists()
    used = settings.sqlite_path is not None and settings.sqlite_path.exists()
    if is_drill != settings.drill and (is_drill or used):
        raise WrongFolder(settings.data_dir, drill=is_drill)


def business_clock(settings: Settings) -> BusinessClock:
    """The clock by which this copy lives; the same for every process of one data folder. Raises `NoDrillClock`."""
    if not settings.drill:
        return BusinessClock()
    kept = settings.data_dir / FILE
    if not kept.exists():
        raise NoDrillClock(settings.data_dir)
    return BusinessClock.model_validate_json(kept.read_text("utf-8"))


def wind(settings: Settings, calendar: Calendar, now: datetime) -> BusinessClock:
    """The drill's clock, made at the first start: once all has started it is about 08:00 of the next working day.

    Raises `DrillOver` when it comes to the end of the years the calendar covers: a consultation launched then could
    not be counted to its end. `Refused(calendar_year_missing)` when `now` itself lies outside them.
    """
    kept = settings.data_dir / FILE
    if not kept.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        kept.write_text(_fresh(calendar, now).model_dump_json(indent=2) + "\n", "utf-8")
    clock = business_clock(settings)
    shown = clock.business(now).astimezone(VIETNAM)
    if (shown + ROOM).year not in calendar.years:
        raise DrillOver(settings.data_dir, shown)
    return clock


def _fresh(calendar: Calendar, now: datetime) -> BusinessClock:
    """A clock that shows 08:00, Vietnam time, of the first working morning after `now`."""
    today = now.astimezone(VIETNAM)
    day = today.date() if today.time() < MORNING else today.date() + timedelta(days=1)
    while not calendar.is_working(day):
        day += timedelta(days=1)
    morning = datetime.combine(day, MORNING, VIETNAM)
    return BusinessClock(real_anchor=now + STARTING, business_anchor=morning, rate=RATE)


class MarkedRegister:
    """A register whose every ledger entry and notice says, under `mode`, that it was made in a drill."""

    def __init__(self, register: Register, mark: str) -> None:
        self._register = register
        self._mark = mark

    async def record(self, batch: Batch) -> None:
        """Record the marked batch; a repeated one is marked the same way, so repeating still changes nothing."""
        marks = {"mode": self._mark}
        facts = tuple(fact.model_copy(update={"data": {**fact.data, **marks}}) for fact in batch.facts)
        notices = tuple(one.model_copy(update={"data": {**one.data, **marks}}) for one in batch.notices)
        await self._register.record(batch.model_copy(update={"facts": facts, "notices": notices}))

    async def undelivered(self, consultation: str, after: int = 0) -> Pending:
        """As the register's."""
        return await self._register.undelivered(consultation, after)
