"""The signing register: who signs for which head, from when to when; new lines, ends, and what was entered before."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from adapters.register.accounts import Account
from api.pages.admin.common import day_of, may
from api.pages.admin.weighing import Weighed, history, weigh
from api.pages.page import Page, SignedInPage
from api.policy import Action, Role
from domain.amendments import standing
from domain.base import Frozen
from domain.directory import Delegation

router = APIRouter(prefix="/uy-quyen")
FORMS = ("KT", "TL", "TUQ")


class Line(Frozen):
    """A line on the day. `when`: `now`, `ended`, `later`; `number`: of the amendment it comes from, None: the files;
    `name`: the officer's, empty where there is no such account.
    """

    line: Delegation
    name: str
    when: str
    number: int | None = None


@router.get("")
async def register(
    page: SignedInPage,
    ngay: str | None = None,
    co_quan: str | None = None,
    nguoi: str | None = None,
    hinh_thuc: str | None = None,
    tu: str | None = None,
) -> HTMLResponse:
    """The lines on a day. `nguoi`, `hinh_thuc`, `tu` name a line that is to be ended or changed."""
    page.require(Action.READ_AMENDMENTS)
    found = next(
        (
            one
            for one in page.services.rulebook.directory.delegations
            if (one.agency, one.officer, one.form, str(one.effective_from)) == (co_quan, nguoi, hinh_thuc, tu)
        ),
        None,
    )
    return await _shown(page, ngay, co_quan, Weighed(typed=_begun(found, co_quan)), ends=found is not None)


def _begun(line: Delegation | None, agency: str | None) -> dict[str, Any]:
    """What the form begins with."""
    return {"data": line.model_dump(mode="json") if line else {"agency": agency or ""}, "reason": ""}


@router.post("")
async def weigh_line(page: SignedInPage) -> Response:
    """Look ahead, or save the line."""
    weighed = await weigh(page, "delegation", await page.form())
    if weighed.outcome is not None:
        return page.after(weighed.outcome, f"/quan-tri/muc/{weighed.number}")
    data = weighed.typed.get("data")
    agency = data.get("agency") if isinstance(data, dict) else None
    return await _shown(page, None, agency, weighed)


async def _shown(
    page: Page, ngay: str | None, agency: str | None, weighed: Weighed, *, ends: bool = False
) -> HTMLResponse:
    page.require(Action.READ_AMENDMENTS)
    services = page.services
    directory, today = services.rulebook.directory, await services.today()
    day = day_of(ngay, today)
    chosen = directory.find(agency) if agency else None
    admin = may(page, Action.AMEND)
    context = {
        "day": day,
        "today": today,
        "agency": chosen,
        "agencies": [(a.code, a.name) for a in directory.agencies if a.in_force(day)],
        "lines": [one for one in await _lines(page, day) if chosen is None or one.line.agency == chosen.code],
        "officers": await _officers(page, chosen.code) if chosen and admin else (),
        "fields": [(f.code, f.name) for f in directory.fields],
        "form_names": [(form, services.messages.text(f"admin.delegations.forms.{form}")) for form in FORMS],
        "admin": admin,
        "ends": ends,
        "history": await history(services, "delegation"),
        "weighed": weighed,
        "typed": {"data": {}, **weighed.typed},
    }
    return await page.show("admin/delegations.html", weighed.status, **context)


async def _lines(page: Page, day: date) -> tuple[Line, ...]:
    """Every line, those in force on the day first, each with where it comes from."""
    entered = {row.change: row.number for row in standing(await page.services.amendments.all())}
    directory = page.services.rulebook.directory
    names = {one.username: one.full_name for one in await page.services.accounts.listed()}
    found = [
        Line(
            line=one,
            name=names.get(one.officer, ""),
            when="now" if one.in_force(day) else "ended" if one.over(day) else "later",
            number=entered.get(one),
        )
        for one in directory.delegations
    ]
    order = ("now", "later", "ended")
    return tuple(sorted(found, key=lambda one: (order.index(one.when), one.line.agency, one.line.officer)))


async def _officers(page: Page, agency: str) -> list[tuple[str, str]]:
    """The agency's accounts that may be named; its head needs no line."""
    known: tuple[Account, ...] = await page.services.accounts.of_agency(agency)
    return [(a.username, f"{a.full_name} ({a.username})") for a in known if Role.AGENCY_HEAD not in a.roles]
