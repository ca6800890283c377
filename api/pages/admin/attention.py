"""What an administrator should look at now: each a sentence with a way to mend it. Advice; nothing is changed here."""

from collections.abc import Iterator
from datetime import date, timedelta

from api.pages.admin.leaders import ending, unheld
from api.pages.admin.vitals import Health
from domain.base import Frozen
from domain.calendar import Calendar
from domain.directory import Delegation
from domain.messages import Value
from domain.rulebook import Rulebook

AHEAD = timedelta(days=90)
PROVISIONAL_AHEAD = timedelta(days=60)
ENDS_WITHIN = timedelta(days=30)


class Matter(Frozen):
    """One of them. `key`: of its sentence under `admin.attention`; `urgent`: something does not work now."""

    key: str
    path: str
    params: dict[str, Value] = {}
    urgent: bool = False


def matters(rulebook: Rulebook, health: Health, today: date) -> tuple[Matter, ...]:
    """All of them, what does not work first."""
    found = (*_running(health), *_calendar(rulebook.calendar, today), *_people(rulebook, today))
    return tuple(sorted(found, key=lambda one: not one.urgent))


def _running(health: Health) -> Iterator[Matter]:
    path = "/quan-tri/suc-khoe"
    if health.vitals is None:
        yield Matter(key="register", path=path, urgent=True)
        return
    if not health.engine:
        yield Matter(key="engine", path=path, urgent=True)
    elif not health.workers_heard:
        yield Matter(key="workers", path=path, urgent=True)
    if health.stuck and health.backlog:
        yield Matter(key="stuck", path=path, params={"count": health.backlog.count}, urgent=True)
    undelivered = health.vitals.undelivered
    for key, count in (("receipts", undelivered.receipts), ("mails", undelivered.mails)):
        if count:
            yield Matter(key=key, path=f"{path}#chua-chuyen", params={"count": count}, urgent=key == "receipts")
    yield from _ledger(health, path)


def _ledger(health: Health, path: str) -> Iterator[Matter]:
    last = health.verified
    if last is None:
        yield Matter(key="never_verified", path=path)
    elif not last.sound:
        yield Matter(key="not_sound", path=path, urgent=True)
    elif not health.verified_lately:
        yield Matter(key="verified_long_ago", path=path, params={"day": last.finished_at})


def _calendar(known: Calendar, today: date) -> Iterator[Matter]:
    missing = next((y for y in (today.year, (today + AHEAD).year) if y not in known.years), None)
    if missing is not None:
        yield Matter(key="no_calendar", path="/quan-tri/lich", params={"year": missing}, urgent=missing == today.year)
    days = [day for day in known.provisional_days if today <= day <= today + PROVISIONAL_AHEAD]
    if days:
        path = f"/quan-tri/lich/{days[0]}"
        yield Matter(key="provisional", path=path, params={"count": len(days), "first": days[0]})


def _people(rulebook: Rulebook, today: date) -> Iterator[Matter]:
    directory, until = rulebook.directory, today + ENDS_WITHIN
    for term in ending(directory, today, until):
        named: dict[str, Value] = {"who": f"{term.title} {term.name}", "day": term.effective_to or today}
        yield Matter(key="term", path="/quan-tri/lanh-dao", params=named)
    nobody = unheld(directory, today)
    if nobody:
        yield Matter(key="unheld", path="/quan-tri/lanh-dao#khong-ai", params={"count": len(nobody)})
    lines = [one for one in directory.delegations if _ends(one, today, until)]
    if lines:
        first = min(one.effective_to for one in lines if one.effective_to)
        yield Matter(key="delegations", path="/quan-tri/uy-quyen", params={"count": len(lines), "first": first})


def _ends(line: Delegation, today: date, until: date) -> bool:
    return line.in_force(today) and line.effective_to is not None and line.effective_to <= until
