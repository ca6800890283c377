"""The working calendar of a year, and one day of it: what it is, what it shall be, what that would move."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.admin.common import day_of, may
from api.pages.admin.months import Cell, cell, months
from api.pages.admin.weighing import Weighed, history, weigh
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.services import Services
from domain.amendments import standing
from domain.calendar import SATURDAY, DayNotice

router = APIRouter(prefix="/lich")


@router.get("")
async def year(page: SignedInPage, nam: str | None = None, ngay: str | None = None) -> Response:
    """Twelve months; `ngay` leads on to that day."""
    page.require(Action.READ_DIRECTORY)
    chosen = day_of(ngay, date.min)
    if chosen > date.min:
        return await _day(page, chosen)
    services = page.services
    known, today = services.rulebook.calendar, await services.today()
    wanted = int(nam) if nam and nam.isdecimal() and len(nam) == 4 else today.year
    context = {
        "year": wanted,
        "years": known.years,
        "months": months(wanted, known) if wanted in known.years else (),
        "today": today,
        "version": known.version,
        "cite": _cited(services),
        "admin": may(page, Action.AMEND),
        "history": await history(services, "calendar_day") if may(page, Action.READ_AMENDMENTS) else None,
    }
    return await page.show("admin/calendar.html", **context)


@router.get("/{day}")
async def one_day(page: SignedInPage, day: date) -> HTMLResponse:
    """One day: what the calendar says of it and since when, and the form to say otherwise."""
    page.require(Action.READ_DIRECTORY)
    return await _day(page, day)


@router.post("/{day}")
async def weigh_day(page: SignedInPage, day: date) -> Response:
    """Look ahead, or save; saved, the amendment's page asks for confirmation where something runs."""
    weighed = await weigh(page, "calendar_day", await page.form())
    if weighed.outcome is not None:
        return page.after(weighed.outcome, f"/quan-tri/muc/{weighed.number}")
    return await _day(page, day, weighed)


async def _day(page: Page, day: date, weighed: Weighed | None = None) -> HTMLResponse:
    services = page.services
    known = services.rulebook.calendar
    covered = day.year in known.years
    shown = cell(day, known) if covered else None
    context = {
        "day": day,
        "covered": covered,
        "years": known.years,
        "it": shown,
        "cite": _cited(services),
        "entered": await _entered(services, day),
        "admin": may(page, Action.AMEND),
        "weighed": weighed or Weighed(),
        "typed": weighed.typed if weighed else {"data": _proposed(day, shown), "reason": ""},
    }
    return await page.show("admin/day.html", weighed.status if weighed else 200, **context)


def _proposed(day: date, shown: Cell | None) -> dict[str, Any]:
    """What the form begins with: what is known of the day, or the opposite of an ordinary day."""
    notice = shown.notice if shown else None
    if notice is None:
        return {"kind": "work" if day.weekday() >= SATURDAY else "off", "status": "confirmed"}
    return {"kind": notice.kind, "name": notice.name, "status": "confirmed"}


async def _entered(services: Services, day: date) -> int | None:
    """The number of the amendment that says what holds of the day; None where the rule files do."""
    holding = standing(await services.amendments.all())
    mine = [row.number for row in holding if isinstance(row.change, DayNotice) and row.change.date == day]
    return max(mine, default=None)


def _cited(services: Services) -> Any:
    """A notice's source, as far as it may be shown."""

    def cited(notice: DayNotice) -> str | None:
        return services.rulebook.cite(notice.basis, notice.confidence)

    return cited
